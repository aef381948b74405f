// SPDX-License-Identifier: LGPL-2.1-or-later
// Decoding a clip and finding its boxes.
#include "emulator/clip_reader.h"

#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/pbutils/pbutils.h>
#include <gst/video/video.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace test_support {
namespace {

constexpr unsigned kept_every = 30;
constexpr GstClockTime deadline = 120 * GST_SECOND;

void init() {
  if (!gst_is_initialized())
    gst_init(nullptr, nullptr);
}

// The clip as a file, for elements and for the discoverer.
class File {
 public:
  explicit File(const std::string& bytes) {
    const int fd = g_file_open_tmp("film-XXXXXX.mp4", &path_, nullptr);
    g_close(fd, nullptr);
    EXPECT_TRUE(
        g_file_set_contents(path_, bytes.data(), static_cast<gssize>(bytes.size()), nullptr));
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    g_unlink(path_);
    g_free(path_);
  }
  const char* path() const { return path_; }

 private:
  char* path_ = nullptr;
};

std::string codec_of(GstDiscovererStreamInfo* stream) {
  g_autoptr(GstCaps) caps = gst_discoverer_stream_info_get_caps(stream);
  return caps ? gst_structure_get_name(gst_caps_get_structure(caps, 0)) : "";
}

void discover(const File& file, Film& film) {
  g_autoptr(GError) error = nullptr;
  g_autoptr(GstDiscoverer) discoverer = gst_discoverer_new(deadline, nullptr);
  g_autofree char* uri = gst_filename_to_uri(file.path(), nullptr);
  g_autoptr(GstDiscovererInfo) info = gst_discoverer_discover_uri(discoverer, uri, &error);
  ASSERT_TRUE(info && !error) << (error ? error->message : "not discovered");
  GList* videos = gst_discoverer_info_get_video_streams(info);
  GList* audios = gst_discoverer_info_get_audio_streams(info);
  ASSERT_EQ(g_list_length(videos), 1u);
  ASSERT_EQ(g_list_length(audios), 1u);
  auto* video = static_cast<GstDiscovererVideoInfo*>(videos->data);
  film.video_codec = codec_of(static_cast<GstDiscovererStreamInfo*>(videos->data));
  film.audio_codec = codec_of(static_cast<GstDiscovererStreamInfo*>(audios->data));
  film.width = static_cast<int>(gst_discoverer_video_info_get_width(video));
  film.height = static_cast<int>(gst_discoverer_video_info_get_height(video));
  film.rate_numerator = static_cast<int>(gst_discoverer_video_info_get_framerate_num(video));
  film.rate_denominator = static_cast<int>(gst_discoverer_video_info_get_framerate_denom(video));
  gst_discoverer_stream_info_list_free(videos);
  gst_discoverer_stream_info_list_free(audios);
}

// Hands each buffer of one decoded stream to `take`.
void decode(const File& file, const std::string& caps,
            const std::function<void(GstSample*)>& take) {
  const std::string text = std::string("filesrc location=\"") + file.path() +
                           "\" ! qtdemux name=demux demux." +
                           (caps.starts_with("audio") ? "audio_0" : "video_0") + " ! decodebin ! " +
                           (caps.starts_with("audio") ? "audioconvert" : "videoconvert") + " ! " +
                           caps + " ! appsink name=out sync=false max-buffers=4";
  g_autoptr(GError) error = nullptr;
  g_autoptr(GstElement) pipeline =
      gst_parse_launch_full(text.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  ASSERT_TRUE(pipeline) << error->message;
  g_autoptr(GstElement) sink = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  while (GstSample* sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), deadline)) {
    take(sample);
    gst_sample_unref(sample);
  }
  EXPECT_TRUE(gst_app_sink_is_eos(GST_APP_SINK(sink))) << "decoding did not end";
  gst_element_set_state(pipeline, GST_STATE_NULL);
}

Plane plane_of(GstSample* sample) {
  GstVideoInfo info;
  GstVideoFrame frame;
  Plane plane;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) ||
      !gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ))
    return plane;
  plane.width = GST_VIDEO_FRAME_WIDTH(&frame);
  plane.height = GST_VIDEO_FRAME_HEIGHT(&frame);
  const auto* data = static_cast<const unsigned char*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0));
  for (int y = 0; y < plane.height; ++y) {
    const unsigned char* row = data + y * GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0);
    plane.values.insert(plane.values.end(), row, row + plane.width);
  }
  gst_video_frame_unmap(&frame);
  return plane;
}

void read_video(const File& file, Film& film) {
  decode(file, "video/x-raw,format=I420", [&film](GstSample* sample) {
    const GstClockTime time =
        gst_segment_to_stream_time(gst_sample_get_segment(sample), GST_FORMAT_TIME,
                                   GST_BUFFER_PTS(gst_sample_get_buffer(sample)));
    const double number = static_cast<double>(time) * 30 / GST_SECOND;
    if (std::abs(number - film.frames) > 0.01)
      film.is_evenly_timed = false;
    if (film.frames % kept_every == 0)
      film.kept.push_back(plane_of(sample));
    ++film.frames;
  });
}

void read_audio(const File& file, Film& film) {
  std::size_t count = 0;
  double sum = 0;
  int rate = 0;
  decode(file, "audio/x-raw,format=S16LE,channels=2", [&](GstSample* sample) {
    gst_structure_get_int(gst_caps_get_structure(gst_sample_get_caps(sample), 0), "rate", &rate);
    GstMapInfo map;
    ASSERT_TRUE(gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ));
    for (gsize i = 0; i + 1 < map.size; i += 2) {
      const auto value = static_cast<gint16>(GST_READ_UINT16_LE(map.data + i));
      sum += static_cast<double>(value) * value;
      ++count;
    }
    gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
  });
  ASSERT_TRUE(count > 0 && rate > 0) << "no sound";
  film.audio_seconds = static_cast<double>(count) / 2 / rate;
  film.loudness = std::sqrt(sum / static_cast<double>(count));
}

std::string raw_rgb(int width, int height, const std::function<Colour(int, int)>& draw) {
  std::string bytes;
  const auto put = [&bytes](double value) {
    bytes += static_cast<char>(static_cast<unsigned char>(std::clamp(value, 0.0, 255.0)));
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Colour colour = draw(x, y);
      put(colour.red);
      put(colour.green);
      put(colour.blue);
    }
    bytes.append(static_cast<std::size_t>(GST_ROUND_UP_4(width * 3) - width * 3), '\0');
  }
  return bytes;
}

}  // namespace

Film read_film(const std::string& bytes) {
  init();
  const File file(bytes);
  Film film;
  discover(file, film);
  read_video(file, film);
  read_audio(file, film);
  return film;
}

std::vector<std::string> boxes(const std::string& mp4) {
  std::vector<std::string> types;
  for (std::size_t at = 0; at + 16 <= mp4.size();) {
    const char* head = mp4.data() + at;
    std::uint64_t size = GST_READ_UINT32_BE(head);
    if (size == 1)
      size = GST_READ_UINT64_BE(head + 8);
    if (const std::string type(head + 4, 4); type != "free")
      types.push_back(type);
    if (size < 8)
      break;
    at += size;
  }
  return types;
}

double luma(const Colour& c) {
  return 16 + 219 * (0.2126 * c.red + 0.7152 * c.green + 0.0722 * c.blue) / 255;
}

double psnr(const Plane& one, const Plane& other, int rows) {
  if (one.width != other.width || one.height != other.height || one.values.empty()) {
    ADD_FAILURE() << "frames of different sizes";
    return 0;
  }
  const std::size_t count = static_cast<std::size_t>(one.width) * static_cast<std::size_t>(rows);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += (one.values[i] - other.values[i]) * (one.values[i] - other.values[i]);
  return sum == 0 ? 99 : 10 * std::log10(255 * 255 / (sum / static_cast<double>(count)));
}

bool has_element(const char* name) {
  init();
  g_autoptr(GstElementFactory) factory = gst_element_factory_find(name);
  return factory;
}

std::string encode_picture(int width, int height, const std::string& encoder,
                           const std::function<Colour(int x, int y)>& draw) {
  init();
  const std::string text =
      "appsrc name=in caps=\"video/x-raw,format=RGB,framerate=1/1,width=" + std::to_string(width) +
      ",height=" + std::to_string(height) + "\" ! videoconvert ! " + encoder +
      " ! appsink name=out sync=false";
  g_autoptr(GstElement) pipeline = gst_parse_launch(text.c_str(), nullptr);
  g_autoptr(GstElement) source = gst_bin_get_by_name(GST_BIN(pipeline), "in");
  g_autoptr(GstElement) sink = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  const std::string raw = raw_rgb(width, height, draw);
  GstBuffer* buffer = gst_buffer_new_memdup(raw.data(), raw.size());
  GST_BUFFER_PTS(buffer) = 0;
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  gst_app_src_push_buffer(GST_APP_SRC(source), buffer);
  gst_app_src_end_of_stream(GST_APP_SRC(source));
  std::string bytes;
  while (GstSample* sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink), deadline)) {
    GstMapInfo map;
    if (gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ)) {
      bytes.append(reinterpret_cast<const char*>(map.data), map.size);
      gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
    }
    gst_sample_unref(sample);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  EXPECT_FALSE(bytes.empty()) << encoder << " made nothing";
  return bytes;
}

std::string turned_right(const std::string& jpeg) {
  // One TIFF entry: tag 0x112 (orientation), type short, count 1, value 6.
  const char tiff[] = "MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
  const std::string exif = std::string("Exif\0\0", 6) + std::string(tiff, sizeof tiff - 1);
  const auto length = static_cast<char>(exif.size() + 2);
  return jpeg.substr(0, 2) + std::string("\xff\xe1\0", 3) + length + exif + jpeg.substr(2);
}

}  // namespace test_support
