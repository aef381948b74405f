// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/first_frame.h"

#include <gtest/gtest.h>

#include "picture-helper/decode.h"
#include "quadrants.h"

namespace modelverse::picture {
namespace {

TEST(FirstFrame, of_what_is_no_animation_is_the_picture) {
  for (const char* name : {"baseline.jpg", "plain.png", "plain.webp", "alpha.webp", "plain.tiff"}) {
    const auto picture = fixture(name);
    EXPECT_FALSE(first_frame_of(picture.bytes, picture.media_type)) << name;
  }
  EXPECT_FALSE(first_frame_of("GIF89a", "image/gif"));
}

TEST(FirstFrame, of_a_gif_is_its_beginning) {
  const auto picture = fixture("animated.gif");
  const auto first = first_frame_of(picture.bytes, picture.media_type);
  ASSERT_TRUE(first);
  EXPECT_LT(first->bytes.size(), picture.bytes.size());
  EXPECT_TRUE(picture.bytes.starts_with(first->bytes.substr(0, first->bytes.size() - 1)));
  expect_quadrants(seen({"image/gif", first->bytes}));
  EXPECT_FALSE(first_frame_of(first->bytes, "image/gif"));
}

TEST(FirstFrame, of_a_webp_is_a_still_of_its_own) {
  const auto picture = fixture("animated.webp");
  const auto first = first_frame_of(picture.bytes, picture.media_type);
  ASSERT_TRUE(first);
  EXPECT_EQ(inspect({"image/webp", first->bytes})->stored, (FrameSize{64, 48}));
  EXPECT_EQ(first->bytes.find("ANMF"), std::string::npos);
  EXPECT_FALSE(first_frame_of(first->bytes, "image/webp"));
}

TEST(FirstFrame, stands_in_its_place_on_the_canvas) {
  const auto picture = fixture("corner.webp");
  const auto first = first_frame_of(picture.bytes, picture.media_type);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->canvas, (FrameSize{64, 48}));
  const auto placed = put_in_place(flat({32, 24}, yellow), *first).value();
  EXPECT_EQ(size_of(placed), (FrameSize{64, 48}));
  EXPECT_TRUE(is_near(at(placed, 33 / 64.0, 25 / 48.0), yellow, 0));
  EXPECT_EQ(gdk_pixbuf_read_pixels(placed.get())[3], 0);
  if (!can_decode(picture.media_type))
    return;
  const auto sent = seen(*fitted(picture, hd_frames()));
  EXPECT_TRUE(is_near(at(sent, 0.75, 0.75), yellow, 2));
  EXPECT_TRUE(is_near(at(sent, 0.25, 0.25), white, 2));
}

TEST(FirstFrame, that_does_not_fit_onto_the_canvas_makes_a_webp_undecodable) {
  const FirstFrame frame{.bytes = {}, .canvas = {64, 48}, .x = 40, .y = 0};
  const auto placed = put_in_place(flat({32, 24}, yellow), frame);
  ASSERT_FALSE(placed.ok());
  EXPECT_EQ(placed.error().fault, HelperFault::large_first_frame);
}

// Its loader would run into criticals.
TEST(FirstFrame, that_is_missing_makes_a_webp_undecodable) {
  auto picture = fixture("animated.webp");
  picture.bytes.resize(picture.bytes.find("ANMF") + 20);
  EXPECT_TRUE(first_frame_of(picture.bytes, picture.media_type)->bytes.empty());
  if (can_decode(picture.media_type)) {
    EXPECT_EQ(decode(picture, {64, 48}).error().fault, HelperFault::undecodable);
  }
}

TEST(FirstFrame, is_looked_for_in_every_truncation) {
  for (const char* name : {"animated.gif", "animated.webp", "corner.webp"}) {
    const auto whole = fixture(name);
    for (std::size_t length = 0; length < whole.bytes.size(); ++length)
      (void)first_frame_of(whole.bytes.substr(0, length), whole.media_type);
  }
}

}  // namespace
}  // namespace modelverse::picture
