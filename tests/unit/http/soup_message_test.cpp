// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/soup_message.h"

#include <gtest/gtest.h>

#include "exchange_fixture.h"

namespace modelverse::http {
namespace {

std::string header_of(SoupMessage* message, const char* name) {
  const char* value = soup_message_headers_get_one(soup_message_get_request_headers(message), name);
  return value ? value : "";
}

TEST(SoupMessage, leaves_path_and_query_as_they_are_written) {
  const auto message = make_message(get_request("https://host.example/a%7eb?sig=%2b%2B/=#part"));
  ASSERT_TRUE(message);
  const UriPtr uri(g_uri_ref(soup_message_get_uri(message.get())));
  EXPECT_STREQ(g_uri_get_path(uri.get()), "/a%7eb");
  EXPECT_STREQ(g_uri_get_query(uri.get()), "sig=%2b%2B/=");
  EXPECT_EQ(g_uri_get_fragment(uri.get()), nullptr);
}

TEST(SoupMessage, drops_a_user_and_fills_an_empty_path) {
  const auto message = make_message(get_request("http://me:secret@host.example:81?x"));
  ASSERT_TRUE(message);
  GUri* uri = soup_message_get_uri(message.get());
  EXPECT_EQ(g_uri_get_userinfo(uri), nullptr);
  EXPECT_STREQ(g_uri_get_path(uri), "/");
  EXPECT_EQ(g_uri_get_port(uri), 81);
}

TEST(SoupMessage, asks_for_bytes_as_they_are_and_sends_its_headers) {
  HttpRequest request = get_request("http://host.example/");
  request.headers = {{"Range", "bytes=7-"}};
  const auto message = make_message(request);
  ASSERT_TRUE(message);
  EXPECT_EQ(header_of(message.get(), "Accept-Encoding"), "identity");
  EXPECT_EQ(header_of(message.get(), "Range"), "bytes=7-");
}

TEST(SoupMessage, never_reuses_a_connection_for_a_post_and_never_follows) {
  const auto post = make_message(post_request("http://host.example/", "{}"));
  const auto get = make_message(get_request("http://host.example/"));
  EXPECT_TRUE(soup_message_query_flags(post.get(), SOUP_MESSAGE_NEW_CONNECTION));
  EXPECT_FALSE(soup_message_query_flags(get.get(), SOUP_MESSAGE_NEW_CONNECTION));
  for (const auto& message : {post, get}) {
    EXPECT_TRUE(soup_message_query_flags(message.get(), SOUP_MESSAGE_NO_REDIRECT));
    EXPECT_TRUE(soup_message_is_feature_disabled(message.get(), SOUP_TYPE_AUTH_MANAGER));
  }
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

TEST(SoupMessage, tells_how_the_length_of_an_answer_is_given) {
  const auto message = make_message(get_request("http://host.example/"));
  SoupMessageHeaders* headers = soup_message_get_response_headers(message.get());
  EXPECT_FALSE(stated_length(message.get()));
  soup_message_headers_append(headers, "Content-Length", "12");
  EXPECT_EQ(stated_length(message.get()), 12);
  EXPECT_FALSE(is_chunked(message.get()));
  soup_message_headers_clear(headers);
  soup_message_headers_append(headers, "Transfer-Encoding", "chunked");
  EXPECT_FALSE(stated_length(message.get()));
  EXPECT_TRUE(is_chunked(message.get()));
}

}  // namespace
}  // namespace modelverse::http
