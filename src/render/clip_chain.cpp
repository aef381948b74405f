// SPDX-License-Identifier: LGPL-2.1-or-later
// Starts and stops a bin for each clip while concat goes through them.
#include "render/clip_chain.h"

#include <algorithm>
#include <string_view>

#include "glib/text.h"

namespace modelverse::render {

namespace {

// Other names than those of the film's elements, which are looked up by name.
constexpr const char* video_only =
    "filesrc name=input ! qtdemux name=demux  demux.video_0 ! queue name=clip_video";
constexpr const char* video_and_audio =
    "filesrc name=input ! qtdemux name=demux  demux.video_0 ! queue name=clip_video  "
    "demux.audio_0 ! queue name=clip_audio";

bool connect(GstElement* clip, const char* stream, GstElement* concat, GstClockTime start) {
  const ElementPtr queue(gst_bin_get_by_name(GST_BIN(clip), stream));
  const PadPtr inner(gst_element_get_static_pad(queue.get(), "src"));
  auto* outer = gst_ghost_pad_new(stream, inner.get());
  gst_element_add_pad(clip, outer);
  const PadPtr into(gst_element_request_pad_simple(concat, "sink_%u"));
  gst_pad_set_offset(into.get(), static_cast<gint64>(start));
  return gst_pad_link(outer, into.get()) == GST_PAD_LINK_OK;
}

}  // namespace

Status ClipChain::attach(const Pipeline& pipeline, const std::vector<ClipFacts>& clips) {
  videos_ = pipeline.element("videos");
  audios_ = pipeline.element("audios");
  GstClockTime start = 0;
  std::vector<GstClockTime> ends;
  for (const auto& clip : clips) {
    if (auto added = add(pipeline, clip, start); !added)
      return added;
    ends.push_back(start += clip.length);
  }
  for (auto* concat : {videos_.get(), audios_.get()})
    if (concat)
      gst_element_add_property_notify_watch(concat, "active-pad", FALSE);
  if (audios_) {
    const PadPtr audio(gst_element_get_static_pad(audios_.get(), "src"));
    joint_.watch(audio.get(), std::move(ends));
  }
  run_until(2);
  return Done{};
}

Status ClipChain::add(const Pipeline& pipeline, const ClipFacts& clip, GstClockTime start) {
  ErrorSlot error;
  auto* bin =
      gst_parse_bin_from_description(audios_ ? video_and_audio : video_only, FALSE, error.out());
  if (!bin)
    return Error{.code = ErrorCode::settings, .text = error.message(), .debug = clip.path};
  const ElementPtr file(gst_bin_get_by_name(GST_BIN(bin), "input"));
  g_object_set(file.get(), "location", clip.path.c_str(), nullptr);
  gst_element_set_locked_state(bin, TRUE);
  gst_bin_add(GST_BIN(pipeline.get()), bin);
  clips_.push_back(bin);
  if (connect(bin, "clip_video", videos_.get(), start) &&
      (!audios_ || connect(bin, "clip_audio", audios_.get(), start)))
    return Done{};
  return Error{.code = ErrorCode::settings, .text = _("the clips do not link"), .debug = clip.path};
}

// The clip whose stream passes; after the last one, the number of clips.
std::size_t ClipChain::current(const ElementPtr& concat) const {
  constexpr std::string_view prefix = "sink_";
  GstPad* active = nullptr;
  g_object_get(concat.get(), "active-pad", &active, nullptr);
  if (!active)
    return clips_.size();
  const PadPtr owner(active);
  return static_cast<std::size_t>(
      g_ascii_strtoull(GST_OBJECT_NAME(active) + prefix.size(), nullptr, 10));
}

void ClipChain::run_until(std::size_t end) {
  for (; running_ < std::min(end, clips_.size()); ++running_) {
    gst_element_set_locked_state(clips_[running_], FALSE);
    gst_element_sync_state_with_parent(clips_[running_]);
  }
}

void ClipChain::advance() {
  const auto video = current(videos_);
  const auto audio = audios_ ? current(audios_) : video;
  run_until(std::max(video, audio) + 2);
  for (; stopped_ < std::min(video, audio); ++stopped_) {
    gst_element_set_locked_state(clips_[stopped_], TRUE);
    gst_element_set_state(clips_[stopped_], GST_STATE_NULL);
  }
}

}  // namespace modelverse::render
