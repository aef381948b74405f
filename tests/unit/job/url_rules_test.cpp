// SPDX-License-Identifier: LGPL-2.1-or-later
// Which URL may be asked for what.
#include "job/url_rules.h"

#include <gtest/gtest.h>

namespace modelverse::job {
namespace {

struct BaseCase {
  const char* url;
  bool allow_http;
  const char* base;  // nullptr: refused
};

class BaseUrl : public testing::TestWithParam<BaseCase> {};

TEST_P(BaseUrl, is_taken_or_refused) {
  const auto checked = check_base_url(GetParam().url, GetParam().allow_http);
  ASSERT_EQ(checked.ok(), GetParam().base != nullptr) << GetParam().url;
  if (checked) {
    EXPECT_EQ(*checked, GetParam().base);
  } else {
    EXPECT_EQ(checked.error().code, ErrorCode::settings);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, BaseUrl,
    testing::Values(BaseCase{"https://api.example", false, "https://api.example"},
                    BaseCase{"https://api.example/", false, "https://api.example"},
                    BaseCase{"https://api.example/x//", false, "https://api.example/x"},
                    BaseCase{"https://api.example:8443", false, "https://api.example:8443"},
                    BaseCase{"http://127.0.0.1:8080", false, "http://127.0.0.1:8080"},
                    BaseCase{"http://localhost:1", false, "http://localhost:1"},
                    BaseCase{"http://[::1]:1", false, "http://[::1]:1"},
                    BaseCase{" https://api.example/\n", false, "https://api.example"},
                    BaseCase{"https://api.example/a b", false, "https://api.example/a%20b"},
                    BaseCase{"http://api.example", false, nullptr},
                    BaseCase{"http://localhost.example", false, nullptr},
                    BaseCase{"http://10.0.0.1", false, nullptr},
                    BaseCase{"http://api.example", true, "http://api.example"},
                    BaseCase{"ftp://api.example", true, nullptr},
                    BaseCase{"file:///etc/passwd", true, nullptr},
                    BaseCase{"https://user:pw@api.example", false, nullptr},
                    BaseCase{"https://api.example/?a=b", false, nullptr},
                    BaseCase{"https://api.example/#f", false, nullptr},
                    BaseCase{"https://", false, nullptr}, BaseCase{"api.example", false, nullptr},
                    BaseCase{"", false, nullptr}));

struct LinkCase {
  const char* link;
  const char* base;
  bool allow_http;
  bool is_allowed;
};

class ResultLink : public testing::TestWithParam<LinkCase> {};

TEST_P(ResultLink, is_allowed_or_not) {
  const auto& row = GetParam();
  const auto checked = check_result_link(row.link, row.base, row.allow_http);
  EXPECT_EQ(checked.ok(), row.is_allowed) << row.link;
  if (!checked) {
    EXPECT_EQ(checked.error().code, ErrorCode::read);
  }
}

constexpr const char* api = "https://api.example";
constexpr const char* local = "http://127.0.0.1:8080";

INSTANTIATE_TEST_SUITE_P(
    All, ResultLink,
    testing::Values(LinkCase{"https://store.example/a.mp4?sig=1", api, false, true},
                    LinkCase{"http://store.example/a.mp4", api, false, false},
                    LinkCase{"http://store.example/a.mp4", api, true, true},
                    LinkCase{"http://127.0.0.1/a.mp4", local, false, true},
                    LinkCase{"https://127.0.0.1/a.mp4", api, false, false},
                    LinkCase{"https://127.9.9.9/a.mp4", api, true, false},
                    LinkCase{"https://[::1]/a.mp4", api, false, false},
                    LinkCase{"https://localhost/a.mp4", api, false, false},
                    LinkCase{"https://x.localhost/a.mp4", api, false, false},
                    LinkCase{"https://10.1.2.3/a.mp4", api, false, false},
                    LinkCase{"https://172.16.0.1/a.mp4", api, false, false},
                    LinkCase{"https://192.168.1.1/a.mp4", api, false, false},
                    LinkCase{"https://169.254.169.254/meta", api, false, false},
                    LinkCase{"https://0.0.0.0/a.mp4", api, false, false},
                    LinkCase{"https://0.1.2.3/a.mp4", api, false, false},
                    LinkCase{"https://100.100.100.200/meta", api, false, false},
                    LinkCase{"https://100.128.0.1/a.mp4", api, false, true},
                    LinkCase{"https://[fe80::1]/a.mp4", api, false, false},
                    LinkCase{"file:///etc/passwd", api, true, false},
                    LinkCase{"data:video/mp4,x", api, true, false}, LinkCase{"", api, true, false},
                    LinkCase{"/a.mp4", api, true, false}));

// GLib's site-local is IPv6's old fec0::/10 alone, its loopback knows no mapped address,
// and the resolver reads short forms that inet_pton() does not. Names are compared with case.
INSTANTIATE_TEST_SUITE_P(
    PrivateInDisguise, ResultLink,
    testing::Values(LinkCase{"https://[fd00::1]/a.mp4", api, false, false},
                    LinkCase{"https://[::ffff:127.0.0.1]/a", api, false, false},
                    LinkCase{"https://[::1%25lo]/a", api, false, false},
                    LinkCase{"https://[fe80::1%25lo]/a", api, false, false},
                    LinkCase{"https://[64:ff9b::127.0.0.1]/a", api, false, false},
                    LinkCase{"https://[64:ff9b::8.8.8.8]/a", api, false, true},
                    LinkCase{"https://127.1/a.mp4", api, false, false},
                    LinkCase{"https://LOCALHOST/a.mp4", api, false, false},
                    LinkCase{"https://localhost./a", api, false, false}));

// Some of them are no links at all, and a parser might take a part of them for the host.
TEST(ResultLinkError, never_shows_its_signature) {
  for (const auto* link :
       {"http://store.example/a.mp4?sig=s3cret", "http://store.example/a.mp4&sig=s3cret",
        "http://store.example/s3cret/a.mp4;sig=s3cret#s3cret", "http://u:s3cret@store.example/a",
        "http://store.example&sig=s3cret/a", "https://store.example&sig=s3cret/a",
        "https://store.example;sig=s3cret/a", "https://store.example%3Fsig=s3cret/a",
        "https://store.example%2Fs3cret/a", "https://127.0.0.1/%3Fsig%3Ds3cret", "&sig=s3cret",
        "ftp://u:s3cret@store.example/a", "https://u:s3cret", "https:store.example?sig=s3cret"}) {
    const auto checked = check_result_link(link, api, false);
    ASSERT_FALSE(checked) << link;
    EXPECT_EQ(checked.error().debug.find("s3cret"), std::string::npos) << checked.error().debug;
    EXPECT_EQ(checked.error().text.find("s3cret"), std::string::npos) << checked.error().text;
  }
}

TEST(Proxy, on_another_machine_is_not_given_an_unencrypted_key) {
  const std::string here = "http://127.0.0.1:8000";
  const std::string elsewhere = "http://user:s3cret@proxy.example:3128";
  const auto refused = check_proxy(here, elsewhere, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::settings);
  EXPECT_NE(refused.error().text.find("proxy.example"), std::string::npos);
  EXPECT_EQ(refused.error().text.find("s3cret"), std::string::npos);
  EXPECT_TRUE(check_proxy(here, elsewhere, true));
  EXPECT_TRUE(check_proxy("https://127.0.0.1:8000", elsewhere, false));
  for (const auto* proxy : {"http://127.0.0.1:3128", "socks5://localhost"})
    EXPECT_TRUE(check_proxy(here, proxy, false)) << proxy;
}

TEST(Proxy, without_a_host_is_refused_and_not_shown) {
  for (const auto* proxy :
       {"user:s3cret@127.0.0.1:1", "http://user:s3cret@", "http://user:s3cret@:80",
        "http://user:s3cret@h.test:99999", "http://us%er:s3cret@127.0.0.1:1",
        "http://user:s3cret/@127.0.0.1:1", "http://user:s3cret%00@127.0.0.1:1", "http:///s3cret",
        "mailto:s3cret", "http://[::1/s3cret", "s3cret", "127.0.0.1:3128", "proxy.example:3128",
        " "}) {
    const auto checked = check_proxy(api, proxy, true);
    ASSERT_FALSE(checked) << proxy;
    EXPECT_EQ(checked.error().code, ErrorCode::settings) << proxy;
    EXPECT_EQ(checked.error().property, "proxy");
    EXPECT_EQ((checked.error().text + checked.error().debug).find("s3cret"), std::string::npos);
  }
}

TEST(BaseUrlError, never_shows_a_password) {
  for (const auto* url :
       {"https://user:s3cret@a.example", "https://a.example?key=s3cret", "https://a.example#s3cret",
        "https://a.example&key=s3cret", "http://a.example/s3cret", "https://u:s3cret", "s3cret"}) {
    const auto checked = check_base_url(url, false);
    ASSERT_FALSE(checked.ok()) << url;
    EXPECT_EQ(checked.error().debug.find("s3cret"), std::string::npos) << checked.error().debug;
    EXPECT_EQ(checked.error().text.find("s3cret"), std::string::npos) << checked.error().text;
  }
}

TEST(ResultLinkError, is_fit_for_a_terminal) {
  const auto checked = check_result_link("data:\x1b[2J" + std::string(100'000, 'a'), api, false);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().debug.find('\x1b'), std::string::npos);
  EXPECT_LT(checked.error().debug.size(), 1000u);
}

TEST(SendableUrl, has_neither_spaces_nor_other_scripts) {
  EXPECT_EQ(sendable_url("https://a.example/b%20c?d=%7e&e=~"), "https://a.example/b%20c?d=%7e&e=~");
  EXPECT_EQ(sendable_url(" https://a.example/b c\n"), "https://a.example/b%20c");
  EXPECT_EQ(sendable_url("https://a.example/\xe4\xbd\xa0\r\nX: y"),
            "https://a.example/%E4%BD%A0%0D%0AX:%20y");
  EXPECT_EQ(sendable_url(" \t"), "");
  EXPECT_EQ(sendable_url(std::string_view("a\0b", 3)), "a%00b");
}

TEST(SendableUrl, keeps_its_host) {
  EXPECT_TRUE(is_same_origin(sendable_url("https://b\xc3\xbc"
                                          "cher.example/a"),
                             "https://xn--bcher-kva.example"));
}

TEST(Origin, is_scheme_host_and_port) {
  EXPECT_TRUE(is_same_origin("https://a.example/x?y", "https://a.example:443/z"));
  EXPECT_TRUE(is_same_origin("http://a.example:80", "http://a.example"));
  EXPECT_FALSE(is_same_origin("https://a.example", "http://a.example"));
  EXPECT_FALSE(is_same_origin("https://a.example", "https://b.example"));
  EXPECT_FALSE(is_same_origin("https://a.example", "https://a.example:8443"));
  EXPECT_FALSE(is_same_origin("nothing", "nothing"));
  EXPECT_FALSE(origin_of("mailto:a@b.example"));
}

TEST(Location, is_resolved_against_the_url_that_answered) {
  EXPECT_EQ(resolve_location("https://a.example/b/c?d", "/e?f%20g"), "https://a.example/e?f%20g");
  EXPECT_EQ(resolve_location("https://a.example/b/c", "e"), "https://a.example/b/e");
  EXPECT_EQ(resolve_location("https://a.example/b", "//c.example/d"), "https://c.example/d");
  EXPECT_EQ(resolve_location("https://a.example/b", "http://c.example/"), "http://c.example/");
  EXPECT_EQ(resolve_location("https://a.example/b", " /c d "), "https://a.example/c%20d");
  EXPECT_FALSE(resolve_location("https://a.example/b", "http://[bad/"));
  // GLib 2.74 takes it for a programming error to write that down, 2.84 does not.
  EXPECT_EQ(
      resolve_location("https://a.example/b", "x:/.//c.example/").value_or("x:/.//c.example/"),
      "x:/.//c.example/")
      << "and no critical";
}

}  // namespace
}  // namespace modelverse::job
