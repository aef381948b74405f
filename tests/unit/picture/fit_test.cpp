// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/fit.h"

#include <gtest/gtest.h>

#include "pictures.h"

namespace modelverse::picture {
namespace {

const std::vector<FrameSize> hd = {{1280, 720}, {720, 1280}};

TEST(Fit, chooses_the_frame_whose_aspect_is_nearest) {
  EXPECT_EQ(nearest_frame({4000, 3000}, hd), (FrameSize{1280, 720}));
  EXPECT_EQ(nearest_frame({3000, 4000}, hd), (FrameSize{720, 1280}));
  EXPECT_EQ(nearest_frame({1, 100'000}, hd), (FrameSize{720, 1280}));
  EXPECT_EQ(nearest_frame({1000, 1000}, {{1000, 100}, {800, 799}, {10, 100}}),
            (FrameSize{800, 799}));
}

TEST(Fit, takes_the_first_frame_for_a_square) {
  for (const int side : {1, 7, 1000, 4999})
    EXPECT_EQ(nearest_frame({side, side}, hd), (FrameSize{1280, 720})) << side;
  EXPECT_EQ(nearest_frame({5, 5}, {{720, 1280}, {1280, 720}}), (FrameSize{720, 1280}));
}

TEST(Fit, by_cropping_covers_the_canvas_and_cuts_the_middle_out) {
  const auto layout = lay_out({4000, 3000}, {1280, 720}, ImageFit::crop);
  EXPECT_EQ(layout.scaled, (FrameSize{1280, 960}));
  EXPECT_EQ(layout.x, 0);
  EXPECT_EQ(layout.y, 120);
  EXPECT_EQ(layout.part_x, 1);
  EXPECT_EQ(layout.part_y, 1);
}

TEST(Fit, by_padding_shows_all_of_it_in_the_middle) {
  const auto layout = lay_out({4000, 3000}, {1280, 720}, ImageFit::pad);
  EXPECT_EQ(layout.scaled, (FrameSize{960, 720}));
  EXPECT_EQ(layout.x, 160);
  EXPECT_EQ(layout.y, 0);
}

TEST(Fit, rounds_like_imagemagick) {
  const auto layout = lay_out({600, 401}, {1280, 720}, ImageFit::crop);
  EXPECT_EQ(layout.scaled, (FrameSize{1280, 855}));  // 855.47
  EXPECT_EQ(layout.y, 67);
}

TEST(Fit, is_the_same_either_way_where_the_aspect_is_right) {
  for (const auto fit : {ImageFit::crop, ImageFit::pad})
    EXPECT_EQ(lay_out({1920, 1080}, {1280, 720}, fit).scaled, (FrameSize{1280, 720}));
}

TEST(Fit, does_not_blow_up_what_nobody_sees) {
  const auto layout = lay_out({1'000'000, 10}, {1280, 720}, ImageFit::crop);
  EXPECT_EQ(layout.scaled, (FrameSize{5120, 720}));
  EXPECT_EQ(layout.x, 1920);
  EXPECT_NEAR(layout.part_x * 1'000'000, 5120 / 72.0, 0.01);
  EXPECT_EQ(lay_out({2'000'000'000, 1}, {1280, 720}, ImageFit::pad).scaled, (FrameSize{1280, 1}));
}

TEST(Fit, leaves_the_size_alone_where_every_size_will_do) {
  EXPECT_EQ(size_within({640, 481}, {}, ImageFit::crop), (FrameSize{640, 481}));
  EXPECT_TRUE(is_within({640, 481}, {}));
}

TEST(Fit, sends_nothing_larger_than_any_video) {
  EXPECT_EQ(size_within({8192, 6144}, {}, ImageFit::crop), (FrameSize{4096, 3072}));
  EXPECT_EQ(size_within({6144, 8192}, {}, ImageFit::pad), (FrameSize{3072, 4096}));
}

TEST(Fit, crops_or_fills_up_to_the_longest_allowed_form) {
  PictureRules rules;
  rules.max_aspect = 2.5;
  EXPECT_FALSE(is_within({3000, 1000}, rules));
  EXPECT_EQ(size_within({3000, 1000}, rules, ImageFit::crop), (FrameSize{2500, 1000}));
  EXPECT_EQ(size_within({3000, 1000}, rules, ImageFit::pad), (FrameSize{3000, 1200}));
  EXPECT_EQ(size_within({1000, 3000}, rules, ImageFit::crop), (FrameSize{1000, 2500}));
}

TEST(Fit, enlarges_to_the_least_side) {
  PictureRules rules;
  rules.min_side = 300;
  EXPECT_FALSE(is_within({400, 299}, rules));
  EXPECT_EQ(size_within({400, 200}, rules, ImageFit::crop), (FrameSize{600, 300}));
}

TEST(Fit, meets_all_limits_at_once_whatever_the_picture_is) {
  PictureRules rules;
  rules.min_side = 301;
  rules.max_aspect = 2.5;
  for (int width = 1; width < 12'000; width = width * 7 / 5 + 1)
    for (int height = 1; height < 12'000; height = height * 9 / 7 + 1)
      for (const auto fit : {ImageFit::crop, ImageFit::pad}) {
        const auto size = size_within({width, height}, rules, fit);
        EXPECT_TRUE(is_within(size, rules)) << width << "x" << height << " to " << to_text(size);
        EXPECT_LE(std::max(size.width, size.height), max_side);
      }
}

}  // namespace
}  // namespace modelverse::picture
