// SPDX-License-Identifier: LGPL-2.1-or-later
// Zoom and pan over the picture, one frame after the other.
#include "emulator/camera.h"

#include <gst/video/video.h>

#include <cmath>
#include <numbers>

namespace emulator {
namespace {

constexpr double last_zoom = 0.75;  // of the picture's width, in the last frame

struct Rectangle {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

// A GstVideoFrame that is unmapped with its scope.
class MappedFrame {
 public:
  MappedFrame(const GstVideoInfo& info, GstBuffer* buffer, GstMapFlags flags)
      : is_mapped_(gst_video_frame_map(&frame_, &info, buffer, flags)) {}
  MappedFrame(const MappedFrame&) = delete;
  MappedFrame& operator=(const MappedFrame&) = delete;
  ~MappedFrame() {
    if (is_mapped_)
      gst_video_frame_unmap(&frame_);
  }
  explicit operator bool() const { return is_mapped_; }
  GstVideoFrame* get() { return &frame_; }

 private:
  GstVideoFrame frame_ = {};
  bool is_mapped_ = false;
};

using ConverterPtr = std::unique_ptr<GstVideoConverter, Release<gst_video_converter_free>>;

GstVideoInfo info_of(Size size) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, static_cast<guint>(size.width),
                            static_cast<guint>(size.height));
  return info;
}

// Converts and scales the rectangle of the source to the whole of a new I420 frame.
BufferPtr take(GstBuffer* source, const GstVideoInfo& from, const Rectangle& area, Size size,
               GstVideoResamplerMethod method) {
  GstVideoInfo to = info_of(size);
  to.fps_n = from.fps_n;  // the converter insists, though it does not convert rates
  to.fps_d = from.fps_d;
  GstStructure* config = gst_structure_new(
      "GstVideoConverter", GST_VIDEO_CONVERTER_OPT_SRC_X, G_TYPE_INT, area.x,
      GST_VIDEO_CONVERTER_OPT_SRC_Y, G_TYPE_INT, area.y, GST_VIDEO_CONVERTER_OPT_SRC_WIDTH,
      G_TYPE_INT, area.width, GST_VIDEO_CONVERTER_OPT_SRC_HEIGHT, G_TYPE_INT, area.height,
      GST_VIDEO_CONVERTER_OPT_RESAMPLER_METHOD, GST_TYPE_VIDEO_RESAMPLER_METHOD, method, nullptr);
  ConverterPtr converter(gst_video_converter_new(&from, &to, config));
  BufferPtr buffer(gst_buffer_new_allocate(nullptr, to.size, nullptr));
  if (!converter || !buffer)
    return {};
  MappedFrame input(from, source, GST_MAP_READ);
  MappedFrame output(to, buffer.get(), GST_MAP_WRITE);
  if (!input || !output)
    return {};
  gst_video_converter_frame(converter.get(), input.get(), output.get());
  return buffer;
}

Rectangle centre_crop(int width, int height, Size aspect) {
  Rectangle area{0, 0, width, height};
  const double wanted = static_cast<double>(aspect.width) / aspect.height;
  if (width > height * wanted)
    area.width = std::max(1, static_cast<int>(std::lround(height * wanted)));
  else
    area.height = std::max(1, static_cast<int>(std::lround(width / wanted)));
  area.x = (width - area.width) / 2;
  area.y = (height - area.height) / 2;
  return area;
}

// I420 halves the colour planes, so the rectangle stays on even numbers.
int even(double value) {
  return static_cast<int>(value / 2) * 2;
}

}  // namespace

std::optional<Camera> Camera::create(const Picture& picture, Size size) {
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(picture.sample.get())))
    return {};
  BufferPtr master = take(gst_sample_get_buffer(picture.sample.get()), info,
                          centre_crop(picture.width, picture.height, size), size,
                          GST_VIDEO_RESAMPLER_METHOD_CUBIC);
  if (!master)
    return {};
  return Camera(std::move(master), size);
}

BufferPtr Camera::frame(unsigned index, unsigned count) const {
  const double progress = count > 1 ? static_cast<double>(index) / (count - 1) : 0;
  const double zoom = 1 - (1 - last_zoom) * progress;
  const double angle = 2 * std::numbers::pi * progress;
  Rectangle area;
  area.width = even(size_.width * zoom);
  area.height = even(size_.height * zoom);
  area.x = even((size_.width - area.width) * (0.5 + 0.45 * std::sin(angle)));
  area.y = even((size_.height - area.height) * (0.5 + 0.45 * std::sin(2 * angle)));
  return take(master_.get(), info_of(size_), area, size_, GST_VIDEO_RESAMPLER_METHOD_LINEAR);
}

CapsPtr Camera::caps(int frames_per_second) const {
  GstVideoInfo info = info_of(size_);
  info.fps_n = frames_per_second;
  info.fps_d = 1;
  return CapsPtr(gst_video_info_to_caps(&info));
}

}  // namespace emulator
