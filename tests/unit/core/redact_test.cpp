// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/redact.h"

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

TEST(Host, is_a_name_or_an_address) {
  for (const auto* host :
       {"h.example", "a_b-c.example.", "127.0.0.1", "::1", "fe80::1%lo", "猫.example"})
    EXPECT_TRUE(is_host(host)) << host;
  for (const auto* none :
       {"", "h&X-Secret=s", "h;s=1", "h?s", "h#s", "h=s", "a b", "u@h", "h%3Fs", "h,s"})
    EXPECT_FALSE(is_host(none)) << none;
}

TEST(ShownLink, is_the_host_alone) {
  EXPECT_EQ(shown_link("https://h.example:8443/a/b.mp4?Signature=s3cret"),
            "https://h.example:8443");
  EXPECT_EQ(shown_link("http://[::1]:80/a"), "http://[::1]:80");
  EXPECT_EQ(shown_link("ftp://猫.example"), "ftp://猫.example");
}

// The shapes in which a secret may come; "s3cret" is what none may show.
class HiddenPart : public testing::TestWithParam<const char*> {};

TEST_P(HiddenPart, of_a_link_is_not_shown) {
  const auto shown = shown_link(GetParam());
  EXPECT_EQ(shown.find("s3cret"), std::string::npos) << shown;
}

TEST_P(HiddenPart, of_a_link_in_a_text_is_not_shown) {
  const auto shown = without_links(std::string("Look at (") + GetParam() + "), it failed");
  EXPECT_EQ(shown.find("s3cret"), std::string::npos) << shown;
  EXPECT_TRUE(shown.starts_with("Look at (")) << shown;
  EXPECT_TRUE(shown.ends_with(" it failed")) << shown;
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, HiddenPart,
    testing::Values(
        "https://h/a?X-Secret=s3cret", "https://h/a&X-Secret=s3cret", "https://h/a;X-Secret=s3cret",
        "https://h/a#s3cret", "https://h/a%3FX-Secret%3Ds3cret", "https://h/a%26X-Secret=s3cret",
        "https://h/X-Secret=s3cret/a", "https://h/a/s3cret0123456789/b.mp4", "https://h?s3cret",
        "https://h#s3cret", "https://h&X-Secret=s3cret/a", "https://h;X-Secret=s3cret",
        "https://h%3FX-Secret=s3cret", "https://s3cret@h/a", "https://user:s3cret@h/a",
        "https://us:er@s3cret@h/a", "https://user:1/s3cret=@h/a", "https://h:s3cret/a",
        "https://h\\a?s3cret", "https://[::1]/a?X-Secret=s3cret", "https://[::1]X-Secret=s3cret",
        "https://h/a?b=(c)&X-Secret=s3cret", "https://h/a?b=[c]&X-Secret=s3cret",
        "https://h/a?b='c'&X-Secret=s3cret", "ftp://user:s3cret@h/a",
        "https://h/a?b=https://h/c?X-Secret=s3cret", "&X-Secret=s3cret", "/a?X-Secret=s3cret",
        "h/a%3FX-Secret%3Ds3cret", "https%3A%2F%2Fh%2Fa%3fX-Secret%3ds3cret",
        R"(https:\/\/h\/a?X-Secret=s3cret)", "a=https://h/?X-Secret=s3cret",
        "?X-Secret=s3cret&u=https://h/a", "https://?X-Secret=s3cret",
        R"(https:\/\/h.example\/s3cret0123456789abcdef0123\/v.mp4)",
        R"(https\u003a\u002f\u002fh.example\u002fs3cret0123456789abcdef0123)",
        "https%3A%2F%2Fh.example%2Fs3cret0123456789abcdef0123%2Fv.mp4",
        "https:&#x2F;&#x2F;h.example&#x2F;s3cret0123456789abcdef0123",
        "//h.example/s3cret0123456789abcdef0123/v.mp4", "h.example/s3cret0123456789abcdef0123"));

TEST(WithoutLinks, leaves_the_rest_as_it_is) {
  for (const auto* plain :
       {"", "Why? Because a = b & c.", "图片含有敏感内容？ 50 %", " \n ",
        "see https://docs.h.example/v1/account/api-keys.", "(http://h:80/)", "\"https://h\"",
        "no model openai/sora-2/image-to-video-pro", "task 0123456789abcdef0123456789abcdef"})
    EXPECT_EQ(without_links(plain), plain);
}

TEST(WithoutLinks, says_where_something_is_left_out) {
  EXPECT_EQ(without_links("a://"), "a://...");
  EXPECT_EQ(without_links("GET https://h/a.mp4?Signature=x: gone"), "GET https://h/a.mp4...: gone");
  EXPECT_EQ(without_links("http://h/?a=1 http://i/b/0123456789abcdef."),
            "http://h/... http://i/b....");
}

}  // namespace
}  // namespace modelverse
