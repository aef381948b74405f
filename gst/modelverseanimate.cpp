// SPDX-License-Identifier: LGPL-2.1-or-later
// GObject's and GStreamer's side of modelverseanimate: what it has beyond clipsrc.cpp is a sink
// pad. GstBaseSrc does not care who else has pads: its streaming thread waits for the picture as it
// waits for the clip, and is woken in the same way.
/**
 * SECTION:element-modelverseanimate
 * @title: modelverseanimate
 *
 * Has the ModelVerse service animate a picture of the stream that comes in, and gives out the MP4.
 * The first picture is taken, or the last one (`frame=last`); the rest of the stream is dropped,
 * and upstream is told EOS. A request is paid for once, as with modelversesrc.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 v4l2src num-buffers=30 ! videoconvert ! modelverseanimate frame=last prompt="she
 * laughs" ! filesink location=clip.mp4
 * ]| Animates what a camera sees after a second. The key is in MODELVERSE_API_KEY.
 * |[
 * gst-launch-1.0 uridecodebin3 uri=file:///home/me/film.mp4 caps=video/x-raw ! modelverseanimate
 * frame=last prompt="it rains" ! filesink location=clip.mp4
 * ]| Goes on from where a film ends.
 *
 * doc/modelverseanimate.md has more.
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

// Others are about a stream that goes on beyond here, and this one does not.
gboolean sink_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  switch (GST_QUERY_TYPE(query)) {
    case GST_QUERY_CAPS:
      return gst_pad_query_default(pad, parent, query);
    case GST_QUERY_ACCEPT_CAPS:
      return answer_accept_caps(pad, parent, query);
    case GST_QUERY_ALLOCATION:
      gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
      return TRUE;
    case GST_QUERY_DRAIN:
      guarded(parent, false, [&] {
        animation_of(parent).let_go();
        return true;
      });
      return TRUE;
    default:
      return FALSE;
  }
}

GstStateChangeReturn change_state(GstElement* element, GstStateChange transition) {
  const auto result =
      GST_ELEMENT_CLASS(modelverse_animate_parent_class)->change_state(element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    guarded(element, false, [&] {
      animation_of(element).reset();
      return true;
    });
  return result;
}

}  // namespace

}  // namespace modelverse

static void modelverse_animate_class_init(ModelverseAnimateClass* klass) {
  modelverse::install_element_properties(G_OBJECT_CLASS(klass), modelverse::Role::animate);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  element_class->change_state = GST_DEBUG_FUNCPTR(modelverse::change_state);
  gst_element_class_set_static_metadata(
      element_class, "ModelVerse animator", "Filter/Effect/Video",
      "Has the ModelVerse service animate a picture of the stream and gives out the MP4",
      "The gst-modelverse authors");
  auto* caps = gst_caps_from_string(modelverse::sink_caps);
  gst_element_class_add_pad_template(
      element_class, gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
  gst_caps_unref(caps);
}

static void modelverse_animate_init(ModelverseAnimate* self) {
  auto* element = GST_ELEMENT(self);
  // A bin sends to its sources the EOS that means the beginning of the pipeline.
  GST_OBJECT_FLAG_UNSET(element, GST_ELEMENT_FLAG_SOURCE);
  self->parent.source = new modelverse::Animation(GST_BASE_SRC(self));
  auto* pad = gst_pad_new_from_template(gst_element_get_pad_template(element, "sink"), "sink");
  gst_pad_set_chain_function(pad, GST_DEBUG_FUNCPTR(modelverse::chain));
  gst_pad_set_event_function(pad, GST_DEBUG_FUNCPTR(modelverse::sink_event));
  gst_pad_set_query_function(pad, GST_DEBUG_FUNCPTR(modelverse::sink_query));
  gst_element_add_pad(element, pad);
}
