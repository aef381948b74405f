// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/uri.h"

#include <gtest/gtest.h>

namespace modelverse {
namespace {

TEST(WithoutSecrets, drops_the_signature) {
  EXPECT_EQ(without_secrets("https://h.example:8/a/b.mp4?Signature=s3cret&x=1#f"),
            "https://h.example:8/a/b.mp4");
}

TEST(WithoutSecrets, drops_a_user_and_a_password) {
  EXPECT_EQ(without_secrets("http://user:pass@h.example/p"), "http://h.example/p");
  EXPECT_EQ(without_secrets("http://user:p@ss@h.example"), "http://h.example");
}

TEST(WithoutSecrets, keeps_an_at_sign_in_the_path) {
  EXPECT_EQ(without_secrets("https://h.example/a@b"), "https://h.example/a@b");
}

TEST(WithoutSecrets, copes_with_what_is_no_url) {
  EXPECT_EQ(without_secrets(""), "");
  EXPECT_EQ(without_secrets("no-url?secret"), "no-url");
  EXPECT_EQ(without_secrets("https://"), "https://");
}

}  // namespace
}  // namespace modelverse
