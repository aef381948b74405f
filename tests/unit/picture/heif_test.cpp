// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/heif.h"

#include <gtest/gtest.h>

#include "pictures.h"

namespace modelverse::picture {
namespace {

std::string number(std::uint32_t value, int size) {
  std::string text;
  for (int shift = (size - 1) * 8; shift >= 0; shift -= 8)
    text += static_cast<char>(value >> shift & 0xff);
  return text;
}

std::string box(const std::string& type, const std::string& payload) {
  return number(static_cast<std::uint32_t>(payload.size()) + 8, 4) + type + payload;
}

std::string full_box(const std::string& type, const std::string& payload) {
  return box(type, number(0, 4) + payload);
}

std::string extent(std::uint32_t width, std::uint32_t height) {
  return full_box("ispe", number(width, 4) + number(height, 4));
}

// The primary item is the second; `properties` are all there are, `places` are its own.
std::string heif_with(const std::vector<std::string>& properties, const std::vector<int>& places) {
  std::string all;
  for (const auto& property : properties)
    all += property;
  std::string own;
  for (const int place : places)
    own += number(static_cast<std::uint32_t>(place) | 0x80, 1);
  const auto associations = number(0, 4) + number(2, 4) + number(1, 2) + number(1, 1) +
                            number(1, 1) + number(2, 2) +
                            number(static_cast<std::uint32_t>(places.size()), 1) + own;
  return box("ftyp", "heic") +
         box("meta", number(0, 4) + box("hdlr", "whatever") +
                         box("pitm", number(0, 4) + number(2, 2)) +
                         box("iprp", box("ipco", all) + box("ipma", associations)));
}

TEST(Heif, tells_the_size_of_its_primary_item) {
  EXPECT_EQ(heif_size(heif_with({extent(160, 120), extent(4032, 3024)}, {2})),
            (FrameSize{4032, 3024}));
}

TEST(Heif, is_turned_and_cut_by_its_properties) {
  const auto quarter = box("irot", number(1, 1));
  const auto half = box("irot", number(2, 1));
  const auto cut = box("clap", number(640, 4) + number(1, 4) + number(960, 4) + number(2, 4) +
                                   std::string(16, '\0'));
  EXPECT_EQ(heif_size(heif_with({extent(4032, 3024), quarter}, {1, 2})), (FrameSize{3024, 4032}));
  EXPECT_EQ(heif_size(heif_with({extent(4032, 3024), half}, {1, 2})), (FrameSize{4032, 3024}));
  EXPECT_EQ(heif_size(heif_with({extent(641, 481), cut}, {1, 2})), (FrameSize{640, 480}));
}

TEST(Heif, tells_whether_its_colours_are_multiplied) {
  EXPECT_TRUE(heif_is_premultiplied(fixture("half.avif").bytes));
  EXPECT_FALSE(heif_is_premultiplied(fixture("plain.avif").bytes));
  EXPECT_FALSE(heif_is_premultiplied(""));
}

TEST(Heif, without_a_size_has_none) {
  EXPECT_FALSE(heif_size(""));
  EXPECT_FALSE(heif_size(heif_with({extent(160, 120)}, {})));
  EXPECT_FALSE(heif_size(heif_with({extent(160, 120)}, {5})));
  EXPECT_FALSE(heif_size(heif_with({extent(0, 120)}, {1})));
  EXPECT_FALSE(heif_size(heif_with({extent(0xffffffff, 120)}, {1})));
}

TEST(Heif, survives_every_truncation_and_every_changed_byte) {
  const auto whole = fixture("plain.heic").bytes;
  EXPECT_EQ(heif_size(whole), (FrameSize{64, 48}));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    heif_size(whole.substr(0, i));
    for (const int value : {0, 1, 0x7f, 0xff}) {
      auto changed = whole;
      changed[i] = static_cast<char>(value);
      heif_size(changed);
    }
  }
}

}  // namespace
}  // namespace modelverse::picture
