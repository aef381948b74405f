// SPDX-License-Identifier: LGPL-2.1-or-later
// The limits of a response. A server that sends single bytes is not idle, but has a limit, too.
#include <gtest/gtest.h>

#include <thread>

#include "exchange_fixture.h"
#include "support/test_resolver.h"
#include "support/test_server.h"

namespace modelverse::http {
namespace {

using std::chrono::milliseconds;
using test_support::http_response;
using test_support::Peer;
using test_support::ResolverAnswer;
using test_support::ResolverScope;
using test_support::TestServer;

constexpr GTimeSpan trickle = 5000;  // us

// A status that comes byte by byte would hold up the next one for ever.
TEST(SoupSlowResponse, is_ended_in_its_body_if_it_has_to_be_short) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    peer.send_for_ever("x", trickle);
  });
  KeepingSink sink;
  HttpRequest request = get_request(server.url());
  request.is_response_short = true;
  expect_fault(exchange_once(request, sink, options_with(milliseconds(300))), FaultKind::timed_out,
               true, "to respond");
  EXPECT_FALSE(sink.body.empty());
}

// A server that is at work may say so in between.
TEST(SoupSlowResponse, may_be_announced_by_informational_ones) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    for (int i = 0; i < 5; ++i) {
      std::this_thread::sleep_for(milliseconds(220));
      peer.send("HTTP/1.1 102 Processing\r\n\r\n");
    }
    peer.send(http_response("abc"));
  });
  EXPECT_EQ(status_of(get_once(server.url(), options_with(milliseconds(500)))), 200U);
}

HttpRequest submit(const TestServer& server, milliseconds response_timeout) {
  HttpRequest request = post_request(server.url(), "{}");
  request.response_timeout = response_timeout;
  request.is_response_short = true;
  return request;
}

TEST(SoupResponseTimeout, lets_a_server_be_idle_before_its_headers_and_in_its_body) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    std::this_thread::sleep_for(milliseconds(750));
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
    std::this_thread::sleep_for(milliseconds(450));
    peer.send("def");
    peer.wait_closed();
  });
  KeepingSink sink;
  EXPECT_EQ(status_of(exchange_once(submit(server, std::chrono::seconds(60)), sink,
                                    options_with(milliseconds(300)))),
            200U);
  EXPECT_EQ(sink.body, "abcdef");
}

TEST(SoupResponseTimeout, ends_a_response_that_takes_longer) {
  for (const char* sent : {"", "HTTP/1.1 103 X\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nabc"}) {
    TestServer server([&](Peer& peer) {
      peer.read_request();
      peer.send(sent);
      peer.hold();
    });
    const auto begun = std::chrono::steady_clock::now();
    expect_fault(exchange_once(submit(server, milliseconds(300))), FaultKind::timed_out, true,
                 "to respond");
    EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds(285));
  }
}

TEST(SoupResponseTimeout, does_not_apply_to_connecting) {
  const ResolverScope resolver(ResolverAnswer::silence);
  HttpRequest request = post_request("http://silent.test/", "{}");
  request.response_timeout = std::chrono::seconds(60);
  expect_fault(exchange_once(request, options_with(milliseconds(300))), FaultKind::timed_out, false,
               "no data");
}

// A gateway that says "102 Processing" every few seconds, for as long as the submit may take.
TEST(SoupResponseTimeout, lets_a_submit_have_any_number_of_informational_responses) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    for (int i = 0; i < 100; ++i)
      peer.send("HTTP/1.1 102 Processing\r\n\r\n");
    peer.send(http_response("ok"));
  });
  EXPECT_EQ(status_of(exchange_once(submit(server, std::chrono::seconds(60)))), 200U);
}

}  // namespace
}  // namespace modelverse::http
