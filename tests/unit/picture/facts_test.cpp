// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/facts.h"

#include <gtest/gtest.h>

#include "pictures.h"

namespace modelverse::picture {
namespace {

TEST(Facts, tell_the_size_of_every_type) {
  for (const char* name :
       {"baseline.jpg", "progressive.jpg", "plain.png", "plain.webp", "alpha.webp", "animated.gif",
        "plain.bmp", "plain.tiff", "plain.heic", "plain.avif"}) {
    const auto facts = inspect(fixture(name));
    ASSERT_TRUE(facts.ok()) << name;
    EXPECT_EQ(facts->stored, (FrameSize{64, 48})) << name;
    EXPECT_EQ(facts->shown(), (FrameSize{64, 48})) << name;
  }
}

TEST(Facts, of_a_bmp_with_its_first_row_above_are_the_same) {
  auto picture = fixture("plain.bmp");
  picture.bytes.replace(22, 4, "\xd0\xff\xff\xff");
  EXPECT_EQ(inspect(picture)->stored, (FrameSize{64, 48}));
}

TEST(Facts, of_an_old_bmp_are_read_too) {
  const PictureBytes picture = {
      "image/bmp", "BM" + std::string(12, '\0') + bytes({12, 0, 0, 0, 64, 0, 48, 0, 1, 0, 24, 0})};
  EXPECT_EQ(inspect(picture)->stored, (FrameSize{64, 48}));
}

TEST(Facts, of_an_extended_webp_are_those_of_its_canvas) {
  const PictureBytes picture = {"image/webp", "RIFF....WEBPVP8X" +
                                                  bytes({10, 0, 0, 0, 0, 0, 0, 0}) +
                                                  bytes({0xff, 0x0f, 0, 0xff, 0x07, 0})};
  EXPECT_EQ(inspect(picture)->stored, (FrameSize{4096, 2048}));
}

// libwebp takes the first chunk of this one for a lossless stream of 14417x10593 pixels.
TEST(Facts, of_a_webp_are_not_read_from_a_chunk_that_is_none) {
  const PictureBytes picture = {
      "image/webp",
      "RIFF....WEBP/P8X" + bytes({10, 0, 0, 0, 0, 0, 0, 0}) + bytes({47, 0, 0, 0, 0, 0})};
  const auto facts = inspect(picture);
  ASSERT_FALSE(facts.ok());
  EXPECT_EQ(facts.error().code, ErrorCode::wrong_type);
}

TEST(Facts, say_which_jpeg_every_reader_shows_right) {
  auto arithmetic = fixture("progressive.jpg");
  arithmetic.bytes[arithmetic.bytes.find("\xff\xc2") + 1] = '\xca';
  EXPECT_FALSE(inspect(arithmetic)->is_plain);
  EXPECT_TRUE(inspect(fixture("progressive.jpg"))->is_plain);
  EXPECT_TRUE(inspect(fixture("grey.jpg"))->is_plain);
  EXPECT_FALSE(inspect(fixture("cmyk.jpg"))->is_plain);
}

TEST(Facts, say_that_a_frame_of_motion_jpeg_lacks_its_tables) {
  auto picture = fixture("baseline.jpg");
  for (auto pos = picture.bytes.find("\xff\xc4"); pos != std::string::npos;
       pos = picture.bytes.find("\xff\xc4")) {
    const auto length = static_cast<unsigned char>(picture.bytes[pos + 3]) + 2u;
    picture.bytes.erase(pos, length);
  }
  EXPECT_FALSE(inspect(picture)->is_plain);
}

TEST(Facts, turn_the_size_of_a_picture_that_lies_on_its_side) {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto facts = inspect(with_orientation(fixture("baseline.jpg"), orientation));
    EXPECT_EQ(facts->orientation, orientation);
    EXPECT_EQ(facts->shown(), orientation < 5 ? (FrameSize{64, 48}) : (FrameSize{48, 64}));
  }
}

TEST(Facts, of_a_raw_frame_are_in_its_caps) {
  const auto facts =
      inspect({"video/x-raw, format=(string)I420, width=(int)720, height=(int)576, "
               "framerate=(fraction)0/1, pixel-aspect-ratio=(fraction)16/15, orientation=(int)6",
               ""});
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts->stored, (FrameSize{720, 576}));
  EXPECT_EQ(facts->shown(), (FrameSize{576, 768}));
}

TEST(Facts, are_missing_where_the_header_is) {
  for (const char* type :
       {"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff",
        "image/heic", "video/x-raw", "video/x-raw, width=(int)0"}) {
    const auto facts = inspect({type, "none"});
    ASSERT_FALSE(facts.ok()) << type;
    EXPECT_EQ(facts.error().code, ErrorCode::wrong_type);
  }
}

TEST(Facts, survive_every_truncation_of_every_type) {
  for (const char* name : {"baseline.jpg", "cmyk.jpg", "plain.png", "plain.webp", "alpha.webp",
                           "animated.gif", "plain.tiff", "plain.heic", "plain.avif"}) {
    const auto whole = fixture(name);
    for (std::size_t length = 0; length < whole.bytes.size(); ++length)
      (void)inspect({whole.media_type, whole.bytes.substr(0, length)});
  }
}

}  // namespace
}  // namespace modelverse::picture
