// SPDX-License-Identifier: LGPL-2.1-or-later
// GObject's and GStreamer's side of modelversesrc: each function casts, makes one call and maps the
// result. What the element does is in source.cpp.
/**
 * SECTION:element-modelversesrc
 * @title: modelversesrc
 *
 * Has the ModelVerse service animate a picture, and streams the MP4. A request is paid for once:
 * the same one later, in this process or another, meets the same task or the kept clip.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 modelversesrc image-path=photo.jpg prompt="waves" ! filesink location=clip.mp4
 * ]| Makes a clip and keeps it as the service sent it. The key is in MODELVERSE_API_KEY.
 * |[
 * gst-launch-1.0 playbin3 uri="modelverse:///home/me/photo.jpg?prompt=waves%20roll%20in"
 * ]| Plays it.
 *
 * doc/modelversesrc.md has more.
 */
#include "modelversesrc.h"

#include <exception>

#include "presets.h"
#include "properties.h"
#include "source.h"
#include "uri.h"

GST_DEBUG_CATEGORY(modelverse_debug);
#define GST_CAT_DEFAULT modelverse_debug

struct _ModelverseSrc {
  GstBaseSrc parent;
  modelverse::Source* source;
};

static void modelverse_src_uri_handler_init(gpointer iface, gpointer data);

G_DEFINE_TYPE_WITH_CODE(ModelverseSrc, modelverse_src, GST_TYPE_BASE_SRC,
                        G_IMPLEMENT_INTERFACE(GST_TYPE_URI_HANDLER, modelverse_src_uri_handler_init)
                            G_IMPLEMENT_INTERFACE(GST_TYPE_PRESET, modelverse::init_presets)
                                GST_DEBUG_CATEGORY_INIT(modelverse_debug, "modelverse", 0,
                                                        "ModelVerse source"))
GST_ELEMENT_REGISTER_DEFINE(modelversesrc, "modelversesrc", GST_RANK_PRIMARY, MODELVERSE_TYPE_SRC)

namespace {

// What the clip is: ISO base media, whose index may stand first or last.
constexpr const char* src_caps = "video/quicktime, variant=(string)iso";
constexpr guint read_size = 256 * 1024;

modelverse::Source& source_of(gpointer object) {
  return *MODELVERSE_SRC(object)->source;
}

const modelverse::Property& property_of(guint id) {
  return modelverse::source_properties()[id - 1];
}

// No exception crosses into C.
template <typename T, typename Call>
T guarded(gpointer object, T on_exception, Call call) {
  try {
    return call();
  } catch (const std::exception& exception) {
    GST_ELEMENT_ERROR(object, LIBRARY, FAILED, ("An internal error occurred."),
                      ("%s", exception.what()));
    return on_exception;
  }
}

void set_property(GObject* object, guint id, const GValue* value, GParamSpec*) {
  guarded(object, false, [&] {
    source_of(object).set_property(property_of(id), value);
    return true;
  });
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec*) {
  guarded(object, false, [&] {
    source_of(object).get_property(property_of(id), value);
    return true;
  });
}

gboolean start(GstBaseSrc* src) {
  return guarded(src, false, [&] { return source_of(src).start(); });
}

gboolean stop(GstBaseSrc* src) {
  return guarded(src, true, [&] {
    source_of(src).stop();
    return true;
  });
}

gboolean unlock(GstBaseSrc* src) {
  return guarded(src, true, [&] {
    source_of(src).unlock();
    return true;
  });
}

gboolean unlock_stop(GstBaseSrc* src) {
  return guarded(src, true, [&] {
    source_of(src).unlock_stop();
    return true;
  });
}

GstFlowReturn create(GstBaseSrc* src, guint64 offset, guint length, GstBuffer** buffer) {
  return guarded(src, GST_FLOW_ERROR,
                 [&] { return source_of(src).create(offset, length, buffer); });
}

gboolean get_size(GstBaseSrc* src, guint64* size) {
  const auto known = guarded(src, std::optional<guint64>(), [&] { return source_of(src).size(); });
  if (known)
    *size = *known;
  return known.has_value();
}

gboolean is_seekable(GstBaseSrc*) {
  return TRUE;
}

bool answer_scheduling(GstQuery* query) {
  gst_query_set_scheduling(query, GST_SCHEDULING_FLAG_SEEKABLE, 1, -1, 0);
  gst_query_add_scheduling_mode(query, GST_PAD_MODE_PULL);
  gst_query_add_scheduling_mode(query, GST_PAD_MODE_PUSH);
  return true;
}

// TRUE with -1 while the size is not known: FALSE or 0 would make typefind give up.
bool answer_duration(GstBaseSrc* src, GstQuery* query) {
  GstFormat format = GST_FORMAT_UNDEFINED;
  gst_query_parse_duration(query, &format, nullptr);
  if (format != GST_FORMAT_BYTES)
    return false;
  guint64 size = 0;
  const bool is_known = get_size(src, &size);
  gst_query_set_duration(query, format, is_known ? static_cast<gint64>(size) : -1);
  return true;
}

gboolean query(GstBaseSrc* src, GstQuery* query) {
  // GstBaseSrc's own answer to SCHEDULING starts and stops the element, in whatever state.
  if (GST_QUERY_TYPE(query) == GST_QUERY_SCHEDULING)
    return answer_scheduling(query);
  if (GST_QUERY_TYPE(query) == GST_QUERY_DURATION && answer_duration(src, query))
    return TRUE;
  return GST_BASE_SRC_CLASS(modelverse_src_parent_class)->query(src, query);
}

// A non-flushing seek pauses the streaming thread before it calls unlock(), and would wait for as
// long as create() does. Other formats are refused by GstBaseSrc before it pauses anything.
bool wake_for_seek(GstBaseSrc* src, GstEvent* event) {
  if (GST_EVENT_TYPE(event) != GST_EVENT_SEEK)
    return false;
  GstFormat format = GST_FORMAT_UNDEFINED;
  GstSeekFlags flags = GST_SEEK_FLAG_NONE;
  gst_event_parse_seek(event, nullptr, &format, &flags, nullptr, nullptr, nullptr, nullptr);
  auto* pad = GST_BASE_SRC_PAD(src);
  GST_OBJECT_LOCK(pad);
  const bool is_pushing = GST_PAD_MODE(pad) == GST_PAD_MODE_PUSH;
  GST_OBJECT_UNLOCK(pad);
  const bool is_to_wake =
      is_pushing && format == GST_FORMAT_BYTES && !(flags & GST_SEEK_FLAG_FLUSH);
  if (is_to_wake)
    unlock(src);
  return is_to_wake;
}

gboolean event(GstBaseSrc* src, GstEvent* event) {
  const bool was_woken = wake_for_seek(src, event);
  const gboolean is_done = GST_BASE_SRC_CLASS(modelverse_src_parent_class)->event(src, event);
  // A seek that went through has called unlock_stop() itself.
  if (was_woken && !is_done)
    unlock_stop(src);
  return is_done;
}

gboolean send_event(GstElement* element, GstEvent* event) {
  const bool was_woken = wake_for_seek(GST_BASE_SRC(element), event);
  const bool is_eos = GST_EVENT_TYPE(event) == GST_EVENT_EOS;
  const gboolean is_sent =
      GST_ELEMENT_CLASS(modelverse_src_parent_class)->send_event(element, event);
  if (was_woken && !is_sent)
    unlock_stop(GST_BASE_SRC(element));
  // create() is not called any more, and gst-launch -e waits for the end of what was started.
  if (is_eos)
    source_of(element).cancel_progress();
  return is_sent;
}

// The memory is the clip's own, whatever downstream would propose: it is not asked. A queue that
// has passed EOS back drops the question and never says so (GStreamer 1.22, gst_queue_push_one),
// and the streaming thread would wait for the answer.
GstPadProbeReturn answer_allocation(GstPad*, GstPadProbeInfo* info, gpointer) {
  const bool is_allocation = GST_QUERY_TYPE(GST_PAD_PROBE_INFO_QUERY(info)) == GST_QUERY_ALLOCATION;
  return is_allocation ? GST_PAD_PROBE_HANDLED : GST_PAD_PROBE_OK;
}

GstURIType uri_type(GType) {
  return GST_URI_SRC;
}

const gchar* const* uri_protocols(GType) {
  static const gchar* const protocols[] = {modelverse::uri_protocol, nullptr};
  return protocols;
}

gchar* get_uri(GstURIHandler* handler) {
  return guarded(handler, static_cast<gchar*>(nullptr), [&] {
    const auto uri =
        modelverse::make_uri(modelverse::source_properties(), source_of(handler).wish());
    return uri.empty() ? nullptr : g_strdup(uri.c_str());
  });
}

gboolean set_uri(GstURIHandler* handler, const gchar* uri, GError** error) {
  if (GST_STATE(handler) > GST_STATE_READY) {
    g_set_error_literal(error, GST_URI_ERROR, GST_URI_ERROR_BAD_STATE,
                        "the URI can be changed up to READY only");
    return FALSE;
  }
  return guarded(handler, false, [&] { return source_of(handler).set_uri(uri, error); });
}

void finalize(GObject* object) {
  delete MODELVERSE_SRC(object)->source;
  G_OBJECT_CLASS(modelverse_src_parent_class)->finalize(object);
}

}  // namespace

static void modelverse_src_uri_handler_init(gpointer iface, gpointer) {
  auto* handler = static_cast<GstURIHandlerInterface*>(iface);
  handler->get_type = uri_type;
  handler->get_protocols = uri_protocols;
  handler->get_uri = get_uri;
  handler->set_uri = set_uri;
}

static void modelverse_src_class_init(ModelverseSrcClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  modelverse::install_properties(object_class, modelverse::source_properties());

  auto* element_class = GST_ELEMENT_CLASS(klass);
  element_class->send_event = GST_DEBUG_FUNCPTR(send_event);
  gst_element_class_set_static_metadata(
      element_class, "ModelVerse source", "Source/Network",
      "Has the ModelVerse service animate a picture into a video and streams the MP4",
      "The gst-modelverse authors");
  auto* caps = gst_caps_from_string(src_caps);
  gst_element_class_add_pad_template(
      element_class, gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps));
  gst_caps_unref(caps);

  auto* base_class = GST_BASE_SRC_CLASS(klass);
  base_class->start = GST_DEBUG_FUNCPTR(start);
  base_class->stop = GST_DEBUG_FUNCPTR(stop);
  base_class->unlock = GST_DEBUG_FUNCPTR(unlock);
  base_class->unlock_stop = GST_DEBUG_FUNCPTR(unlock_stop);
  base_class->create = GST_DEBUG_FUNCPTR(create);
  base_class->get_size = GST_DEBUG_FUNCPTR(get_size);
  base_class->is_seekable = GST_DEBUG_FUNCPTR(is_seekable);
  base_class->query = GST_DEBUG_FUNCPTR(query);
  base_class->event = GST_DEBUG_FUNCPTR(event);
}

static void modelverse_src_init(ModelverseSrc* self) {
  self->source = new modelverse::Source(GST_BASE_SRC(self));
  gst_base_src_set_format(GST_BASE_SRC(self), GST_FORMAT_BYTES);
  gst_base_src_set_blocksize(GST_BASE_SRC(self), read_size);
  gst_pad_add_probe(GST_BASE_SRC_PAD(self), GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, answer_allocation,
                    nullptr, nullptr);
}
