// SPDX-License-Identifier: LGPL-2.1-or-later
#include "emulator/picture.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/base/gsttypefindhelper.h>
#include <gst/video/video.h>

#include <string_view>

namespace emulator {
namespace {

constexpr GstClockTime decode_deadline = 20 * GST_SECOND;
// Decoders negotiate these caps before they allocate the frame: this limits hostile sizes.
constexpr const char* bounded_caps =
    "video/x-raw(ANY), width=(int)[1, 8192], height=(int)[1, 8192]";
constexpr const char* upright =
    " ! videoconvert ! videoflip video-direction=auto ! videoconvert"
    " ! video/x-raw, format=(string){ RGB, I420, Y444, GRAY8 } ! appsink name=out sync=false";

// Only pictures reach the decoders: a playlist could make some of them open URLs. No GIF: a few
// bytes can decode to any size, and no model accepts it.
GstCaps* picture_caps(GstBuffer* buffer) {
  g_autoptr(GstCaps) caps = gst_type_find_helper_for_buffer(nullptr, buffer, nullptr);
  if (!caps)
    return nullptr;
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  const std::string_view name = gst_structure_get_name(structure);
  const bool is_excluded = name.starts_with("image/svg") || name == "image/gif";
  return name.starts_with("image/") && !is_excluded ? g_steal_pointer(&caps) : nullptr;
}

// Not decodebin: it uses libav's demuxers, one of which loops forever on a truncated GIF.
std::string decoder_for(GstCaps* caps) {
  GList* all =
      gst_element_factory_list_get_elements(GST_ELEMENT_FACTORY_TYPE_DECODER, GST_RANK_MARGINAL);
  GList* fitting = gst_element_factory_list_filter(all, caps, GST_PAD_SINK, FALSE);
  fitting = g_list_sort(fitting, gst_plugin_feature_rank_compare_func);
  std::string name;
  for (GList* item = fitting; item && name.empty(); item = item->next) {
    auto* factory = GST_PLUGIN_FEATURE(item->data);
    if (!gst_element_factory_list_is_type(GST_ELEMENT_FACTORY(factory),
                                          GST_ELEMENT_FACTORY_TYPE_HARDWARE))
      name = gst_plugin_feature_get_name(factory);
  }
  gst_plugin_feature_list_free(fitting);
  gst_plugin_feature_list_free(all);
  return name;
}

// Only jpegparse reads the EXIF orientation.
std::string decoder_chain(GstCaps* caps) {
  const std::string decoder = decoder_for(caps);
  if (decoder.empty())
    return {};
  const bool is_jpeg = gst_structure_has_name(gst_caps_get_structure(caps, 0), "image/jpeg");
  const ObjectPtr<GstElementFactory> parser(gst_element_factory_find("jpegparse"));
  return std::string("appsrc name=in ! ") + (is_jpeg && parser ? "jpegparse ! " : "") + decoder +
         " ! capsfilter caps=\"" + bounded_caps + "\"" + upright;
}

std::variant<Picture, std::string> decoded_frame(GstElement* pipeline) {
  ElementPtr sink(gst_bin_get_by_name(GST_BIN(pipeline), "out"));
  g_autoptr(GstSample) sample = gst_app_sink_try_pull_preroll(GST_APP_SINK(sink.get()), 0);
  GstVideoInfo info;
  if (!sample || !gst_video_info_from_caps(&info, gst_sample_get_caps(sample)))
    return "the picture cannot be decoded";
  return Picture{{gst_sample_ref(sample), gst_sample_unref}, info.width, info.height};
}

std::variant<Picture, std::string> preroll(GstElement* pipeline) {
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
  gst_element_set_state(pipeline, GST_STATE_PAUSED);
  g_autoptr(GstMessage) message = gst_bus_timed_pop_filtered(
      bus, decode_deadline,
      static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_ASYNC_DONE));
  if (!message)
    return "the picture takes too long to decode";
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    g_autoptr(GError) error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    return std::string("the picture cannot be decoded: ") + error->message;
  }
  return decoded_frame(pipeline);
}

std::variant<Picture, std::string> run(const std::string& description, GstCaps* caps,
                                       GstBuffer* input) {
  g_autoptr(GError) error = nullptr;
  ElementPtr pipeline(
      gst_parse_launch_full(description.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error));
  if (!pipeline)
    return std::string(error->message);
  gst_object_ref_sink(pipeline.get());
  if (input) {
    ElementPtr source(gst_bin_get_by_name(GST_BIN(pipeline.get()), "in"));
    gst_app_src_set_caps(GST_APP_SRC(source.get()), caps);
    gst_app_src_push_buffer(GST_APP_SRC(source.get()), gst_buffer_ref(input));
    gst_app_src_end_of_stream(GST_APP_SRC(source.get()));
  }
  auto picture = preroll(pipeline.get());
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return picture;
}

}  // namespace

std::variant<Picture, std::string> decode_picture(const Blob& bytes) {
  if (blob_size(bytes) == 0)
    return "the picture is empty";
  g_autoptr(GstBuffer) buffer = gst_buffer_new_wrapped_bytes(bytes.get());
  g_autoptr(GstCaps) caps = picture_caps(buffer);
  if (!caps)
    return "the bytes are not a picture of a supported type";
  const std::string chain = decoder_chain(caps);
  if (chain.empty())
    return "GStreamer has no decoder for this type of picture";
  return run(chain, caps, buffer);
}

std::variant<Picture, std::string> built_in_picture() {
  return run(std::string("videotestsrc num-buffers=1 pattern=smpte75"
                         " ! video/x-raw, width=1280, height=720") +
                 upright,
             nullptr, nullptr);
}

Size turned_with(const Picture& picture, Size size) {
  return picture.height > picture.width ? Size{size.height, size.width} : size;
}

}  // namespace emulator
