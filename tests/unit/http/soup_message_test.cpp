// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/soup_message.h"

#include <gtest/gtest.h>

#include "exchange_fixture.h"

namespace modelverse::http {
namespace {

TEST(SoupMessage, drops_a_user_and_fills_an_empty_path) {
  const auto message = make_message(get_request("http://me:secret@host.example:81?x"));
  ASSERT_TRUE(message);
  GUri* uri = soup_message_get_uri(message.get());
  EXPECT_EQ(g_uri_get_userinfo(uri), nullptr);
  EXPECT_STREQ(g_uri_get_path(uri), "/");
  EXPECT_EQ(g_uri_get_port(uri), 81);
}

class Unsendable : public testing::TestWithParam<HttpRequest> {};

TEST_P(Unsendable, is_refused) {
  EXPECT_FALSE(make_message(GetParam()));
}

HttpRequest with_header(std::string name, std::string value) {
  HttpRequest request = get_request("http://host.example/");
  request.headers = {{std::move(name), std::move(value)}};
  return request;
}

HttpRequest with_type(std::string type) {
  HttpRequest request = post_request("http://host.example/", "{}");
  request.content_type = std::move(type);
  return request;
}

INSTANTIATE_TEST_SUITE_P(
    All, Unsendable,
    testing::Values(get_request(""), get_request("host.example/"), get_request("ftp://host/"),
                    get_request("http:///path"), get_request("http://host.example/a b"),
                    get_request("http://host.example:x/"), get_request("http://host.example/%zz"),
                    get_request("http://host.example/\r\nX: y"),
                    get_request(std::string("http://host/\0x", 14)), with_header("", "x"),
                    with_header("A:", "x"), with_header("A B", "x"), with_header("A", "x\r\nB: y"),
                    with_header("A", std::string("x\0y", 3)), with_type("text\r\nA: b"),
                    with_type("nothing")));

}  // namespace
}  // namespace modelverse::http
