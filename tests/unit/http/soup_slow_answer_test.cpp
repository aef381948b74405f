// SPDX-License-Identifier: LGPL-2.1-or-later
// A server that sends a byte now and then is not silent, and is not waited for without end.
#include <gtest/gtest.h>

#include <thread>

#include "exchange_fixture.h"
#include "support/test_resolver.h"
#include "support/test_server.h"

namespace modelverse::http {
namespace {

using std::chrono::milliseconds;
using test_support::answer;
using test_support::Peer;
using test_support::ResolverAnswer;
using test_support::ResolverScope;
using test_support::TestServer;

constexpr GTimeSpan trickle = 5000;  // us

// A status that comes byte by byte would hold up the next one for ever.
TEST(SoupSlowAnswer, is_ended_with_its_body_where_it_is_short) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    peer.send_for_ever("x", trickle);
  });
  KeepingSink sink;
  HttpRequest request = get_request(server.url());
  request.is_response_short = true;
  const Fault fault =
      fault_of(make_soup_transport(options_with(milliseconds(300)))->exchange(request, sink, {}));
  EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::timed_out)) << fault.text;
  EXPECT_NE(fault.text.find("to respond"), std::string::npos) << fault.text;
  EXPECT_TRUE(fault.is_request_sent);
  EXPECT_FALSE(sink.body.empty());
}

// A server that is at work may say so in between.
TEST(SoupSlowAnswer, may_be_announced_by_informational_ones) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    for (int i = 0; i < 5; ++i) {
      std::this_thread::sleep_for(milliseconds(220));
      peer.send("HTTP/1.1 102 Processing\r\n\r\n");
    }
    peer.send(answer("abc"));
  });
  EXPECT_EQ(status_of(get_once(server.url(), options_with(milliseconds(500)))), 200U);
}

HttpRequest submit(const TestServer& server, milliseconds response_timeout) {
  HttpRequest request = post_request(server.url(), "{}");
  request.response_timeout = response_timeout;
  request.is_response_short = true;
  return request;
}

// Neither silence nor the time for an answer ends a request that has a response timeout.
TEST(SoupResponseTimeout, lets_a_server_be_silent_before_its_head_and_in_its_body) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    std::this_thread::sleep_for(milliseconds(750));
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
    std::this_thread::sleep_for(milliseconds(450));
    peer.send("def");
    peer.wait_closed();
  });
  const auto transport = make_soup_transport(options_with(milliseconds(300)));
  KeepingSink sink;
  EXPECT_EQ(status_of(transport->exchange(submit(server, std::chrono::seconds(60)), sink, {})),
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
    const auto transport = make_soup_transport(options_with(std::chrono::seconds(30)));
    KeepingSink sink;
    const auto begun = std::chrono::steady_clock::now();
    const Fault fault = fault_of(transport->exchange(submit(server, milliseconds(300)), sink, {}));
    EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::timed_out)) << fault.text;
    EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds(285));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(25));
  }
}

TEST(SoupResponseTimeout, does_not_count_before_the_connection_stands) {
  const ResolverScope resolver(ResolverAnswer::silence);
  HttpRequest request = post_request("http://silent.test/", "{}");
  request.response_timeout = std::chrono::seconds(60);
  KeepingSink sink;
  const Fault fault =
      fault_of(make_soup_transport(options_with(milliseconds(300)))->exchange(request, sink, {}));
  EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::timed_out)) << fault.text;
  EXPECT_NE(fault.text.find("no data"), std::string::npos) << fault.text;
}

// A gateway that says "102 Processing" every few seconds, for as long as the submit may take.
TEST(SoupResponseTimeout, lets_a_submit_have_any_number_of_informational_responses) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    for (int i = 0; i < 100; ++i)
      peer.send("HTTP/1.1 102 Processing\r\n\r\n");
    peer.send(answer("ok"));
  });
  KeepingSink sink;
  EXPECT_EQ(status_of(make_soup_transport({})->exchange(submit(server, std::chrono::seconds(60)),
                                                        sink, {})),
            200U);
}

}  // namespace
}  // namespace modelverse::http
