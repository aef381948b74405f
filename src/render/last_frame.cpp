// SPDX-License-Identifier: LGPL-2.1-or-later
// Decodes the clip's last second.
#include "render/last_frame.h"

#include <utility>

#include "glib/text.h"
#include "render/interruption.h"

namespace modelverse::render {

namespace {

constexpr GstClockTime decode_deadline = 60 * GST_SECOND;
constexpr gint64 tail = 2 * GST_SECOND;

// The planar formats of software decoders pass unchanged; another decoder's are reordered without
// loss. A hardware decoder may name the colours differently.
constexpr const char* decoding =
    "filesrc name=file ! decodebin force-sw-decoders=true ! video/x-raw ! videoconvert ! "
    "video/x-raw,format=(string){I420,Y42B,Y444,I420_10LE,I422_10LE,Y444_10LE} ! "
    "fakesink name=sink sync=false";

Error no_frame(const std::string& path, const std::string& debug) {
  return {.code = ErrorCode::wrong_type,
          .text = format_text(_("No frame of %s can be decoded: are GStreamer's decoders installed "
                                "(gstreamer1.0-libav)?"),
                              path.c_str()),
          .debug = debug};
}

SamplePtr last_sample(GstElement* sink) {
  GstSample* sample = nullptr;
  g_object_get(sink, "last-sample", &sample, nullptr);
  return SamplePtr(sample);
}

// Empty: the message came and is no error.
std::string problem_of(const MessagePtr& message) {
  if (!message)
    return "not in time";
  ErrorSlot error;
  if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR)
    gst_message_parse_error(message.get(), error.out(), nullptr);
  return error.message();
}

// The error's text, or empty at the end of the stream.
std::string run_to_end(const Pipeline& pipeline) {
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  return problem_of(wait_for_end(pipeline, decode_deadline));
}

// Only a seek to a key frame decodes as the whole clip does.
std::string seek_to_tail(const Pipeline& pipeline) {
  gint64 duration = 0;
  gst_element_set_state(pipeline.get(), GST_STATE_PAUSED);
  const auto problem =
      problem_of(wait_for(pipeline, GST_MESSAGE_ASYNC_DONE | GST_MESSAGE_ERROR, decode_deadline));
  if (problem.empty() && gst_element_query_duration(pipeline.get(), GST_FORMAT_TIME, &duration) &&
      duration > tail)
    gst_element_seek_simple(pipeline.get(), GST_FORMAT_TIME,
                            static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT |
                                                      GST_SEEK_FLAG_SNAP_BEFORE),
                            duration - tail);
  return problem;
}

Result<SamplePtr> decode(const std::string& path, bool is_whole) {
  ErrorSlot error;
  Pipeline pipeline(gst_parse_launch(decoding, error.out()));
  if (!pipeline || error)
    return no_frame(path, error.message());
  g_object_set(pipeline.element("file").get(), "location", path.c_str(), nullptr);
  auto problem = is_whole ? std::string() : seek_to_tail(pipeline);
  if (problem.empty())
    problem = run_to_end(pipeline);
  // Of a clip with a damaged end, the last frame before the damage.
  auto sample = last_sample(pipeline.element("sink").get());
  if (!sample || (!problem.empty() && !is_whole))
    return no_frame(path, problem);
  return sample;
}

}  // namespace

Result<SamplePtr> last_frame(const std::string& path) {
  auto frame = decode(path, false);
  return frame ? std::move(frame) : decode(path, true);
}

SamplePtr stand_in_frame() {
  constexpr int width = 1280, height = 720;
  const CapsPtr caps(gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "GRAY8", "width",
                                         G_TYPE_INT, width, "height", G_TYPE_INT, height,
                                         "framerate", GST_TYPE_FRACTION, 0, 1, nullptr));
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, gsize{width} * height, nullptr);
  gst_buffer_memset(buffer, 0, 0, gsize{width} * height);
  SamplePtr sample(gst_sample_new(buffer, caps.get(), nullptr, nullptr));
  gst_buffer_unref(buffer);
  return sample;
}

}  // namespace modelverse::render
