// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures that claim to be small and are not.
#include "picture/work.h"

#include <gtest/gtest.h>

#include "made_heif.h"
#include "picture/decode.h"
#include "picture/facts.h"
#include "pictures.h"
#include "quadrants.h"
#include "support/peak.h"

namespace modelverse::picture {
namespace {

constexpr FrameSize claimed = {64, 48};

Error error_of(const PictureBytes& picture) {
  const auto decoded = decode(picture, claimed, {});
  EXPECT_FALSE(decoded.ok());
  return decoded ? Error{} : decoded.error();
}

void expect_refusal(const PictureBytes& picture, ErrorCode code, const std::string& part) {
  const auto error = error_of(picture);
  EXPECT_EQ(error.code, code);
  EXPECT_NE((error.text + error.debug).find(part), std::string::npos) << error.text << error.debug;
}

// Decoding it took 600 MB.
TEST(Work, of_a_lying_avif_is_refused_before_it_is_begun) {
  const auto picture = fixture("lying.avif");
  EXPECT_EQ(inspect(picture)->stored, claimed);
  if (!can_decode(picture.media_type))
    GTEST_SKIP() << "no loader";
  test_support::forget_peak();
  const auto before = test_support::peak_kib();
  expect_refusal(picture, ErrorCode::settings, "16384x12288");
  constexpr long most_growth_kib = 64 << 10;
  EXPECT_LT(test_support::peak_kib() - before, most_growth_kib);
}

MadeItem hevc_item(FrameSize size) {
  return {"hvc1", hevc_picture(), {extent(64, 48), hevc_config(hevc_sequence(size))}};
}

TEST(Work, of_a_lying_heic_is_refused_before_it_is_begun) {
  const auto lying = [](const std::vector<MadeItem>& items,
                        const std::vector<MadeReference>& references = {}) {
    return PictureBytes{"image/heic", made_heif("heic", items, references)};
  };
  if (!can_decode("image/heic"))
    GTEST_SKIP() << "no loader";
  expect_refusal(lying({hevc_item({30000, 20000})}), ErrorCode::settings, "30000x20000");
  const MadeItem canvas = {
      "grid", number(1, 2) + number(0, 2) + number(30000, 4) + number(20000, 4), {extent(64, 48)}};
  expect_refusal(lying({canvas, hevc_item(claimed)}, {{"dimg", 1, {2}}}), ErrorCode::settings,
                 "30000x20000");
  const MadeItem tiled = {
      "grid", number(1, 2) + number(1, 2) + number(64, 4) + number(48, 4), {extent(64, 48)}};
  expect_refusal(lying({tiled, hevc_item({10000, 10000})}, {{"dimg", 1, {2, 2}}}),
                 ErrorCode::settings, "as much to decode as 190 million pixels");
  // libheif would follow it until the stack ends.
  expect_refusal(lying({{"iden", "", {extent(64, 48)}}}, {{"dimg", 1, {1}}}), ErrorCode::wrong_type,
                 "told apart");
}

struct TiffEntry {
  std::uint32_t tag = 0;
  std::uint32_t value = 0;
  std::uint32_t type = 4;
};

// In the order of their tags.
PictureBytes tiff_of(const std::vector<TiffEntry>& more) {
  std::vector<TiffEntry> entries = {{256, 64}, {257, 48}, {258, 8}, {262, 1}, {273, 0}};
  entries.insert(entries.end(), more.begin(), more.end());
  auto bytes = std::string("II*\0\10\0\0\0", 8) + little_endian(entries.size(), 2);
  for (const auto& entry : entries)
    bytes += little_endian(entry.tag, 2) + little_endian(entry.type, 2) + little_endian(1, 4) +
             little_endian(entry.value, 4);
  return {"image/tiff", bytes + std::string(64, '\0')};
}

TEST(Work, of_a_tiff_whose_tile_is_far_larger_than_the_picture_is_refused) {
  expect_refusal(tiff_of({{277, 3}, {322, 16384}, {323, 16384}}), ErrorCode::settings,
                 "as much to decode as 768 million bytes");
  EXPECT_TRUE(check_work(tiff_of({{277, 3}, {322, 2048}, {323, 2048}}), {}).ok());
  constexpr std::uint32_t eight_bytes = 16;
  expect_refusal(tiff_of({{277, 3}, {322, 1, eight_bytes}, {323, 16384}}), ErrorCode::wrong_type,
                 "size of its strips");
}

TEST(Work, of_a_tiff_of_tiles_without_end_is_refused) {
  expect_refusal(tiff_of({{277, 3}, {322, 0xffffffff}, {323, 0xffffffff}}), ErrorCode::settings,
                 "million bytes");
}

TEST(Work, of_a_tiff_with_samples_without_end_is_refused) {
  expect_refusal(tiff_of({{277, 60000}}), ErrorCode::settings, "175 million bytes");
  EXPECT_TRUE(check_work(tiff_of({{277, 4}, {278, 0xffffffff}}), {}).ok());
}

// Its loader would fill the whole frame before it misses the end.
TEST(Work, of_a_gif_without_the_end_of_its_first_frame_is_refused) {
  auto picture = fixture("animated.gif");
  const auto frame = picture.bytes.find(std::string(",\0\0\0\0\x40\0\x30\0", 9));
  ASSERT_NE(frame, std::string::npos);
  auto flat = picture;
  flat.bytes[frame + 5] = '\0';
  expect_refusal(flat, ErrorCode::wrong_type, "first frame is not all there");
  picture.bytes.resize(frame + 60);
  expect_refusal(picture, ErrorCode::wrong_type, "first frame is not all there");
}

}  // namespace
}  // namespace modelverse::picture
