// SPDX-License-Identifier: LGPL-2.1-or-later
// An element under test between pads of the test's own, without a pipeline.
#pragma once

#include <gst/check/gstharness.h>

#include <memory>
#include <string>

#include "element_test.h"

namespace test_support {

struct HarnessFreer {
  void operator()(GstHarness* harness) const { gst_harness_teardown(harness); }
};
struct BusFreer {
  void operator()(GstBus* bus) const { gst_object_unref(bus); }
};

// No pipeline, so the bus is one of our own.
class ElementHarness {
 public:
  // Of an element with a sink pad, JPEGs are what comes in.
  explicit ElementHarness(const std::string& description);
  ~ElementHarness();
  ElementHarness(const ElementHarness&) = delete;
  ElementHarness& operator=(const ElementHarness&) = delete;

  GstHarness* get() const { return harness_.get(); }
  GstElement* element() const { return harness_->element; }
  bool has_sink() const { return harness_->srcpad != nullptr; }

  void play();
  void set_state(GstState state) { gst_element_set_state(element(), state); }
  // The sample picture comes in, where the element has a sink pad.
  GstFlowReturn feed();
  GstFlowReturn push(const std::string& bytes);

  bool wait_for_progress(const std::string& code, GstProgressType wanted);
  // Null at the deadline.
  MessagePtr wait_for(GstMessageType type);

  // `size` bytes, or all buffers up to the deadline.
  std::string pull(std::size_t size);

 private:
  std::unique_ptr<GstBus, BusFreer> bus_;
  std::unique_ptr<GstHarness, HarnessFreer> harness_;
};

}  // namespace test_support
