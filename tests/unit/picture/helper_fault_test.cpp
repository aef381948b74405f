// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/helper_fault.h"

#include <gtest/gtest.h>

#include <string>

namespace modelverse::picture {
namespace {

Error error_for(HelperFault fault, const std::string& type) {
  PictureRules rules;
  rules.max_bytes = 10'000;
  return user_error({fault, "why"}, {type, {}}, rules);
}

TEST(HelperFault, becomes_an_error_with_the_values_of_the_request) {
  struct Case {
    HelperFault fault;
    ErrorCode code;
    const char* type;
    const char* word;
  };
  for (const auto& row : {
           Case{HelperFault::undecodable, ErrorCode::wrong_type, "image/gif", "as image/gif"},
           Case{HelperFault::undecodable, ErrorCode::wrong_type, "video/x-raw, width=(int)2",
                "as video/x-raw:"},
           Case{HelperFault::no_decoder, ErrorCode::wrong_type, "image/heic", "heif-gdk-pixbuf"},
           Case{HelperFault::no_decoder, ErrorCode::wrong_type, "image/webp", "webp-pixbuf-loader"},
           Case{HelperFault::large_first_frame, ErrorCode::wrong_type, "image/webp", "canvas"},
           Case{HelperFault::not_convertible, ErrorCode::wrong_type, "video/x-raw", "videoconvert"},
           Case{HelperFault::no_memory, ErrorCode::settings, "image/png", "memory"},
           Case{HelperFault::too_many_bytes, ErrorCode::settings, "image/png", "10000 bytes"},
           Case{HelperFault::not_encodable, ErrorCode::failed, "image/png", "encoded"},
       }) {
    const auto error = error_for(row.fault, row.type);
    EXPECT_EQ(error.code, row.code) << error.text;
    EXPECT_NE(error.text.find(row.word), std::string::npos) << error.text;
    EXPECT_EQ(error.debug, "why");
  }
}

}  // namespace
}  // namespace modelverse::picture
