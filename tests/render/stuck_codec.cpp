// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stuck_codec.h"

#include <gst/gst.h>

namespace test_support {

namespace {

struct Codec {
  const char* name;
  const char* klass;
  const char* input;
  const char* output;
};

GstFlowReturn drop(GstPad*, GstObject*, GstBuffer* buffer) {
  gst_buffer_unref(buffer);
  return GST_FLOW_OK;
}

gboolean drop_event(GstPad*, GstObject*, GstEvent* event) {
  gst_event_unref(event);
  return TRUE;
}

void init_class(gpointer klass, gpointer codec_data) {
  const auto& codec = *static_cast<const Codec*>(codec_data);
  auto* element = GST_ELEMENT_CLASS(klass);
  gst_element_class_set_metadata(element, codec.name, codec.klass, "Takes all, gives nothing",
                                 "tests");
  const auto add = [&](const char* name, GstPadDirection direction, const char* text) {
    auto* caps = gst_caps_from_string(text);
    gst_element_class_add_pad_template(element,
                                       gst_pad_template_new(name, direction, GST_PAD_ALWAYS, caps));
    gst_caps_unref(caps);
  };
  add("sink", GST_PAD_SINK, codec.input);
  add("src", GST_PAD_SRC, codec.output);
}

void init(GTypeInstance* instance, gpointer klass) {
  auto* element = GST_ELEMENT(instance);
  const auto pad = [&](const char* name) {
    return gst_pad_new_from_template(
        gst_element_class_get_pad_template(GST_ELEMENT_CLASS(klass), name), name);
  };
  auto* sink = pad("sink");
  gst_pad_set_chain_function(sink, drop);
  gst_pad_set_event_function(sink, drop_event);
  gst_element_add_pad(element, sink);
  gst_element_add_pad(element, pad("src"));
}

void add_to_registry(const Codec& codec) {
  GTypeInfo info = {};
  info.class_size = sizeof(GstElementClass);
  info.class_init = init_class;
  info.class_data = &codec;
  info.instance_size = sizeof(GstElement);
  info.instance_init = init;
  const auto type =
      g_type_register_static(GST_TYPE_ELEMENT, codec.name, &info, static_cast<GTypeFlags>(0));
  gst_element_register(nullptr, codec.name, GST_RANK_PRIMARY + 1000, type);
}

}  // namespace

void register_stuck_decoder() {
  static const Codec codec = {"StuckDecoder", "Codec/Decoder/Video", "video/x-h264", "video/x-raw"};
  add_to_registry(codec);
}

void register_stuck_encoder() {
  static const Codec codec = {"StuckEncoder", "Codec/Encoder/Video", "video/x-raw",
                              "video/x-h264,stream-format=avc,alignment=au"};
  add_to_registry(codec);
}

}  // namespace test_support
