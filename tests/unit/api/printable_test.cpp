// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/printable.h"

#include <glib.h>
#include <gtest/gtest.h>

namespace modelverse::api {
namespace {

TEST(Printable, leaves_plain_text_as_it_is) {
  EXPECT_EQ(printable(""), "");
  EXPECT_EQ(printable("Why? 图片含有敏感内容 50 %"), "Why? 图片含有敏感内容 50 %");
  EXPECT_EQ(printable(std::string(500, 'x')), std::string(500, 'x'));
}

TEST(Printable, replaces_what_cannot_be_printed) {
  EXPECT_EQ(printable("a\nb\tc\x1b[31md\x7f"), "a b c [31md ");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a b");
  EXPECT_EQ(printable("a\xff\xc3"), "a  ");
  EXPECT_EQ(printable("a\u202eb\u2028c"), "a b c");
}

TEST(Printable, shortens_between_characters) {
  for (std::size_t prefix = 0; prefix < 4; ++prefix) {
    std::string text(prefix, 'x');
    for (int i = 0; i < 400; ++i)
      text += "猫";
    const auto shown = printable(text);
    EXPECT_LE(shown.size(), 500u);
    EXPECT_GE(shown.size(), 495u);
    EXPECT_TRUE(g_utf8_validate(shown.c_str(), -1, nullptr));
    EXPECT_TRUE(shown.ends_with("…"));
  }
  EXPECT_LE(printable("猫", 2).size(), 2u);
}

TEST(Printable, keeps_no_query_of_a_url) {
  EXPECT_EQ(printable("GET https://host/a.mp4?Signature=secret: gone"),
            "GET https://host/a.mp4...: gone");
  EXPECT_EQ(printable("see \"http://h/x?s=1#f\" or why?"), "see \"http://h/x...\" or why?");
  EXPECT_EQ(printable("http://h/?a=1 http://h/?b=2"), "http://h/... http://h/...");
}

TEST(Printable, is_known_by_its_question) {
  EXPECT_TRUE(is_printable(""));
  EXPECT_TRUE(is_printable("task-1/猫?"));
  EXPECT_FALSE(is_printable("a\nb"));
  EXPECT_FALSE(is_printable("a\xff"));
  EXPECT_FALSE(is_printable(std::string_view("a\0", 2)));
  EXPECT_FALSE(is_printable("a\u202eb"));
}

}  // namespace
}  // namespace modelverse::api
