// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/decode.h"

#include <gtest/gtest.h>

#include "pictures.h"
#include "png_chunks.h"
#include "quadrants.h"

namespace modelverse::picture {
namespace {

Error error_of(const PictureBytes& picture, std::stop_token stop = {}) {
  const auto decoded = decode(picture, {64, 48}, std::move(stop));
  EXPECT_FALSE(decoded.ok());
  return decoded ? Error{} : decoded.error();
}

TEST(Decode, shows_every_type_as_it_is) {
  for (const char* name : {"baseline.jpg", "progressive.jpg", "cmyk.jpg", "plain.png",
                           "palette.png", "deep.png", "plain.webp", "animated.webp", "animated.gif",
                           "plain.bmp", "plain.tiff", "plain.heic", "plain.avif"}) {
    const auto picture = fixture(name);
    if (!can_decode(picture.media_type))
      continue;
    const auto decoded = decode(picture, {64, 48}, {});
    ASSERT_TRUE(decoded.ok()) << name << ": " << decoded.error().debug;
    EXPECT_EQ(size_of(*decoded), (FrameSize{64, 48})) << name;
    SCOPED_TRACE(name);
    expect_quadrants(*decoded);
  }
}

TEST(Decode, has_a_loader_for_what_every_installation_must_take) {
  for (const char* type : {"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"})
    EXPECT_TRUE(can_decode(type)) << type;
}

TEST(Decode, names_the_type_that_it_cannot_decode_and_what_to_install) {
  EXPECT_FALSE(can_decode("image/x-unheard-of"));
  const auto error = error_of({"image/x-unheard-of", png()});
  EXPECT_EQ(error.code, ErrorCode::wrong_type);
  EXPECT_NE(error.text.find("image/x-unheard-of"), std::string::npos);
  EXPECT_NE(no_decoder("image/heic").text.find("heif-gdk-pixbuf"), std::string::npos);
  EXPECT_NE(no_decoder("image/webp").text.find("webp-pixbuf-loader"), std::string::npos);
}

TEST(Decode, makes_a_large_jpeg_smaller_on_the_way_but_not_below_twice_the_wanted_size) {
  const auto large = encoded(flat({1601, 1203}, blue), "jpeg");
  EXPECT_EQ(size_of(*decode(large, {801, 1}, {})), (FrameSize{1601, 1203}));
  EXPECT_EQ(size_of(*decode(large, {400, 300}, {})), (FrameSize{801, 602}));
  EXPECT_EQ(size_of(*decode(large, {200, 150}, {})), (FrameSize{401, 301}));
  const auto least = decode(large, {10, 10}, {});
  EXPECT_EQ(size_of(*least), (FrameSize{201, 151}));
  EXPECT_TRUE(is_near(at(*least, 0.5, 0.5), blue));
}

TEST(Decode, does_not_take_bytes_for_another_type_than_they_are) {
  for (const char* type : {"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"}) {
    const auto error = error_of({type, "<svg xmlns='http://www.w3.org/2000/svg'/>"});
    EXPECT_EQ(error.code, ErrorCode::wrong_type) << type;
    EXPECT_NE(error.text.find("damaged"), std::string::npos) << type;
  }
}

TEST(Decode, ends_well_wherever_a_picture_is_cut_or_changed) {
  for (const char* name : {"baseline.jpg", "progressive.jpg", "palette.png", "plain.webp",
                           "animated.webp", "corner.webp", "animated.gif", "plain.tiff"}) {
    const auto whole = fixture(name);
    for (std::size_t length = 0; length < whole.bytes.size(); length += 7) {
      (void)decode({whole.media_type, whole.bytes.substr(0, length)}, {64, 48}, {});
      auto changed = whole;
      changed.bytes[length] = static_cast<char>(~changed.bytes[length]);
      (void)decode(changed, {64, 48}, {});
    }
  }
}

TEST(Decode, refuses_more_pixels_than_there_is_room_for_before_it_decodes_them) {
  auto bomb = fixture("plain.bmp");
  bomb.bytes.replace(18, 8, std::string("\0\0\1\0\0\0\1\0", 8));
  const auto error = error_of(bomb);
  EXPECT_EQ(error.code, ErrorCode::settings);
  EXPECT_NE(error.text.find("65536x65536"), std::string::npos);
}

// Its loader would take it for whole, with what the memory held before in place of the rest.
TEST(Decode, refuses_a_picture_that_ends_before_its_last_row) {
  auto webp = fixture("plain.webp");
  if (can_decode(webp.media_type)) {
    webp.bytes.resize(webp.bytes.size() - 40);
    EXPECT_EQ(error_of(webp).code, ErrorCode::wrong_type);
  }
  auto jpeg = fixture("baseline.jpg");
  jpeg.bytes.resize(jpeg.bytes.size() - 20);
  EXPECT_EQ(error_of(jpeg).code, ErrorCode::wrong_type);
  auto png = fixture("plain.png");
  const auto height = png.bytes.find("IHDR") + 8;
  png.bytes[height + 3] = 100;
  png.bytes.replace(height + 9, 4, big_endian(crc_of(png.bytes.substr(height - 8, 17))));
  EXPECT_EQ(error_of(png).code, ErrorCode::wrong_type);
}

TEST(Decode, refuses_a_side_that_takes_too_long_a_table) {
  auto tall = fixture("plain.tiff");
  tall.bytes.replace(tall.bytes.find(std::string("\1\1\3\0\1\0\0\0", 8)), 12,
                     std::string("\1\1\4\0\1\0\0\0\0\0\x20\0", 12));
  const auto error = error_of(tall);
  EXPECT_EQ(error.code, ErrorCode::settings);
  EXPECT_NE(error.text.find("64x2097152"), std::string::npos) << error.text;
}

TEST(Decode, refuses_a_webp_whose_frame_is_larger_than_its_canvas) {
  if (!can_decode("image/webp"))
    GTEST_SKIP() << "no loader";
  // Each side less one; the canvas has 64x48.
  for (const auto& size :
       {std::string("\xff\xff\x7e\xff\xff\x7e", 6), std::string("\x40\0\0\x2f\0\0", 6),
        std::string("\x3f\0\0\x30\0\0", 6)}) {
    auto picture = fixture("animated.webp");
    picture.bytes.replace(picture.bytes.find("ANMF") + 14, 6, size);
    EXPECT_EQ(error_of(picture).code, ErrorCode::wrong_type);
    EXPECT_NE(error_of(picture).debug.find("larger than its canvas"), std::string::npos);
  }
}

TEST(Decode, refuses_a_jpeg_of_more_scans_than_any_encoder_makes) {
  auto picture = fixture("progressive.jpg");
  const auto last = picture.bytes.rfind("\xff\xda");
  const auto scan = picture.bytes.substr(last, picture.bytes.size() - 2 - last);
  for (int i = 0; i < 100; ++i)
    picture.bytes.insert(last, scan);
  EXPECT_EQ(error_of(picture).code, ErrorCode::wrong_type);
  EXPECT_NE(error_of(picture).debug.find("100 scans"), std::string::npos);
}

TEST(Decode, refuses_a_gif_whose_frame_hangs_far_over_its_screen) {
  auto picture = fixture("animated.gif");
  const auto frame = picture.bytes.find(std::string(",\0\0\0\0\x40\0\x30\0", 9));
  ASSERT_NE(frame, std::string::npos);
  picture.bytes.replace(frame + 5, 4, "\xff\xff\xff\xff");
  EXPECT_EQ(error_of(picture).code, ErrorCode::settings);
  EXPECT_NE(error_of(picture).text.find("65535x65535"), std::string::npos);
}

TEST(Decode, is_cancelled_by_its_token) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(error_of(fixture("plain.png"), stop.get_token()).code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace modelverse::picture
