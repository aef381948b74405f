// SPDX-License-Identifier: LGPL-2.1-or-later
// Raw frames in memory, of the less common kinds.
#include <gst/video/video.h>
#include <gtest/gtest.h>

#include <string>

#include "picture/handles.h"
#include "picture/sample.h"
#include "quadrants.h"

namespace modelverse::picture {
namespace {

using SamplePtr = std::unique_ptr<GstSample, Freer<gst_sample_unref>>;
using InfoPtr = std::unique_ptr<GstVideoInfo, Freer<gst_video_info_free>>;

InfoPtr info_of(GstVideoFormat format, FrameSize size) {
  InfoPtr info(gst_video_info_new());
  gst_video_info_set_format(info.get(), format, static_cast<guint>(size.width),
                            static_cast<guint>(size.height));
  return info;
}

CapsPtr caps_of(const InfoPtr& info) {
  return CapsPtr(gst_video_info_to_caps(info.get()));
}

SamplePtr sample_of(const BufferPtr& buffer, const CapsPtr& caps) {
  return SamplePtr(gst_sample_new(buffer.get(), caps.get(), nullptr, nullptr));
}

// Red and green above blue and yellow.
BufferPtr quadrants_in(const InfoPtr& info) {
  const FrameSize size = {info->width, info->height};
  const auto rgb = info_of(GST_VIDEO_FORMAT_RGB, size);
  const BufferPtr from(gst_buffer_new_allocate(nullptr, rgb->size, nullptr));
  BufferPtr made(gst_buffer_new_allocate(nullptr, info->size, nullptr));
  MappedFrame source(*rgb, from.get(), GST_MAP_WRITE);
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const bool is_right = x >= size.width / 2;
      const bool is_low = y >= size.height / 2;
      auto* pixel = static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(source.get(), 0)) +
                    y * GST_VIDEO_FRAME_PLANE_STRIDE(source.get(), 0) + std::ptrdiff_t{3} * x;
      pixel[0] = is_low == is_right ? 255 : 0;
      pixel[1] = is_right ? 255 : 0;
      pixel[2] = is_low && !is_right ? 255 : 0;
    }
  MappedFrame target(*info, made.get(), GST_MAP_WRITE);
  const ConverterPtr converter(gst_video_converter_new(rgb.get(), info.get(), nullptr));
  gst_video_converter_frame(converter.get(), source.get(), target.get());
  return made;
}

PixbufPtr sent_of(const SamplePtr& sample, const PictureRules& rules = {}) {
  const auto loaded = load_sample(sample.get());
  EXPECT_TRUE(loaded.ok()) << (loaded ? "" : loaded.error().text);
  const auto sent = loaded ? fitted(*loaded, rules) : Result<PictureBytes>(loaded.error());
  EXPECT_TRUE(sent.ok()) << (sent ? "" : sent.error().debug);
  return sent ? seen(*sent) : flat({1, 1}, {});
}

Error error_of(const SamplePtr& sample) {
  const auto loaded = load_sample(sample.get());
  EXPECT_FALSE(loaded.ok());
  return loaded ? Error{} : loaded.error();
}

// One of each kind that GstVideoConverter reads: planes, packed, deep, with alpha, coarse.
class FrameFormat : public testing::TestWithParam<GstVideoFormat> {};

TEST_P(FrameFormat, keeps_the_colours) {
  const auto info = info_of(GetParam(), {64, 48});
  const auto pixels = sent_of(sample_of(quadrants_in(info), caps_of(info)));
  const int coarse = GetParam() == GST_VIDEO_FORMAT_RGB16 ? 8 : 5;
  EXPECT_TRUE(is_near(at(pixels, 0.25, 0.25), red, coarse));
  EXPECT_TRUE(is_near(at(pixels, 0.75, 0.25), green, coarse));
  EXPECT_TRUE(is_near(at(pixels, 0.25, 0.75), blue, coarse));
  EXPECT_TRUE(is_near(at(pixels, 0.75, 0.75), yellow, coarse));
}

INSTANTIATE_TEST_SUITE_P(Picture, FrameFormat,
                         testing::Values(GST_VIDEO_FORMAT_NV12, GST_VIDEO_FORMAT_YUY2,
                                         GST_VIDEO_FORMAT_I420_10LE, GST_VIDEO_FORMAT_BGRA,
                                         GST_VIDEO_FORMAT_RGB16),
                         [](const auto& format) {
                           return std::string(gst_video_format_to_string(format.param));
                         });

TEST(SampleFrames, of_grey_are_grey) {
  for (const auto format : {GST_VIDEO_FORMAT_GRAY8, GST_VIDEO_FORMAT_GRAY16_LE}) {
    const auto info = info_of(format, {64, 48});
    const BufferPtr buffer(gst_buffer_new_allocate(nullptr, info->size, nullptr));
    gst_buffer_memset(buffer.get(), 0, 0x80, info->size);
    EXPECT_TRUE(
        is_near(at(sent_of(sample_of(buffer, caps_of(info))), 0.5, 0.5), {128, 128, 128}, 2));
  }
}

TEST(SampleFrames, keep_white_in_the_limited_range_of_video_white) {
  constexpr gsize luma = 64 * 48;
  const BufferPtr buffer(gst_buffer_new_allocate(nullptr, luma * 3 / 2, nullptr));
  gst_buffer_memset(buffer.get(), 0, 0xeb, luma);
  gst_buffer_memset(buffer.get(), luma, 0x80, luma / 2);
  for (const std::string colorimetry : {"bt601", "bt709"}) {
    const auto caps =
        "video/x-raw, format=NV12, width=64, height=48, framerate=0/1, colorimetry=" + colorimetry;
    const auto sample = sample_of(buffer, CapsPtr(gst_caps_from_string(caps.c_str())));
    EXPECT_TRUE(is_near(at(sent_of(sample), 0.5, 0.5), white, 1)) << colorimetry;
  }
}

TEST(SampleFrames, may_have_their_planes_in_memories_of_their_own) {
  const auto info = info_of(GST_VIDEO_FORMAT_I420, {64, 48});
  const auto whole = quadrants_in(info);
  const BufferPtr parts(gst_buffer_new());
  for (int plane = 0; plane < 3; ++plane) {
    const auto size = plane == 0 ? 64 * 48 : 32 * 24;
    gst_buffer_append_memory(parts.get(),
                             gst_memory_share(gst_buffer_peek_memory(whole.get(), 0),
                                              static_cast<gssize>(info->offset[plane]), size));
  }
  gst_buffer_add_video_meta_full(parts.get(), GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420, 64,
                                 48, 3, info->offset, info->stride);
  ASSERT_EQ(gst_buffer_n_memory(parts.get()), 3u);
  EXPECT_EQ(load_sample(sample_of(parts, caps_of(info)).get())->bytes,
            load_sample(sample_of(whole, caps_of(info)).get())->bytes);
}

TEST(SampleFrames, show_only_what_their_crop_meta_says) {
  for (const auto format : {GST_VIDEO_FORMAT_NV12, GST_VIDEO_FORMAT_RGB, GST_VIDEO_FORMAT_BGRA}) {
    const auto info = info_of(format, {64, 48});
    const auto buffer = quadrants_in(info);
    const auto uncropped = load_sample(sample_of(buffer, caps_of(info)).get());
    auto* crop = gst_buffer_add_video_crop_meta(buffer.get());
    crop->x = 32;
    crop->y = 24;
    crop->width = 32;
    crop->height = 18;
    const auto sample = sample_of(buffer, caps_of(info));
    const auto pixels = sent_of(sample);
    EXPECT_EQ(size_of(pixels), (FrameSize{32, 18}));
    for (const double x : {0.1, 0.9})
      EXPECT_TRUE(is_near(at(pixels, x, 0.5), yellow, 5)) << gst_video_format_to_string(format);
    EXPECT_EQ(size_of(sent_of(sample, hd_frames())), (FrameSize{1280, 720}));
    EXPECT_NE(load_sample(sample.get())->media_type, uncropped->media_type);
  }
}

TEST(SampleFrames, of_which_nothing_is_left_by_their_crop_are_refused) {
  const auto info = info_of(GST_VIDEO_FORMAT_RGB, {64, 48});
  for (const guint x : {64u, 0xffffffffu}) {
    const auto buffer = quadrants_in(info);
    auto* crop = gst_buffer_add_video_crop_meta(buffer.get());
    crop->x = x;
    crop->width = 10;
    crop->height = 10;
    const auto loaded = load_sample(sample_of(buffer, caps_of(info)).get());
    ASSERT_TRUE(loaded.ok());
    EXPECT_EQ(fitted(*loaded, {}).error().code, ErrorCode::wrong_type);
  }
}

TEST(SampleFrames, of_a_gpu_are_refused_by_the_name_of_their_memory) {
  const auto info = info_of(GST_VIDEO_FORMAT_RGBA, {64, 48});
  for (const char* memory : {"GLMemory", "DMABuf", "VASurface"}) {
    const auto caps = caps_of(info);
    const auto feature = std::string("memory:") + memory;
    gst_caps_set_features(caps.get(), 0, gst_caps_features_new(feature.c_str(), nullptr));
    const auto error = error_of(sample_of(quadrants_in(info), caps));
    EXPECT_EQ(error.code, ErrorCode::wrong_type);
    EXPECT_NE(error.text.find(memory), std::string::npos) << error.text;
  }
  const auto caps = caps_of(info);
  gst_caps_set_features(
      caps.get(), 0,
      gst_caps_features_new(GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY,
                            GST_CAPS_FEATURE_META_GST_VIDEO_OVERLAY_COMPOSITION, nullptr));
  EXPECT_TRUE(load_sample(sample_of(quadrants_in(info), caps).get()).ok());
}

TEST(SampleFrames, that_are_one_field_are_refused) {
  const auto info = info_of(GST_VIDEO_FORMAT_I420, {64, 48});
  const auto buffer = quadrants_in(info);
  const CapsPtr caps(gst_caps_from_string(
      "video/x-raw(format:Interlaced), format=I420, width=64, height=48, framerate=25/1, "
      "interlace-mode=alternate"));
  EXPECT_NE(error_of(sample_of(buffer, caps)).text.find("deinterlace"), std::string::npos);
}

// SD is BT.601 and HD is BT.709 where nothing is said, as everywhere in GStreamer.
TEST(SampleFrames, without_colorimetry_have_that_of_their_size) {
  for (const auto& [size, name] :
       {std::pair{FrameSize{64, 48}, "bt601"}, std::pair{FrameSize{1280, 720}, "bt709"}}) {
    const auto info = info_of(GST_VIDEO_FORMAT_NV12, size);
    const auto buffer = quadrants_in(info);
    const auto named = caps_of(info);
    gst_caps_set_simple(named.get(), "colorimetry", G_TYPE_STRING, name, nullptr);
    const auto unnamed = CapsPtr(gst_caps_copy(named.get()));
    gst_structure_remove_field(gst_caps_get_structure(unnamed.get(), 0), "colorimetry");
    const auto one = load_sample(sample_of(buffer, named).get());
    const auto other = load_sample(sample_of(buffer, unnamed).get());
    EXPECT_EQ(one->media_type, other->media_type) << name;
    EXPECT_TRUE(is_near(at(seen(*fitted(*other, {})), 0.25, 0.25), red, 5)) << name;
  }
}

TEST(SampleFrames, with_oblong_pixels_are_shown_as_wide_as_they_are) {
  const auto info = info_of(GST_VIDEO_FORMAT_RGB, {64, 48});
  info->par_n = 2;
  info->par_d = 1;
  const auto pixels = sent_of(sample_of(quadrants_in(info), caps_of(info)));
  EXPECT_EQ(size_of(pixels), (FrameSize{128, 48}));
  expect_quadrants(pixels);
}

TEST(SampleFrames, without_caps_are_no_picture) {
  const auto info = info_of(GST_VIDEO_FORMAT_RGB, {64, 48});
  EXPECT_EQ(error_of(sample_of(quadrants_in(info), CapsPtr())).code, ErrorCode::wrong_type);
  EXPECT_EQ(error_of(sample_of(quadrants_in(info), CapsPtr(gst_caps_new_any()))).code,
            ErrorCode::wrong_type);
  EXPECT_EQ(error_of(sample_of(BufferPtr(), caps_of(info))).code, ErrorCode::settings);
}

}  // namespace
}  // namespace modelverse::picture
