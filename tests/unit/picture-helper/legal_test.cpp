// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures of phones and cameras, through the helper as a job has it.
#include <gtest/gtest.h>

#include "picture-helper/decode.h"
#include "picture-helper/jpeg.h"
#include "quadrants.h"
#include "support/sanitized.h"
#include "unit/picture/helpers.h"

namespace modelverse::picture {
namespace {

Result<PictureBytes> sent_of(const PictureBytes& picture, const PictureRules& rules) {
  const auto decided = decide_change(picture, rules, ImageFit::crop);
  EXPECT_TRUE(decided.ok() && decided->change);
  return decided ? apply_change(picture, *decided->change, rules, {}) : decided.error();
}

TEST(Legal, large_pictures_of_tiles_and_of_more_than_8_bits_are_decoded) {
  for (const char* name :
       {"grid-12mp.heic", "grid-48mp.heic", "grid-12mp.avif", "deep-12mp.avif"}) {
    const auto picture = fixture(name);
    if (!can_decode(picture.media_type))
      GTEST_SKIP() << "no loader";
    const auto sent = sent_of(picture, hd_frames());
    ASSERT_TRUE(sent.ok()) << name << ": " << sent.error().text << sent.error().debug;
    SCOPED_TRACE(name);
    const auto pixels = seen(*sent);
    EXPECT_EQ(size_of(pixels), (FrameSize{1280, 720}));
    expect_quadrants(pixels);
  }
}

// A loader may hand out its pixels before or after it says that they are ready.
TEST(Legal, the_first_row_is_that_of_the_picture) {
  for (const char* name : {"plain.tiff", "plain.bmp", "animated.gif"}) {
    const auto sent = sent_of(fixture(name), frames({{64, 48}}));
    ASSERT_TRUE(sent.ok()) << name << ": " << sent.error().text;
    const auto pixels = seen(*sent);
    for (int x = 0; x < 64; ++x)
      EXPECT_TRUE(is_near(at(pixels, (x + 0.5) / 64, 0), x < 32 ? red : green, 0)) << name << x;
  }
}

std::string two_bytes(int side) {
  return bytes({side >> 8, side & 0xff});
}

// Grey: each unit of 16x16 pixels has only blocks that are as the one before and then empty, which
// the usual tables say in four bytes.
PictureBytes grey_jpeg(int width, int height) {
  auto jpeg = save_jpeg(flat({16, 16}, {128, 128, 128}), 90, false).value();
  const auto frame = jpeg.bytes.find("\xff\xc0");
  const auto scan = jpeg.bytes.find("\xff\xda");
  jpeg.bytes.replace(frame + 5, 4, two_bytes(height) + two_bytes(width));
  jpeg.bytes.resize(scan + 14);
  for (int i = 0; i < width / 16 * (height / 16); ++i)
    jpeg.bytes += std::string("\x28\xa2\x8a\0", 4);
  jpeg.bytes += "\xff\xd9";
  return jpeg;
}

// All of it would be 300 MB, which glycin takes and has room for.
TEST(Legal, a_jpeg_of_100_megapixels_is_decoded_at_a_part_of_its_size) {
  if (test_support::is_sanitized)
    GTEST_SKIP() << "memory has no limit in a sanitizer's build";
  const std::string limit = GDK_PIXBUF_MINOR < 43 ? "ulimit -v 300000; " : "";
  const ScriptedHelper helper(limit + "exec " + g_getenv(helper_variable));
  const auto sent = sent_of(grey_jpeg(11'600, 8'704), hd_frames());
  ASSERT_TRUE(sent.ok()) << sent.error().text << sent.error().debug;
  EXPECT_TRUE(is_near(at(seen(*sent), 0.9, 0.9), {128, 128, 128}));
}

}  // namespace
}  // namespace modelverse::picture
