// SPDX-License-Identifier: LGPL-2.1-or-later
// A server that sends a byte now and then is not silent, and is not waited for without end.
#include <gtest/gtest.h>

#include <thread>

#include "exchange_fixture.h"
#include "support/test_server.h"

namespace modelverse::http {
namespace {

using std::chrono::milliseconds;
using test_support::answer;
using test_support::Peer;
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
  Request request = get_request(server.url());
  request.is_answer_short = true;
  const Fault fault = fault_of(make_soup_transport(options_with(1))->exchange(request, sink, {}));
  EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::timed_out)) << fault.text;
  EXPECT_NE(fault.text.find("over its answer"), std::string::npos) << fault.text;
  EXPECT_TRUE(fault.may_have_been_sent);
  EXPECT_FALSE(sink.body.empty());
}

// A server that is at work may say so in between.
TEST(SoupSlowAnswer, may_be_announced_by_informational_ones) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    for (int i = 0; i < 5; ++i) {
      std::this_thread::sleep_for(milliseconds(500));
      peer.send("HTTP/1.1 102 Processing\r\n\r\n");
    }
    peer.send(answer("abc"));
  });
  EXPECT_EQ(status_of(get_once(server.url(), options_with(1))), 200U);
}

}  // namespace
}  // namespace modelverse::http
