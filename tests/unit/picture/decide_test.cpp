// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "picture/change.h"
#include "pictures.h"

namespace modelverse::picture {
namespace {

std::optional<Change> change_of(const PictureBytes& picture, const PictureRules& rules,
                                ImageFit fit = ImageFit::crop) {
  const auto decided = decide_change(picture, rules, fit);
  EXPECT_TRUE(decided.ok()) << (decided ? "" : decided.error().text);
  return decided ? decided->change : std::nullopt;
}

Error refusal_of(const PictureBytes& picture, const PictureRules& rules,
                 ImageFit fit = ImageFit::crop) {
  const auto decided = decide_change(picture, rules, fit);
  EXPECT_FALSE(decided.ok());
  return decided ? Error{} : decided.error();
}

// A header that says so, and nothing behind it.
PictureBytes png_of(FrameSize size) {
  std::string header(13, '\0');
  for (int i = 0; i < 4; ++i) {
    header[static_cast<std::size_t>(3 - i)] = static_cast<char>(size.width >> (8 * i));
    header[static_cast<std::size_t>(7 - i)] = static_cast<char>(size.height >> (8 * i));
  }
  return {"image/png", "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", header) + png_chunk("IEND", "")};
}

TEST(Decide, leaves_a_picture_alone_that_has_the_right_size_and_type) {
  for (const auto fit : {ImageFit::crop, ImageFit::pad, ImageFit::none}) {
    EXPECT_FALSE(change_of(fixture("baseline.jpg"), frames({{100, 100}, {64, 48}}), fit));
    EXPECT_FALSE(change_of(fixture("deep.png"), frames({{64, 48}}), fit));
    EXPECT_FALSE(change_of(fixture("plain.png"), {}, fit));
  }
  EXPECT_EQ(decide_change(fixture("plain.png"), {}, ImageFit::crop)->sent, (FrameSize{64, 48}));
}

TEST(Decide, changes_what_has_another_size) {
  const auto change = change_of(fixture("baseline.jpg"), hd_frames());
  ASSERT_TRUE(change);
  EXPECT_EQ(change->before, (FrameSize{64, 48}));
  EXPECT_EQ(change->after, (FrameSize{1280, 720}));
  EXPECT_EQ(change->fit, ImageFit::crop);
  const auto upright = change_of(with_orientation(fixture("baseline.jpg"), 6), hd_frames());
  EXPECT_EQ(upright->after, (FrameSize{720, 1280}));
}

TEST(Decide, changes_what_not_every_reader_shows_right) {
  const auto exact = frames({{64, 48}, {48, 64}});
  EXPECT_TRUE(change_of(fixture("plain.webp"), exact));
  EXPECT_TRUE(change_of(fixture("animated.gif"), {}));
  EXPECT_TRUE(change_of(fixture("cmyk.jpg"), exact));
  EXPECT_TRUE(change_of(with_orientation(fixture("baseline.jpg"), 3), exact));
  EXPECT_FALSE(change_of(with_orientation(fixture("baseline.jpg"), 1), exact));
}

TEST(Decide, knows_a_models_own_types) {
  PictureRules rules;
  rules.media_types = {"image/webp"};
  EXPECT_FALSE(change_of(fixture("plain.webp"), rules));
  EXPECT_TRUE(change_of(fixture("plain.png"), rules));
}

TEST(Decide, touches_nothing_with_none) {
  for (const char* name : {"baseline.jpg", "cmyk.jpg", "plain.webp", "plain.tiff", "plain.heic"})
    EXPECT_FALSE(change_of(fixture(name), hd_frames(), ImageFit::none)) << name;
  EXPECT_FALSE(change_of({"image/tiff", "no header"}, hd_frames(), ImageFit::none));
}

TEST(Decide, refuses_with_none_what_the_model_is_known_to_refuse) {
  PictureRules rules;
  rules.max_bytes = 100;
  const auto heavy = refusal_of(fixture("baseline.jpg"), rules, ImageFit::none);
  EXPECT_EQ(heavy.code, ErrorCode::settings);
  EXPECT_NE(heavy.text.find("up to 100"), std::string::npos);
  rules = {};
  rules.min_side = 300;
  rules.max_aspect = 2.5;
  const auto small = refusal_of(fixture("baseline.jpg"), rules, ImageFit::none);
  EXPECT_NE(small.text.find("64x48"), std::string::npos);
  EXPECT_NE(small.text.find("300 pixels or more and a longer side of up to 2.50 times"),
            std::string::npos)
      << small.text;
  rules = {};
  rules.media_types = {"image/jpeg"};
  EXPECT_NE(refusal_of(fixture("plain.webp"), rules, ImageFit::none).text.find("image/webp"),
            std::string::npos);
}

TEST(Decide, brings_what_is_beyond_the_limits_within_them) {
  PictureRules rules;
  rules.max_bytes = 100;
  EXPECT_TRUE(change_of(fixture("baseline.jpg"), rules));
  rules = {};
  rules.min_side = 300;
  EXPECT_EQ(change_of(fixture("baseline.jpg"), rules)->after, (FrameSize{400, 300}));
}

TEST(Decide, refuses_too_many_pixels_before_anything_is_begun) {
  const auto bomb = refusal_of(png_of({20'000, 20'000}), hd_frames());
  EXPECT_EQ(bomb.code, ErrorCode::settings);
  EXPECT_NE(bomb.text.find("20000x20000"), std::string::npos);
}

TEST(Decide, takes_a_jpeg_of_any_size_since_it_is_decoded_smaller) {
  auto huge = fixture("baseline.jpg");
  const auto frame = huge.bytes.find("\xff\xc0");
  huge.bytes.replace(frame + 5, 4, "\xff\xff\xff\xff");
  EXPECT_TRUE(change_of(huge, hd_frames()));
}

TEST(Decide, has_a_raw_frame_encoded_whatever_the_fit_is) {
  const PictureBytes raw = {
      "video/x-raw, format=(string)RGB, width=(int)64, height=(int)48, framerate=(fraction)0/1",
      std::string(64 * 48 * 3, 'x')};
  for (const auto fit : {ImageFit::crop, ImageFit::none})
    EXPECT_EQ(change_of(raw, {}, fit)->after, (FrameSize{64, 48}));
  EXPECT_EQ(change_of(raw, hd_frames(), ImageFit::none)->after, (FrameSize{64, 48}));
}

TEST(Decide, has_one_word_for_what_comes_to_the_same) {
  const Change cropped = {{400, 300}, {1280, 720}, ImageFit::crop};
  const Change padded = {{400, 300}, {1280, 720}, ImageFit::pad};
  EXPECT_EQ(cropped.text(), "fit 1 crop 1280x720");
  EXPECT_EQ(padded.text(), "fit 1 pad 1280x720");
  for (const auto fit : {ImageFit::crop, ImageFit::pad})
    EXPECT_EQ((Change{{1920, 1080}, {1280, 720}, fit}.text()), "fit 1 scale 1280x720");
}

TEST(Decide, tells_the_old_and_the_new_size) {
  const auto before = fixture("baseline.jpg");
  const auto change = change_of(before, hd_frames());
  const auto after = apply_change(before, *change, hd_frames(), {});
  ASSERT_TRUE(after.ok());
  const auto warning = change_warning(before, *change, *after);
  ASSERT_TRUE(warning);
  for (const char* word : {"cropped", "64x48", "1280x720", "image/jpeg", "image-fit"})
    EXPECT_NE(warning->text.find(word), std::string::npos) << warning->text;
}

}  // namespace
}  // namespace modelverse::picture
