// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes XGES, with control bindings for the fades.
#include "render/timeline.h"

#include <array>

#include "render/clip_files.h"

namespace modelverse::render {

namespace {

GstClockTime frame_time(const FilmFormat& format, guint64 frames) {
  return gst_util_uint64_scale(frames * GST_SECOND, static_cast<guint64>(format.rate_d),
                               static_cast<guint64>(format.rate_n));
}

// Whole frames, with some tolerance for a length that is rounded.
guint64 frames_in(const FilmFormat& format, GstClockTime length) {
  return gst_util_uint64_scale(length + GST_MSECOND, static_cast<guint64>(format.rate_n),
                               static_cast<guint64>(format.rate_d) * GST_SECOND);
}

std::string markup(const std::string& text) {
  const CharPtr safe(g_markup_escape_text(text.c_str(), -1));
  return safe.get();
}

constexpr const char* no_more = " properties='properties;' metadatas='metadatas;'";

std::string track(int type, int id, const std::string& media, const std::string& restriction) {
  return "<track caps='" + media + "(ANY)' track-type='" + std::to_string(type) + "' track-id='" +
         std::to_string(id) + "' properties='properties, restriction-caps=(string)&quot;" +
         restriction + "&quot;;' metadatas='metadatas;'/>\n";
}

std::string tracks_of(const FilmFormat& format) {
  constexpr int video = 4, audio = 2;
  auto text = track(video, 0, "video/x-raw",
                    "video/x-raw\\,\\ width\\=\\(int\\)" + std::to_string(format.width) +
                        "\\,\\ height\\=\\(int\\)" + std::to_string(format.height) +
                        "\\,\\ framerate\\=\\(fraction\\)" + std::to_string(format.rate_n) + "/" +
                        std::to_string(format.rate_d));
  if (format.has_audio)
    text += track(audio, 1, "audio/x-raw",
                  "audio/x-raw\\,\\ rate\\=\\(int\\)48000\\,\\ channels\\=\\(int\\)2\\,\\ "
                  "layout\\=\\(string\\)interleaved");
  return text;
}

// Where a clip is in the timeline, and how much of it is shown together with each neighbour.
struct Placed {
  GstClockTime start;
  GstClockTime length;
  GstClockTime shared;
};

// Neighbours are in different layers, and a clip that leaves bars is below one that does not.
constexpr std::size_t layers = 4;

struct Area {
  gint64 width, height;
};

Area shown(const ClipFacts& clip, const FilmFormat& format) {
  const auto by_width = gint64{clip.height} * format.width,
             by_height = gint64{clip.width} * format.height;
  return by_height > by_width ? Area{format.width, by_width / clip.width}
                              : Area{by_height / clip.height, format.height};
}

bool covers(const Area& upper, const Area& lower) {
  constexpr gint64 rounding = 2;
  return upper.width + rounding >= lower.width && upper.height + rounding >= lower.height;
}

std::size_t layer_of(const std::vector<ClipFacts>& clips, std::size_t i, const FilmFormat& format) {
  const bool fills = covers(shown(clips[i], format), {format.width, format.height});
  return (fills ? 0 : layers / 2) + i % 2;
}

// How long a value rises at the clip's start, and falls at its end. 0: not at all.
struct Ramps {
  GstClockTime rise;
  GstClockTime fall;
};

// A value that is 1 but for its ramps, from 0 and to 0.
std::string binding(const char* property, int track, GstClockTime length, const Ramps& ramps) {
  const auto point = [](GstClockTime time, int value) {
    return " " + std::to_string(time) + ":" + std::to_string(value);
  };
  std::string values = point(0, ramps.rise > 0 ? 0 : 1);
  if (ramps.rise > 0)
    values += point(ramps.rise, 1);
  if (ramps.fall > 0)
    values += point(length - ramps.fall, 1) + point(length, 0);
  constexpr int linear = 1;
  return "<source track-id='" + std::to_string(track) +
         "' children-properties='properties;'>\n<binding type='direct-absolute' "
         "source_type='interpolation' property='" +
         property + "' mode='" + std::to_string(linear) + "' track_id='" + std::to_string(track) +
         "' values='" + values + "'/>\n</source>\n";
}

// Where two clips are shown together, only the upper one is made transparent: if both were at the
// same time, the black behind them would be seen. The lower one is, too, if it is seen beside the
// upper one: the later clip comes in the first half of that time, and the earlier goes in the
// second.
std::string ramps_of(const std::vector<ClipFacts>& clips, std::size_t i, const FilmFormat& format,
                     const Placed& placed) {
  const auto fades = [&](std::size_t one, std::size_t other) {
    return layer_of(clips, one, format) < layer_of(clips, other, format) ||
           !covers(shown(clips[other], format), shown(clips[one], format));
  };
  const auto ramp = [&](std::size_t other) -> GstClockTime {
    if (!fades(i, other))
      return 0;
    return fades(other, i) ? placed.shared / 2 : placed.shared;
  };
  if (placed.shared == 0)
    return {};
  const bool has_before = i > 0, has_after = i + 1 < clips.size();
  constexpr int video = 0, audio = 1;
  std::string text = binding("alpha", video, placed.length,
                             {has_before ? ramp(i - 1) : 0, has_after ? ramp(i + 1) : 0});
  if (clips[i].audio)
    text += binding("volume", audio, placed.length,
                    {has_before ? placed.shared : 0, has_after ? placed.shared : 0});
  return text;
}

std::string item_of(const std::vector<ClipFacts>& clips, std::size_t i, const FilmFormat& format,
                    const Placed& placed) {
  return "<clip id='" + std::to_string(i) + "' asset-id='" + markup(file_uri(clips[i].path)) +
         "' type-name='GESUriClip' layer-priority='" + std::to_string(layer_of(clips, i, format)) +
         "' track-types='6' start='" + std::to_string(placed.start) + "' duration='" +
         std::to_string(placed.length) + "' inpoint='0' rate='0'" + no_more + ">\n" +
         ramps_of(clips, i, format, placed) + "</clip>\n";
}

}  // namespace

std::string timeline_of(const std::vector<ClipFacts>& clips, const FilmFormat& format,
                        double overlap) {
  std::string assets;
  std::array<std::string, layers> items;
  guint64 start = 0;
  const auto shared = frames_in(format, static_cast<GstClockTime>(overlap * GST_SECOND));
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const auto frames = frames_in(format, clips[i].length);
    const Placed placed = {frame_time(format, start),
                           frame_time(format, start + frames) - frame_time(format, start),
                           frame_time(format, shared)};
    assets += "<asset id='" + markup(file_uri(clips[i].path)) +
              "' extractable-type-name='GESUriClip'" + no_more + "/>\n";
    items[layer_of(clips, i, format)] += item_of(clips, i, format, placed);
    start += frames - shared;
  }
  auto text = "<ges version='0.4'>\n<project" + std::string(no_more) +
              ">\n<encoding-profiles/>\n<ressources>\n" + assets + "</ressources>\n<timeline" +
              no_more + ">\n" + tracks_of(format);
  for (std::size_t i = 0; i < layers; ++i)
    text +=
        "<layer priority='" + std::to_string(i) + "'" + no_more + ">\n" + items[i] + "</layer>\n";
  return text + "</timeline>\n</project>\n</ges>\n";
}

GstClockTime length_of(const std::vector<ClipFacts>& clips, const FilmFormat& format,
                       double overlap) {
  guint64 frames = 0;
  for (const auto& clip : clips)
    frames += frames_in(format, clip.length);
  const auto shared = frames_in(format, static_cast<GstClockTime>(overlap * GST_SECOND));
  return frame_time(format, frames - shared * (clips.size() - 1));
}

}  // namespace modelverse::render
