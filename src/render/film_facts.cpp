// SPDX-License-Identifier: LGPL-2.1-or-later
// Examines clips with the discoverer, and compares them.
#include "render/film_facts.h"

#include <gst/pbutils/pbutils.h>

#include <algorithm>
#include <tuple>

#include "glib/text.h"
#include "render/clip_files.h"
#include "render/interruption.h"

namespace modelverse::render {

namespace {

constexpr GstClockTime examine_deadline = 30 * GST_SECOND;

Error unusable(const std::string& path, const std::string& why) {
  return {.code = ErrorCode::wrong_type,
          .text = format_text(_("%s cannot be used: %s."), path.c_str(), why.c_str()),
          .debug = {}};
}

std::shared_ptr<GstCaps> caps_of(GstDiscovererStreamInfo* stream) {
  return {gst_discoverer_stream_info_get_caps(stream), release_caps};
}

void take_video(ClipFacts& facts, GstDiscovererInfo* info) {
  GList* streams = gst_discoverer_info_get_video_streams(info);
  if (streams) {
    auto* video = GST_DISCOVERER_VIDEO_INFO(streams->data);
    facts.video = caps_of(GST_DISCOVERER_STREAM_INFO(video));
    facts.width = static_cast<int>(gst_discoverer_video_info_get_width(video));
    facts.height = static_cast<int>(gst_discoverer_video_info_get_height(video));
    facts.rate_n = static_cast<int>(gst_discoverer_video_info_get_framerate_num(video));
    facts.rate_d = static_cast<int>(gst_discoverer_video_info_get_framerate_denom(video));
  }
  gst_discoverer_stream_info_list_free(streams);
}

void take_audio(ClipFacts& facts, GstDiscovererInfo* info) {
  GList* streams = gst_discoverer_info_get_audio_streams(info);
  if (streams)
    facts.audio = caps_of(GST_DISCOVERER_STREAM_INFO(streams->data));
  gst_discoverer_stream_info_list_free(streams);
}

struct Discovery {
  ObjectPtr<GstDiscovererInfo> info;
  std::string problem;
  bool is_over = false;

  static void end(GstDiscoverer*, GstDiscovererInfo* info, const GError* error, gpointer self) {
    auto& found = *static_cast<Discovery*>(self);
    found.info = ObjectPtr<GstDiscovererInfo>::retain(info);
    found.problem = error ? error->message : "";
    found.is_over = true;
  }
};

// Runs on a main context of its own, since the synchronous call cannot be interrupted.
void run_discovery(GMainContext* context, const std::string& uri, Discovery& found) {
  ErrorSlot error;
  const auto discoverer =
      ObjectPtr<GstDiscoverer>::adopt(gst_discoverer_new(examine_deadline, error.out()));
  if (!discoverer) {
    found.problem = error.message();
    return;
  }
  g_signal_connect(discoverer.get(), "discovered", G_CALLBACK(Discovery::end), &found);
  auto* wake_up = g_timeout_source_new(interruption_step / GST_MSECOND);
  g_source_set_callback(
      wake_up, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
  g_source_attach(wake_up, context);
  gst_discoverer_start(discoverer.get());
  gst_discoverer_discover_uri_async(discoverer.get(), uri.c_str());
  while (!found.is_over && !is_interrupted())
    g_main_context_iteration(context, TRUE);
  gst_discoverer_stop(discoverer.get());
  g_source_destroy(wake_up);
  g_source_unref(wake_up);
}

Discovery discover(const std::string& path) {
  Discovery found;
  const MainContextPtr context(g_main_context_new());
  g_main_context_push_thread_default(context.get());
  run_discovery(context.get(), file_uri(path), found);
  g_main_context_pop_thread_default(context.get());
  return found;
}

struct Extent {
  GstClockTime begin = GST_CLOCK_TIME_NONE;
  GstClockTime end = 0;
  GstClockTime frame = 0;  // usual length
};

GstPadProbeReturn note_extent(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto& extent = *static_cast<Extent*>(data);
  const auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  if (!GST_BUFFER_PTS_IS_VALID(buffer))
    return GST_PAD_PROBE_OK;
  const auto length =
      GST_BUFFER_DURATION_IS_VALID(buffer) ? GST_BUFFER_DURATION(buffer) : extent.frame;
  extent.begin = std::min(extent.begin, GST_BUFFER_PTS(buffer));
  extent.end = std::max(extent.end, GST_BUFFER_PTS(buffer) + length);
  return GST_PAD_PROBE_OK;
}

// The container's length is that of its longest stream. Nothing is decoded.
GstClockTime video_length(const ClipFacts& facts) {
  const Pipeline pipeline(gst_parse_launch(
      "filesrc name=file ! parsebin ! capsfilter name=filter ! fakesink name=sink sync=false",
      nullptr));
  const CapsPtr any_of_kind(gst_caps_new_empty_simple(
      gst_structure_get_name(gst_caps_get_structure(facts.video.get(), 0))));
  g_object_set(pipeline.element("filter").get(), "caps", any_of_kind.get(), nullptr);
  g_object_set(pipeline.element("file").get(), "location", facts.path.c_str(), nullptr);
  Extent extent;
  extent.frame = gst_util_uint64_scale_int(GST_SECOND, facts.rate_d, facts.rate_n);
  const PadPtr pad(gst_element_get_static_pad(pipeline.element("sink").get(), "sink"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, note_extent, &extent, nullptr);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  const auto end = wait_for_end(pipeline, examine_deadline);
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return end && extent.end > extent.begin ? extent.end - extent.begin : 0;
}

bool are_equal(const std::shared_ptr<GstCaps>& a, const std::shared_ptr<GstCaps>& b) {
  return !a || !b ? a == b : gst_caps_is_equal(a.get(), b.get()) != FALSE;
}

bool is_named(const std::shared_ptr<GstCaps>& caps, std::initializer_list<std::string_view> names) {
  const std::string_view name = gst_structure_get_name(gst_caps_get_structure(caps.get(), 0));
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Result<ClipFacts> examine_clip(const std::string& path) {
  const auto found = discover(path);
  if (!found.info || !found.problem.empty())
    return unusable(path, found.problem.empty() ? _("interrupted") : found.problem);
  ClipFacts facts;
  facts.path = path;
  take_video(facts, found.info.get());
  take_audio(facts, found.info.get());
  if (!facts.video || facts.width <= 0 || facts.height <= 0 || facts.rate_n <= 0)
    return unusable(path, _("it has no video with a size and a frame rate"));
  facts.length = video_length(facts);
  return facts.length > 0 ? Result<ClipFacts>(std::move(facts))
                          : unusable(path, _("its video has no end"));
}

std::string why_not_copied(const std::vector<ClipFacts>& clips, const std::string& film,
                           double transition) {
  if (transition > 0)
    return _("a transition");
  if (!film.ends_with(".mp4"))
    return _("another format than that of the clips");
  const auto& first = clips.front();
  if (!is_named(first.video, {"video/x-h264", "video/x-h265"}) ||
      (first.audio && !is_named(first.audio, {"audio/mpeg"})))
    return _("codecs that are no H.264, H.265 or AAC");
  for (const auto& clip : clips) {
    if (std::tie(clip.width, clip.height) != std::tie(first.width, first.height))
      return _("clips of several sizes");
    if (!clip.audio != !first.audio)
      return _("some clips without sound");
    if (!are_equal(clip.video, first.video) || !are_equal(clip.audio, first.audio))
      return _("clips that are encoded differently");
  }
  return {};
}

FilmFormat film_format(const std::vector<ClipFacts>& clips) {
  const auto same = [](const ClipFacts& a, const ClipFacts& b) {
    return std::tie(a.width, a.height, a.rate_n, a.rate_d) ==
           std::tie(b.width, b.height, b.rate_n, b.rate_d);
  };
  const auto count = [&](const ClipFacts& one) {
    return std::count_if(clips.begin(), clips.end(),
                         [&](const ClipFacts& other) { return same(one, other); });
  };
  const auto most =
      std::max_element(clips.begin(), clips.end(),
                       [&](const ClipFacts& a, const ClipFacts& b) { return count(a) < count(b); });
  const bool has_audio =
      std::any_of(clips.begin(), clips.end(), [](const ClipFacts& clip) { return !!clip.audio; });
  // Encoders with subsampled colours need even sizes.
  constexpr int even = ~1;
  return {most->width & even, most->height & even, most->rate_n, most->rate_d, has_audio};
}

}  // namespace modelverse::render
