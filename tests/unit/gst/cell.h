// SPDX-License-Identifier: LGPL-2.1-or-later
// A GValue that ends with its block.
#pragma once

#include <gst/gst.h>

#include <string>

#include "glib/handles.h"

namespace modelverse {

class Cell {
 public:
  explicit Cell(GType type) { g_value_init(&value_, type); }
  ~Cell() { g_value_unset(&value_); }
  Cell(const Cell&) = delete;
  Cell& operator=(const Cell&) = delete;
  GValue* get() { return &value_; }
  std::string text() const {
    if (GST_VALUE_HOLDS_SAMPLE(&value_) && !gst_value_get_sample(&value_))
      return "(null)";
    const CharPtr serialized(gst_value_serialize(&value_));
    return serialized ? serialized.get() : "(null)";
  }

 private:
  GValue value_ = G_VALUE_INIT;
};

}  // namespace modelverse
