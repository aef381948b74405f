// SPDX-License-Identifier: LGPL-2.1-or-later
// The GObject and GStreamer part of modelverseanimate: clipsrc.cpp plus a sink pad. GstBaseSrc
// allows further pads: its streaming thread waits for the picture as it waits for the clip, and
// unlock() ends both waits.
/**
 * SECTION:element-modelverseanimate
 * @title: modelverseanimate
 *
 * Animates a picture of the input stream with the ModelVerse service, and outputs the MP4. It uses
 * the first picture, or the last one (`frame=last`), drops the rest of the stream and returns EOS
 * to upstream. A request is paid for once, as with modelversesrc.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 v4l2src num-buffers=30 ! videoconvert \
 *   ! modelverseanimate frame=last prompt="she laughs" ! filesink location=clip.mp4
 * ]| Animates the camera's picture after one second. The key is in MODELVERSE_API_KEY.
 * |[
 * gst-launch-1.0 uridecodebin3 uri=file:///home/me/film.mp4 caps=video/x-raw \
 *   ! modelverseanimate frame=last prompt="it rains" ! filesink location=clip.mp4
 * ]| Continues a film from its last frame.
 *
 * doc/modelverseanimate.md has more.
 *
 * Since: 0.2
 */
#include "modelverseanimate.h"

#include <gst/video/video.h>

#include "animation.h"
#include "guard.h"

struct _ModelverseAnimate {
  ModelverseClipSrc parent;
};

G_DEFINE_TYPE(ModelverseAnimate, modelverse_animate, MODELVERSE_TYPE_CLIP_SRC)
GST_ELEMENT_REGISTER_DEFINE(modelverseanimate, "modelverseanimate", GST_RANK_NONE,
                            MODELVERSE_TYPE_ANIMATE)

namespace modelverse {

namespace {

constexpr const char* sink_caps = "image/jpeg; image/png; image/webp; video/x-raw";

Animation& animation_of(gpointer element) {
  return static_cast<Animation&>(source_of(element));
}

GstFlowReturn chain(GstPad*, GstObject* parent, GstBuffer* buffer) {
  const auto flow =
      guarded(parent, GST_FLOW_ERROR, [&] { return animation_of(parent).take(buffer); });
  gst_buffer_unref(buffer);
  return flow;
}

gboolean sink_event(GstPad*, GstObject* parent, GstEvent* event) {
  const bool is_taken =
      guarded(parent, false, [&] { return animation_of(parent).take_event(event); });
  gst_event_unref(event);
  return is_taken;
}

bool answer_accept_caps(GstPad* pad, GstObject* parent, GstQuery* query) {
  GstCaps* caps = nullptr;
  gst_query_parse_accept_caps(query, &caps);
  if (SinkStream::can_read(caps))
    return gst_pad_query_default(pad, parent, query);
  gst_query_set_accept_caps_result(query, FALSE);
  return true;
}

// Upstream fills one while this element holds the other.
void require_two_buffers(GstQuery* query) {
  GstCaps* caps = nullptr;
  gst_query_parse_allocation(query, &caps, nullptr);
  GstVideoInfo info;
  if (caps && gst_video_info_from_caps(&info, caps))
    gst_query_add_allocation_pool(query, nullptr, static_cast<guint>(GST_VIDEO_INFO_SIZE(&info)), 2,
                                  0);
}

// Other queries concern a stream that continues downstream; this one ends here.
gboolean sink_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  switch (GST_QUERY_TYPE(query)) {
    case GST_QUERY_CAPS:
      return gst_pad_query_default(pad, parent, query);
    case GST_QUERY_ACCEPT_CAPS:
      return answer_accept_caps(pad, parent, query);
    case GST_QUERY_ALLOCATION:
      gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
      guarded(parent, false, [&] {
        if (animation_of(parent).holds_buffer())
          require_two_buffers(query);
        return true;
      });
      return TRUE;
    case GST_QUERY_DRAIN:
      guarded(parent, [&] { animation_of(parent).detach(); });
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean activate_sink(GstPad* pad, GstObject* parent, GstPadMode mode, gboolean is_active) {
  if (is_active)
    return mode == GST_PAD_MODE_PUSH;
  // The pad is flushing already: waits for upstream's thread.
  GST_PAD_STREAM_LOCK(pad);
  GST_PAD_STREAM_UNLOCK(pad);
  return guarded(parent, [&] { animation_of(parent).stop_input(); });
}

}  // namespace

}  // namespace modelverse

static void modelverse_animate_class_init(ModelverseAnimateClass* klass) {
  modelverse::install_element_properties(G_OBJECT_CLASS(klass), modelverse::Role::animate);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  // Not translated: see modelversesrc.cpp.
  gst_element_class_set_static_metadata(
      element_class, "ModelVerse animator", "Converter/Image/Video",
      "Animates a picture of the stream with the ModelVerse service and outputs the MP4",
      "The gst-modelverse authors");
  modelverse::add_documentation(klass, "modelverseanimate");
  auto* caps = gst_caps_from_string(modelverse::sink_caps);
  gst_element_class_add_pad_template(
      element_class, gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
  gst_caps_unref(caps);
}

static void modelverse_animate_init(ModelverseAnimate* self) {
  auto* element = GST_ELEMENT(self);
  // A bin sends EOS to its sources. This element gets its EOS from upstream.
  GST_OBJECT_FLAG_UNSET(element, GST_ELEMENT_FLAG_SOURCE);
  self->parent.source = new modelverse::Animation(GST_BASE_SRC(self));
  auto* pad = gst_pad_new_from_template(gst_element_get_pad_template(element, "sink"), "sink");
  gst_pad_set_activatemode_function(pad, GST_DEBUG_FUNCPTR(modelverse::activate_sink));
  gst_pad_set_chain_function(pad, GST_DEBUG_FUNCPTR(modelverse::chain));
  gst_pad_set_event_function(pad, GST_DEBUG_FUNCPTR(modelverse::sink_event));
  gst_pad_set_query_function(pad, GST_DEBUG_FUNCPTR(modelverse::sink_query));
  gst_element_add_pad(element, pad);
}
