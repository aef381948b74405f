// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/text.h"

#include <gtest/gtest.h>

namespace modelverse {
namespace {

TEST(Printable, leaves_ordinary_text_alone) {
  EXPECT_EQ(printable("a b/ä"), "a b/ä");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, replaces_control_characters) {
  EXPECT_EQ(printable(std::string_view("a\nb\0c\x7f\x1b", 7)), "a?b?c??");
}

TEST(Printable, cuts_between_characters) {
  EXPECT_EQ(printable("ääää", 3), "ä...");
  EXPECT_EQ(printable("ääää", 4), "ää...");
  EXPECT_EQ(printable("ääää", 8), "ääää");
  EXPECT_EQ(printable(std::string(1000, 'x')).size(), 203u);
}

TEST(Printable, copes_with_bytes_that_are_no_utf8) {
  EXPECT_EQ(printable("\x80\x80\x80", 2), "...");
}

}  // namespace
}  // namespace modelverse
