// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/video/video.h>
#include <gtest/gtest.h>

#include <cstring>

#include "picture/handles.h"
#include "picture/sample.h"
#include "pictures.h"

namespace modelverse::picture {
namespace {

using SamplePtr = std::unique_ptr<GstSample, Freer<gst_sample_unref>>;

BufferPtr buffer_of(const std::string& bytes) {
  return BufferPtr(bytes.empty() ? gst_buffer_new()
                                 : gst_buffer_new_memdup(bytes.data(), bytes.size()));
}

SamplePtr sample_of(const BufferPtr& buffer, const char* caps_text, GstStructure* info = nullptr) {
  const CapsPtr caps(caps_text ? gst_caps_from_string(caps_text) : nullptr);
  return SamplePtr(gst_sample_new(buffer.get(), caps.get(), nullptr, info));
}

Error error_of(const SamplePtr& sample) {
  const auto loaded = load_sample(sample.get());
  EXPECT_FALSE(loaded.ok());
  return loaded ? Error{} : loaded.error();
}

TEST(LoadSample, takes_an_encoded_picture_by_its_bytes) {
  for (const char* caps : {"image/png", "image/jpeg, width=7", static_cast<const char*>(nullptr)}) {
    const auto loaded = load_sample(sample_of(buffer_of(png()), caps).get());
    ASSERT_TRUE(loaded.ok()) << loaded.error().text;
    EXPECT_EQ(loaded->media_type, "image/png");
    EXPECT_EQ(loaded->bytes, png());
  }
}

TEST(LoadSample, takes_a_picture_in_several_pieces) {
  const auto buffer = buffer_of(png().substr(0, 10));
  gst_buffer_append_memory(buffer.get(),
                           gst_buffer_get_all_memory(buffer_of(png().substr(10)).get()));
  EXPECT_EQ(load_sample(sample_of(buffer, "image/png").get())->bytes, png());
}

TEST(LoadSample, packs_a_raw_frame_whatever_its_strides_are) {
  constexpr const char* caps = "video/x-raw, format=RGB, width=3, height=2, framerate=25/1";
  const std::string rows[] = {"abcdefghi", "jklmnopqr"};
  // GStreamer's own layout: rows of 12 bytes. Another: rows of 32, the first at 5.
  const auto usual = buffer_of(rows[0] + "xyz" + rows[1] + "uvw");
  auto odd_bytes = std::string(5 + 64, '#');
  odd_bytes.replace(5, 9, rows[0]).replace(5 + 32, 9, rows[1]);
  const auto odd = buffer_of(odd_bytes);
  gsize offsets[GST_VIDEO_MAX_PLANES] = {5};
  gint strides[GST_VIDEO_MAX_PLANES] = {32};
  gst_buffer_add_video_meta_full(odd.get(), GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_RGB, 3, 2,
                                 1, offsets, strides);
  const auto one = load_sample(sample_of(usual, caps).get());
  const auto other = load_sample(sample_of(odd, caps).get());
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_EQ(one->bytes, other->bytes);
  EXPECT_EQ(one->bytes.substr(0, 9), rows[0]);
  EXPECT_EQ(one->bytes.substr(12, 9), rows[1]);
  EXPECT_EQ(one->media_type, other->media_type);
}

// A frame in GStreamer's own layout, each byte of a row its number and all others `padding`.
BufferPtr frame_padded_with(guint8 padding, const GstVideoInfo& info) {
  BufferPtr made(gst_buffer_new_allocate(nullptr, info.size, nullptr));
  gst_buffer_memset(made.get(), 0, padding, info.size);
  MappedFrame frame(info, made.get(), GST_MAP_WRITE);
  for (guint component = 0; component < GST_VIDEO_FRAME_N_COMPONENTS(frame.get()); ++component) {
    const int row = GST_VIDEO_FRAME_COMP_WIDTH(frame.get(), component) *
                    GST_VIDEO_FRAME_COMP_PSTRIDE(frame.get(), component);
    const auto plane = GST_VIDEO_FORMAT_INFO_PLANE(info.finfo, component);
    auto* bytes = static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(frame.get(), plane));
    for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(frame.get(), component); ++y)
      for (int x = 0; x < row; ++x)
        bytes[y * GST_VIDEO_FRAME_PLANE_STRIDE(frame.get(), plane) + x] =
            static_cast<guint8>(y * row + x);
  }
  return made;
}

TEST(LoadSample, leaves_out_the_padding_of_a_raw_frame_that_lies_as_ours) {
  for (const auto format : {GST_VIDEO_FORMAT_RGB, GST_VIDEO_FORMAT_I420, GST_VIDEO_FORMAT_NV12,
                            GST_VIDEO_FORMAT_YUY2, GST_VIDEO_FORMAT_GRAY8}) {
    GstVideoInfo info;
    gst_video_info_set_format(&info, format, 13, 7);
    const CapsPtr caps(gst_video_info_to_caps(&info));
    const CharPtr text(gst_caps_to_string(caps.get()));
    const auto loaded = [&](guint8 padding) {
      return load_sample(sample_of(frame_padded_with(padding, info), text.get()).get());
    };
    const auto clear = loaded(0);
    ASSERT_TRUE(clear.ok());
    EXPECT_EQ(clear->bytes.substr(0, 13)[12], 12);
    for (const int padding : {1, 0x7f, 0xff})
      EXPECT_EQ(loaded(static_cast<guint8>(padding))->bytes, clear->bytes) << text.get();
  }
}

// A key on disk depends on it.
TEST(LoadSample, writes_the_caps_of_a_raw_frame_as_it_always_did) {
  const auto frame = buffer_of(std::string(64 * 48 * 3 / 2, 'x'));
  auto* info = gst_structure_new("x", orientation_field, G_TYPE_INT, 6, nullptr);
  const auto sample = sample_of(frame,
                                "video/x-raw, format=I420, width=64, height=48, framerate=30/1, "
                                "pixel-aspect-ratio=16/15, colorimetry=bt601, chroma-site=mpeg2",
                                info);
  const auto loaded = load_sample(sample.get());
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->media_type,
            "video/x-raw, format=(string)I420, width=(int)64, height=(int)48, "
            "framerate=(fraction)0/1, pixel-aspect-ratio=(fraction)16/15, "
            "colorimetry=(string)2:4:16:4, chroma-site=(string)mpeg2, orientation=(int)6");
  const auto facts = inspect(*loaded);
  EXPECT_EQ(facts->stored, (FrameSize{64, 48}));
  EXPECT_EQ(facts->orientation, 6);
}

// The numbers that it writes are those that GStreamer reads.
TEST(LoadSample, keeps_the_colorimetry_of_a_raw_frame) {
  for (const char* name : {"bt601", "bt709", "bt2020", "smpte240m", "bt2100-pq", "1:4:7:1"}) {
    const auto caps =
        std::string("video/x-raw, format=I420, width=64, height=48, framerate=0/1, colorimetry=") +
        name;
    const auto loaded =
        load_sample(sample_of(buffer_of(std::string(64 * 48 * 3 / 2, 'x')), caps.c_str()).get());
    ASSERT_TRUE(loaded.ok()) << name;
    GstVideoInfo info;
    const CapsPtr written(gst_caps_from_string(loaded->media_type.c_str()));
    ASSERT_TRUE(gst_video_info_from_caps(&info, written.get()));
    const CharPtr read(gst_video_colorimetry_to_string(&info.colorimetry));
    EXPECT_STREQ(read.get(), name);
  }
}

TEST(LoadSample, refuses_what_is_no_picture_and_says_what_it_is) {
  EXPECT_EQ(error_of(sample_of(nullptr, "image/png")).code, ErrorCode::settings);
  const auto film = error_of(sample_of(buffer_of("x"), "video/x-h264"));
  EXPECT_EQ(film.code, ErrorCode::wrong_type);
  EXPECT_NE(film.text.find("video/x-h264"), std::string::npos);
  EXPECT_EQ(error_of(sample_of(buffer_of("text"), "image/png")).code, ErrorCode::wrong_type);
  EXPECT_EQ(error_of(sample_of(buffer_of(""), "image/png")).code, ErrorCode::wrong_type);
  EXPECT_EQ(error_of(sample_of(buffer_of("x"), "video/x-raw")).code, ErrorCode::wrong_type);
  EXPECT_EQ(error_of(sample_of(buffer_of("short"),
                               "video/x-raw, format=RGB, width=64, height=48, framerate=0/1"))
                .code,
            ErrorCode::wrong_type);
}

TEST(LoadSample, refuses_frames_that_are_too_large) {
  const auto error = error_of(sample_of(
      buffer_of("x"), "video/x-raw, format=RGB, width=30000, height=30000, framerate=0/1"));
  EXPECT_EQ(error.code, ErrorCode::settings);
}

}  // namespace
}  // namespace modelverse::picture
