// SPDX-License-Identifier: LGPL-2.1-or-later
// An element with a bus of its own, so that a test can read what was posted.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>
#include <vector>

#include "glib/handles.h"

namespace modelverse {

using StructurePtr = std::unique_ptr<GstStructure, Freer<gst_structure_free>>;

struct MessageFreer {
  void operator()(GstMessage* message) const { gst_message_unref(message); }
};
using MessagePtr = std::unique_ptr<GstMessage, MessageFreer>;

class ElementOnBus {
 public:
  ElementOnBus();
  ~ElementOnBus();
  ElementOnBus(const ElementOnBus&) = delete;
  ElementOnBus& operator=(const ElementOnBus&) = delete;

  GstElement* element() { return element_; }
  // What was posted since the last call.
  std::vector<MessagePtr> messages();
  // The same, a line each: "start submit 0", "error", "element modelverse/task".
  std::vector<std::string> told();

 private:
  GstElement* element_;
  GstBus* bus_;
};

std::string in_words(GstMessage* message);
// Empty where there is no such field, or it is no string.
std::string text_field(const GstStructure* structure, const char* name);

}  // namespace modelverse
