// SPDX-License-Identifier: LGPL-2.1-or-later
// The GObject and GStreamer part that the elements share: each function casts, makes one call and
// maps the result. The implementation is in source.cpp.
/**
 * ModelverseClipSrc:
 *
 * The base class of modelversesrc and modelverseanimate, with the properties of both.
 *
 * Since: 0.2
 */
#include "clipsrc.h"

#include <optional>
#include <string>

#include "guard.h"
#include "presets.h"

GST_DEBUG_CATEGORY(modelverse_debug);
#define GST_CAT_DEFAULT modelverse_debug

G_DEFINE_ABSTRACT_TYPE_WITH_CODE(ModelverseClipSrc, modelverse_clip_src, GST_TYPE_BASE_SRC,
                                 G_IMPLEMENT_INTERFACE(GST_TYPE_PRESET, modelverse::init_presets)
                                     GST_DEBUG_CATEGORY_INIT(modelverse_debug, "modelverse", 0,
                                                             "ModelVerse elements"))

namespace modelverse {

namespace {

// ISO base media. The index (moov) may be first or last.
constexpr const char* src_caps = "video/quicktime, variant=(string)iso";

const Property& property_of(guint id) {
  return all_properties()[id - 1];
}

void set_property(GObject* object, guint id, const GValue* value, GParamSpec*) {
  const auto& property = property_of(id);
  const bool is_set =
      guarded(object, true, [&] { return source_of(object).set_property(property, value); });
  if (!is_set)
    g_warning("%s: the property %s can be set in states NULL and READY only",
              GST_OBJECT_NAME(object), property.name);
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec*) {
  guarded(object, [&] { source_of(object).get_property(property_of(id), value); });
}

gboolean start(GstBaseSrc* src) {
  return guarded(src, false, [&] { return source_of(src).start(); });
}

gboolean stop(GstBaseSrc* src) {
  return guarded(src, [&] { source_of(src).stop(); });
}

gboolean unlock(GstBaseSrc* src) {
  return guarded(src, [&] { source_of(src).unlock(); });
}

gboolean unlock_stop(GstBaseSrc* src) {
  return guarded(src, [&] { source_of(src).unlock_stop(); });
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

// gst_segment_do_seek() lets a reverse seek from an end that is not known begin at 0.
gboolean do_seek(GstBaseSrc* src, GstSegment* segment) {
  if (segment->rate < 0 && segment->stop == GST_CLOCK_TIME_NONE &&
      segment->duration == GST_CLOCK_TIME_NONE) {
    const auto end = guarded(src, std::optional<guint64>(), [&] { return source_of(src).end(); });
    if (!end)
      return false;
    segment->duration = segment->position = *end;
  }
  return GST_BASE_SRC_CLASS(modelverse_clip_src_parent_class)->do_seek(src, segment);
}

std::optional<guint64> size_for_query(GstBaseSrc* src, bool is_arriving_too) {
  return guarded(src, std::optional<guint64>(),
                 [&] { return source_of(src).size_for_query(is_arriving_too); });
}

// urisourcebin and uridecodebin ask in state NULL, and buffer what is limited.
bool answer_scheduling(GstBaseSrc* src, GstQuery* query) {
  const bool is_whole = guarded(src, false, [&] { return source_of(src).is_whole(); });
  const auto flags = static_cast<GstSchedulingFlags>(
      GST_SCHEDULING_FLAG_SEEKABLE | (is_whole ? 0 : GST_SCHEDULING_FLAG_BANDWIDTH_LIMITED));
  gst_query_set_scheduling(query, flags, 1, -1, 0);
  gst_query_add_scheduling_mode(query, GST_PAD_MODE_PULL);
  gst_query_add_scheduling_mode(query, GST_PAD_MODE_PUSH);
  return true;
}

// TRUE with -1 while the size is unknown: with FALSE or 0, typefind would fail. FALSE for the other
// formats, where GstBaseSrc says TRUE with -1: the application then sees the demuxer's duration.
bool answer_duration(GstBaseSrc* src, GstQuery* query) {
  GstFormat format = GST_FORMAT_UNDEFINED;
  gst_query_parse_duration(query, &format, nullptr);
  if (format != GST_FORMAT_BYTES)
    return false;
  const auto size = size_for_query(src, false);
  gst_query_set_duration(query, format, size ? static_cast<gint64>(*size) : -1);
  return true;
}

// GstBaseSrc's answer has the size of the last buffer's time. qtdemux asks once, with its first
// buffer, and would not seek in a clip of unknown size. typefind does not ask.
bool answer_seeking(GstBaseSrc* src, GstQuery* query) {
  GstFormat format = GST_FORMAT_UNDEFINED;
  gst_query_parse_seeking(query, &format, nullptr, nullptr, nullptr);
  if (format != GST_FORMAT_BYTES)
    return false;
  const auto size = size_for_query(src, true);
  gst_query_set_seeking(query, format, TRUE, 0, size ? static_cast<gint64>(*size) : -1);
  return true;
}

// Of `whole`, in the query's format.
gint64 in_format(GstFormat format, guint64 bytes, guint64 whole) {
  if (format == GST_FORMAT_BYTES)
    return static_cast<gint64>(bytes);
  return static_cast<gint64>(gst_util_uint64_scale(GST_FORMAT_PERCENT_MAX, bytes, whole));
}

// -1: unknown.
gint64 milliseconds_to_go(const job::Arrived& arrived) {
  if (arrived.is_complete)
    return 0;
  if (!arrived.size || arrived.bytes_per_second.value_or(0) <= 0)
    return -1;
  const auto bytes = static_cast<double>(*arrived.size - arrived.bytes);
  return static_cast<gint64>(1000 * bytes / *arrived.bytes_per_second);
}

bool answer_buffering(GstBaseSrc* src, GstQuery* query) {
  GstFormat format = GST_FORMAT_UNDEFINED;
  gst_query_parse_buffering_range(query, &format, nullptr, nullptr, nullptr);
  const bool is_percent = format == GST_FORMAT_PERCENT;
  const auto arrived =
      guarded(src, std::optional<job::Arrived>(), [&] { return source_of(src).arrived(); });
  if (!arrived || (!is_percent && format != GST_FORMAT_BYTES))
    return false;
  const auto whole = arrived->size.value_or(0);
  const auto to_go = milliseconds_to_go(*arrived);
  const auto stop = is_percent && whole == 0 ? 0 : in_format(format, arrived->bytes, whole);
  const auto percent = whole == 0 ? 0 : in_format(GST_FORMAT_PERCENT, arrived->bytes, whole);
  gst_query_set_buffering_percent(query, !arrived->is_complete,
                                  static_cast<gint>(percent / GST_FORMAT_PERCENT_SCALE));
  gst_query_set_buffering_stats(query, GST_BUFFERING_DOWNLOAD,
                                static_cast<gint>(arrived->bytes_per_second.value_or(-1)), -1,
                                to_go);
  gst_query_set_buffering_range(query, format, 0, stop, to_go);
  if (stop > 0)
    gst_query_add_buffering_range(query, 0, stop);
  return true;
}

gboolean query(GstBaseSrc* src, GstQuery* query) {
  switch (GST_QUERY_TYPE(query)) {
    case GST_QUERY_SCHEDULING:
      // GstBaseSrc's handler starts and stops the element, in any state.
      return answer_scheduling(src, query);
    case GST_QUERY_DURATION:
      return answer_duration(src, query);
    case GST_QUERY_SEEKING:
      return answer_seeking(src, query);
    case GST_QUERY_BUFFERING:
      return answer_buffering(src, query);
    default:
      return GST_BASE_SRC_CLASS(modelverse_clip_src_parent_class)->query(src, query);
  }
}

// A non-flushing seek pauses the streaming thread before it calls unlock(), and would block as long
// as create() does. GstBaseSrc refuses other formats before it pauses the thread. It calls
// unlock_stop() for a refused seek too: a later call would undo the unlock() of a state change.
void wake_for_seek(GstBaseSrc* src, GstEvent* event) {
  if (GST_EVENT_TYPE(event) != GST_EVENT_SEEK)
    return;
  GstFormat format = GST_FORMAT_UNDEFINED;
  GstSeekFlags flags = GST_SEEK_FLAG_NONE;
  gst_event_parse_seek(event, nullptr, &format, &flags, nullptr, nullptr, nullptr, nullptr);
  auto* pad = GST_BASE_SRC_PAD(src);
  GST_OBJECT_LOCK(pad);
  const bool is_pushing = GST_PAD_MODE(pad) == GST_PAD_MODE_PUSH;
  GST_OBJECT_UNLOCK(pad);
  if (is_pushing && format == GST_FORMAT_BYTES && !(flags & GST_SEEK_FLAG_FLUSH))
    unlock(src);
}

gboolean event(GstBaseSrc* src, GstEvent* event) {
  wake_for_seek(src, event);
  return GST_BASE_SRC_CLASS(modelverse_clip_src_parent_class)->event(src, event);
}

gboolean send_event(GstElement* element, GstEvent* event) {
  wake_for_seek(GST_BASE_SRC(element), event);
  const bool is_eos = GST_EVENT_TYPE(event) == GST_EVENT_EOS;
  const gboolean is_sent =
      GST_ELEMENT_CLASS(modelverse_clip_src_parent_class)->send_event(element, event);
  // create() is not called any more, and gst-launch -e waits for the end of an open PROGRESS.
  if (is_eos)
    guarded(element, [&] { source_of(element).end_stream(); });
  return is_sent;
}

// No ALLOCATION query goes downstream: buffers always wrap the clip's own memory. A queue that has
// returned EOS drops the query without a response (GStreamer 1.22, gst_queue_push_one), and the
// streaming thread would wait for it.
GstPadProbeReturn answer_allocation(GstPad*, GstPadProbeInfo* info, gpointer) {
  const bool is_allocation = GST_QUERY_TYPE(GST_PAD_PROBE_INFO_QUERY(info)) == GST_QUERY_ALLOCATION;
  return is_allocation ? GST_PAD_PROBE_HANDLED : GST_PAD_PROBE_OK;
}

void finalize(GObject* object) {
  delete MODELVERSE_CLIP_SRC(object)->source;
  G_OBJECT_CLASS(modelverse_clip_src_parent_class)->finalize(object);
}

}  // namespace

void install_element_properties(GObjectClass* klass, std::optional<Role> role) {
  // GObject does not inherit these two.
  klass->set_property = set_property;
  klass->get_property = get_property;
  install_properties(klass, all_properties(), role);
}

void add_documentation(gpointer klass, const char* name) {
  const auto address = std::string(PACKAGE_URL) + "/blob/main/doc/" + name + ".md";
  gst_element_class_add_metadata(GST_ELEMENT_CLASS(klass), GST_ELEMENT_METADATA_DOC_URI,
                                 address.c_str());
}

}  // namespace modelverse

static void modelverse_clip_src_class_init(ModelverseClipSrcClass* klass) {
  using namespace modelverse;
  gst_type_mark_as_plugin_api(MODELVERSE_TYPE_CLIP_SRC, static_cast<GstPluginAPIFlags>(0));
  G_OBJECT_CLASS(klass)->finalize = finalize;
  install_element_properties(G_OBJECT_CLASS(klass), {});

  auto* element_class = GST_ELEMENT_CLASS(klass);
  element_class->send_event = GST_DEBUG_FUNCPTR(send_event);
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
  base_class->do_seek = GST_DEBUG_FUNCPTR(do_seek);
  base_class->query = GST_DEBUG_FUNCPTR(query);
  base_class->event = GST_DEBUG_FUNCPTR(event);
}

static void modelverse_clip_src_init(ModelverseClipSrc* self) {
  auto* src = GST_BASE_SRC(self);
  gst_base_src_set_format(src, GST_FORMAT_BYTES);
  gst_base_src_set_blocksize(src, modelverse::read_size);
  gst_pad_add_probe(GST_BASE_SRC_PAD(src), GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM,
                    modelverse::answer_allocation, nullptr, nullptr);
}
