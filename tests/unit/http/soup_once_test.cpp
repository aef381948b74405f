// SPDX-License-Identifier: LGPL-2.1-or-later
// One exchange is one request on the wire, whatever libsoup would do with the response.
#include <gtest/gtest.h>

#include "exchange_fixture.h"
#include "support/test_server.h"

namespace modelverse::http {
namespace {

using test_support::http_response;
using test_support::Peer;
using test_support::TestServer;

HttpRequest request_to(const TestServer& server, Method method) {
  return method == Method::get ? get_request(server.url())
                               : post_request(server.url(), "{\"a\": 1}");
}

class SoupOnce : public testing::TestWithParam<Method> {};

INSTANTIATE_TEST_SUITE_P(Methods, SoupOnce, testing::Values(Method::get, Method::post),
                         [](const auto& test) {
                           return test.param == Method::get ? "get" : "post";
                         });

TEST_P(SoupOnce, if_a_kept_alive_connection_ends_without_a_response) {
  TestServer server([](Peer& peer) {
    if (peer.number() == 0 && peer.read_request())
      peer.send(http_response("first"));
    peer.read_request();
  });
  const auto transport = make_soup_transport({});
  KeepingSink sink;
  ASSERT_EQ(status_of(transport->exchange(get_request(server.url()), sink, {})), 200U);
  expect_fault(transport->exchange(request_to(server, GetParam()), sink, {}), FaultKind::reset,
               true);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_P(SoupOnce, whatever_the_response_asks_for) {
  const char* statuses[] = {"301 Moved Permanently",
                            "302 Found",
                            "303 See Other",
                            "307 Temporary Redirect",
                            "308 Permanent Redirect",
                            "401 Unauthorized",
                            "407 Proxy Authentication Required",
                            "408 Request Timeout",
                            "421 Misdirected Request",
                            "425 Too Early",
                            "429 Too Many Requests",
                            "503 Service Unavailable"};
  for (const std::string status : statuses) {
    TestServer server([&](Peer& peer) {
      while (peer.read_request())
        peer.send(http_response("body", status,
                                "Location: /elsewhere\r\nRetry-After: 0\r\n"
                                "WWW-Authenticate: Basic realm=\"x\"\r\n"
                                "Proxy-Authenticate: Basic realm=\"x\"\r\n"));
    });
    KeepingSink sink;
    const Outcome outcome = exchange_once(request_to(server, GetParam()), sink);
    EXPECT_EQ(status_of(outcome), static_cast<unsigned>(std::stoi(status)));
    EXPECT_EQ(*std::get<HttpResponse>(outcome).header("location"), "/elsewhere");
    EXPECT_EQ(server.requests().size(), 1U) << status;
    EXPECT_EQ(sink.body, status.starts_with("421") ? "" : "body") << status;
  }
}

TEST_P(SoupOnce, and_no_response_is_gathered_in_memory_first) {
  for (const char* status : {"401 Unauthorized", "407 X", "421 X", "302 Found"}) {
    TestServer server([&](Peer& peer) {
      peer.read_request();
      peer.send("HTTP/1.1 " + std::string(status) + "\r\nLocation: /\r\n\r\n");
      peer.send_for_ever(std::string(65536, 'x'));
    });
    KeepingSink sink;
    sink.is_wanted = false;
    EXPECT_EQ(status_of(exchange_once(request_to(server, GetParam()), sink)),
              static_cast<unsigned>(std::stoi(status)));
    EXPECT_TRUE(server.wait_ended(1));
  }
}

}  // namespace
}  // namespace modelverse::http
