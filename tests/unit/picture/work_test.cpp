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

}  // namespace
}  // namespace modelverse::picture
