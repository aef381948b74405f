// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/helper_protocol.h"

#include <gtest/gtest.h>

#include "pictures.h"

namespace modelverse::picture {
namespace {

PictureRules all_rules() {
  return {.frame_sizes = {{1280, 720}, {720, 1280}},
          .media_types = {"image/jpeg", "image/png"},
          .max_bytes = std::uint64_t{1} << 40,
          .min_side = 300,
          .max_aspect = 2.5};
}

const Change padded = {{64, 48}, {1280, 720}, ImageFit::pad};

std::string head_of(const std::string& start) {
  const auto prefix = read_helper_prefix(start);
  EXPECT_TRUE(prefix);
  return prefix ? start.substr(helper_prefix_bytes, prefix->head_bytes) : "";
}

TEST(HelperProtocol, carries_a_request) {
  const auto start = helper_request_start({"image/webp", "bytes"}, padded, all_rules());
  EXPECT_EQ(read_helper_prefix(start)->body_bytes, 5u);
  const auto request = read_helper_request(head_of(start), "bytes");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->picture.media_type, "image/webp");
  EXPECT_EQ(request->picture.bytes, "bytes");
  EXPECT_EQ(request->change.after, padded.after);
  EXPECT_EQ(request->change.fit, ImageFit::pad);
  const auto rules = all_rules();
  EXPECT_EQ(request->rules.frame_sizes, rules.frame_sizes);
  EXPECT_EQ(request->rules.media_types, rules.media_types);
  EXPECT_EQ(request->rules.max_bytes, rules.max_bytes);
  EXPECT_EQ(request->rules.min_side, rules.min_side);
  EXPECT_EQ(request->rules.max_aspect, rules.max_aspect);
}

TEST(HelperProtocol, carries_a_picture_back) {
  const PictureBytes picture = {"image/png", png()};
  const auto response = read_helper_response(helper_response_start(picture) + picture.bytes);
  ASSERT_TRUE(response && response->ok());
  EXPECT_EQ((*response)->media_type, "image/png");
  EXPECT_EQ((*response)->bytes, picture.bytes);
}

TEST(HelperProtocol, carries_an_error_back) {
  for (const auto fault : {HelperFault::undecodable, HelperFault::not_encodable}) {
    const auto response =
        read_helper_response(helper_response_start(HelperError{fault, "debug \xff"}));
    ASSERT_TRUE(response && !response->ok());
    EXPECT_EQ(response->error().fault, fault);
    EXPECT_TRUE(response->error().debug.starts_with("debug"));
  }
}

TEST(HelperProtocol, has_no_response_that_makes_no_sense) {
  const PictureBytes picture = {"image/png", png()};
  EXPECT_FALSE(read_helper_response(""));
  EXPECT_FALSE(read_helper_response(helper_response_start(picture)));
  EXPECT_FALSE(read_helper_response(helper_response_start(picture) + picture.bytes + "more"));
  const PictureBytes other = {"image/png", "<svg/>"};
  EXPECT_FALSE(read_helper_response(helper_response_start(other) + other.bytes));
  for (const int number : {-1, helper_fault_count})
    EXPECT_FALSE(read_helper_response(
        helper_response_start(HelperError{static_cast<HelperFault>(number), "debug"})))
        << number;
}

TEST(HelperProtocol, survives_every_truncation_and_every_changed_byte) {
  const auto request = helper_request_start({"image/webp", ""}, padded, all_rules());
  const auto response = helper_response_start(HelperError{HelperFault::no_memory, "debug"});
  for (const auto& whole : {request, response})
    for (std::size_t i = 0; i < whole.size(); ++i)
      for (const int value : {0, 1, 0x7f, 0xff}) {
        auto changed = whole;
        changed[i] = static_cast<char>(value);
        for (const auto& message : {changed, whole.substr(0, i)}) {
          read_helper_response(message);
          if (message.size() > helper_prefix_bytes)
            read_helper_request(message.substr(helper_prefix_bytes), "");
        }
      }
}

}  // namespace
}  // namespace modelverse::picture
