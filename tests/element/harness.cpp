// SPDX-License-Identifier: LGPL-2.1-or-later
// Feeding and watching one element.
#include "harness.h"

namespace test_support {

ElementHarness::ElementHarness(const std::string& description) : bus_(gst_bus_new()) {
  auto* element = gst_parse_launch(description.c_str(), nullptr);
  gst_object_ref_sink(element);
  gst_element_set_bus(element, bus_.get());
  harness_.reset(
      gst_harness_new_with_element(element, element->numsinkpads ? "sink" : nullptr, "src"));
  gst_object_unref(element);
  if (has_sink())
    gst_harness_set_src_caps_str(get(), "image/jpeg, framerate=1/1");
}

ElementHarness::~ElementHarness() {
  set_state(GST_STATE_NULL);
  gst_element_set_bus(element(), nullptr);
}

void ElementHarness::play() {
  gst_harness_play(get());
}

GstFlowReturn ElementHarness::feed() {
  return has_sink() ? push(file_content(ElementTest::picture())) : GST_FLOW_OK;
}

GstFlowReturn ElementHarness::push(const std::string& bytes) {
  return gst_harness_push(get(), gst_buffer_new_memdup(bytes.data(), bytes.size()));
}

MessagePtr ElementHarness::wait_for(GstMessageType type) {
  return MessagePtr(
      gst_bus_timed_pop_filtered(bus_.get(), std::chrono::nanoseconds(patience).count(), type));
}

bool ElementHarness::wait_for_progress(const std::string& code, GstProgressType wanted) {
  for (;;) {
    const auto message = wait_for(GST_MESSAGE_PROGRESS);
    if (!message || is_progress(message.get(), code, wanted))
      return message != nullptr;
  }
}

std::string ElementHarness::pull(std::size_t size) {
  std::string bytes;
  // The harness gives no sign at EOS.
  while (bytes.size() < size) {
    auto* buffer = gst_harness_pull(get());
    if (!buffer)
      break;
    EXPECT_EQ(GST_BUFFER_OFFSET(buffer), bytes.size());
    const auto length = gst_buffer_get_size(buffer);
    bytes.resize(bytes.size() + length);
    gst_buffer_extract(buffer, 0, bytes.data() + bytes.size() - length, length);
    EXPECT_EQ(GST_BUFFER_OFFSET_END(buffer), bytes.size());
    gst_buffer_unref(buffer);
  }
  return bytes;
}

}  // namespace test_support
