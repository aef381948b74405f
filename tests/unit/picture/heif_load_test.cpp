// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/heif_load.h"

#include <gtest/gtest.h>

#include "made_heif.h"
#include "picture/coded.h"
#include "picture/facts.h"
#include "quadrants.h"

namespace modelverse::picture {
namespace {

constexpr FrameSize claimed = {64, 48};

MadeItem hevc_item(FrameSize size, const std::string& data = hevc_picture()) {
  return {"hvc1", data, {extent(64, 48), hevc_config(hevc_sequence(size))}};
}

std::string grid_of(int columns, int rows, FrameSize canvas) {
  return number(0, 1) + number(1, 1) + number(static_cast<std::uint32_t>(rows) - 1, 1) +
         number(static_cast<std::uint32_t>(columns) - 1, 1) +
         number(static_cast<std::uint32_t>(canvas.width), 4) +
         number(static_cast<std::uint32_t>(canvas.height), 4);
}

void expect_load(const std::string& bytes, FrameSize largest, double pixels) {
  const auto load = heif_load(bytes);
  ASSERT_TRUE(load);
  EXPECT_EQ(load->largest, largest);
  EXPECT_EQ(load->pixels, pixels);
}

TEST(HeifLoad, is_that_of_real_pictures) {
  constexpr double pixels = 64 * 48;
  expect_load(fixture("plain.avif").bytes, claimed, pixels);
  expect_load(fixture("turned.avif").bytes, claimed, pixels);
  expect_load(fixture("half.avif").bytes, claimed, 2 * pixels);
  expect_load(fixture("plain.heic").bytes, {64, 64}, 64 * 64);
}

TEST(HeifLoad, goes_by_what_is_coded_and_not_by_what_the_boxes_tell) {
  const auto hevc = made_heif("heic", {hevc_item({4000, 3000})});
  EXPECT_EQ(inspect({"image/heic", hevc})->stored, claimed);
  expect_load(hevc, {4000, 3000}, 4000 * 3000);
  const auto av1 = made_heif("avif", {{"av01",
                                       av1_sequence({{4000, 3000}}) + av1_unit(6, "frame"),
                                       {extent(64, 48), av1_config()}}});
  EXPECT_EQ(inspect({"image/avif", av1})->stored, claimed);
  expect_load(av1, {4000, 3000}, 4000 * 3000);
}

TEST(HeifLoad, finds_the_largest_of_a_coded_pictures_headers) {
  const auto nal = hevc_sequence({4000, 3000});
  expect_load(made_heif("heic", {hevc_item(claimed, length_of(nal, 4) + nal + hevc_picture())}),
              {4000, 3000}, 4000 * 3000);
  expect_load(made_heif("avif", {{"av01",
                                  av1_sequence({claimed}) + av1_unit(6, "frame"),
                                  {av1_config(av1_sequence({{4000, 3000}}))}}}),
              {4000, 3000}, 4000 * 3000);
}

TEST(HeifLoad, counts_every_tile_and_the_alpha_as_often_as_it_is_decoded) {
  const MadeItem grid = {"grid", grid_of(2, 2, {6000, 4000}), {extent(64, 48)}};
  expect_load(made_heif("heic", {grid, hevc_item({512, 512}), hevc_item(claimed)},
                        {{"dimg", 1, {2, 2, 2, 2}}, {"auxl", 3, {1}}}),
              {6000, 4000}, 4 * 512 * 512 + 64 * 48);
}

TEST(HeifLoad, counts_pictures_of_more_than_8_bits_twice) {
  expect_load(
      made_heif("heic", {{"hvc1", hevc_picture(), {hevc_config(hevc_sequence(claimed, 2))}}}),
      claimed, 2 * 64 * 48);
  expect_load(
      made_heif("avif", {{"av01",
                          av1_sequence({.size = claimed, .is_deep = true}) + av1_unit(6, "frame"),
                          {av1_config()}}}),
      claimed, 2 * 64 * 48);
}

TEST(HeifLoad, counts_what_a_picture_refers_to_as_the_decoder_makes_it_up) {
  constexpr std::uint32_t clean_random_access = 21;
  expect_load(made_heif("heic", {hevc_item(claimed, hevc_picture(clean_random_access))}), claimed,
              17 * 64 * 48);
  expect_load(made_heif("heic", {hevc_item(claimed, hevc_picture() + hevc_picture())}), claimed,
              2 * 64 * 48);
}

TEST(HeifLoad, takes_a_frame_that_has_a_size_of_its_own_for_the_largest_there_can_be) {
  const auto stream = [](const std::string& frame) {
    return made_heif("avif", {{"av01",
                               av1_sequence({.size = claimed, .is_one_still = false}) +
                                   av1_unit(6, packed(frame)),
                               {av1_config()}}});
  };
  // A key frame that is shown: its cumulative statistics, screen content, whole pixels, own size.
  expect_load(stream("0001"
                     "0000"),
              claimed, 64 * 48);
  expect_load(stream("0001"
                     "0001"),
              claimed, 64 * 48);
  expect_load(stream("0001"
                     "0010"),
              {65536, 65536}, 65536.0 * 65536);
  expect_load(stream("0001"
                     "0101"),
              {65536, 65536}, 65536.0 * 65536);
}

TEST(HeifLoad, reads_a_sequence_header_with_all_that_may_stand_before_its_size) {
  const auto timing = "1" + bits_of(1, 32) + bits_of(1, 32) + "1" + exp_golomb(5) + "1" +
                      bits_of(9, 5) + bits_of(1, 32) + bits_of(9, 5) + bits_of(9, 5);
  const auto point =
      bits_of(0, 12) + bits_of(8, 5) + "1" + "1" + std::string(21, '1') + "1" + "1010";
  const auto before = timing + "1" + bits_of(1, 5) + point + point;
  const auto coded = av1_coded(
      "", av1_sequence({.size = {4000, 3000}, .is_one_still = false, .more_before_size = before}));
  ASSERT_TRUE(coded);
  EXPECT_EQ(coded->size, (FrameSize{4000, 3000}));
}

TEST(HeifLoad, is_untold_where_an_item_is_made_of_itself_or_of_nothing) {
  const MadeItem identity = {"iden", "", {extent(64, 48)}};
  const auto coded = hevc_item(claimed);
  expect_load(made_heif("heic", {identity, coded}, {{"dimg", 1, {2}}}), claimed, 64 * 48);
  EXPECT_FALSE(heif_load(made_heif("heic", {identity}, {{"dimg", 1, {1}}})));
  EXPECT_FALSE(heif_load(made_heif("heic", {coded, coded}, {{"auxl", 1, {2}}, {"auxl", 2, {1}}})));
  EXPECT_FALSE(heif_load(made_heif("heic", {identity, coded}, {{"dimg", 1, {3}}})));
  EXPECT_FALSE(heif_load(made_heif("heic", {{"jpeg", "data", {extent(64, 48)}}})));
  EXPECT_FALSE(heif_load(made_heif("heic", {{"hvc1", hevc_picture(), {extent(64, 48)}}})));
  EXPECT_FALSE(heif_load(""));
}

TEST(HeifLoad, is_untold_where_libheif_could_read_something_else) {
  const auto whole = made_heif("heic", {hevc_item(claimed)});
  ASSERT_TRUE(heif_load(whole));
  EXPECT_FALSE(heif_load(whole + whole.substr(whole.find("meta") - 4)));
  auto longer = made_heif("heic", {hevc_item(claimed)}, {{"thmb", 1, {1}}});
  ASSERT_TRUE(heif_load(longer));
  longer[longer.find("thmb") + 7] = 0;
  EXPECT_FALSE(heif_load(longer));
}

TEST(HeifLoad, survives_every_truncation_and_every_changed_byte) {
  for (const char* name : {"plain.heic", "half.avif"}) {
    const auto whole = fixture(name).bytes;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      (void)heif_load(whole.substr(0, i));
      for (const int value : {0, 1, 0x7f, 0xff}) {
        auto changed = whole;
        changed[i] = static_cast<char>(value);
        (void)heif_load(changed);
      }
    }
  }
}

}  // namespace
}  // namespace modelverse::picture
