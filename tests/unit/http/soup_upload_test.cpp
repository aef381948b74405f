// SPDX-License-Identifier: LGPL-2.1-or-later
// Request bodies on the wire.
#include <gtest/gtest.h>

#include <string>

#include "exchange_fixture.h"
#include "support/test_server.h"

namespace modelverse::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test_support::answer;
using test_support::Peer;
using test_support::TestServer;

std::string letters(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i < size; ++i)
    text[i] = static_cast<char>('a' + i * (i + 1) / 2 % 26);
  return text;
}

TEST(SoupUpload, states_the_length_and_sends_every_byte) {
  for (const std::size_t size : {0u, 1u, 8191u, 8192u, 8193u, 3'000'001u}) {
    TestServer server(always(answer("ok")));
    const auto body = letters(size);
    KeepingSink sink;
    const auto request = post_request(server.url(), body);
    ASSERT_EQ(status_of(make_soup_transport({})->exchange(request, sink, {})), 200U);
    const auto sent = server.requests().at(0);
    const auto head = sent.substr(0, sent.find("\r\n\r\n") + 4);
    EXPECT_NE(head.find("\r\nContent-Length: " + std::to_string(size) + "\r\n"), std::string::npos)
        << head;
    EXPECT_EQ(head.find("Transfer-Encoding"), std::string::npos) << head;
    EXPECT_TRUE(sent.substr(head.size()) == body) << size;
  }
}

TEST(SoupUpload, is_read_anew_for_each_exchange) {
  TestServer server(always(answer("ok")));
  const auto transport = make_soup_transport({});
  const auto request = post_request(server.url(), "once more");
  for (int i = 0; i < 2; ++i) {
    KeepingSink sink;
    EXPECT_EQ(status_of(transport->exchange(request, sink, {})), 200U);
    EXPECT_TRUE(server.requests().at(static_cast<std::size_t>(i)).ends_with("\r\n\r\nonce more"));
  }
}

TEST(SoupUpload, sends_nothing_where_it_may_not_once_it_is_connected) {
  TestServer server(always(answer("ok")));
  auto request = post_request(server.url(), "pay");
  int asked = 0;
  request.may_send = [&] { return ++asked > 2; };
  const auto transport = make_soup_transport({});
  for (int i = 0; i < 2; ++i) {
    KeepingSink sink;
    expect_fault(transport->exchange(request, sink, {}), FaultKind::cancelled, false);
  }
  KeepingSink sink;
  EXPECT_EQ(status_of(transport->exchange(request, sink, {})), 200U);
  EXPECT_EQ(server.requests().size(), 1u);
  EXPECT_EQ(asked, 3);
}

class PartOfRequest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam() && !g_tls_backend_supports_tls(g_tls_backend_get_default()))
      GTEST_SKIP() << "GIO has no TLS here";
  }
  // Of a POST of `size` bytes to a server that plays `script`.
  static Fault post(TestServer::Script script, std::size_t size, milliseconds limit = seconds(60)) {
    TestServer server(std::move(script),
                      GetParam() ? server_certificate() : ObjectPtr<GTlsCertificate>());
    HttpRequest request = post_request(server.url(), std::string(size, 'x'));
    request.response_timeout = limit;
    KeepingSink sink;
    return fault_of(make_soup_transport(trusting())->exchange(request, sink, {}));
  }
};

INSTANTIATE_TEST_SUITE_P(Connections, PartOfRequest, testing::Bool(),
                         [](const auto& test) { return test.param ? "tls" : "plain"; });

constexpr std::size_t beyond_buffers = std::size_t{64} << 20;
constexpr std::size_t within_buffers = 30'000;

TEST_P(PartOfRequest, is_no_request_where_the_server_resets_amid_it) {
  const Fault fault = post(
      [](Peer& peer) {
        peer.read_head();
        for (std::size_t size = 0; size < 1'000'000;)
          size += peer.read_some(1'000'000).size();
        peer.reset();
      },
      beyond_buffers);
  EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::reset)) << fault.text;
  EXPECT_FALSE(fault.is_request_sent);
}

TEST_P(PartOfRequest, is_no_request_where_the_server_closes_amid_it) {
  for (const std::string& said : {std::string(), answer("", "413 Content Too Large")}) {
    const Fault fault = post(
        [&](Peer& peer) {
          peer.read_head();
          peer.send(said);
        },
        beyond_buffers);
    EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::reset)) << fault.text;
    EXPECT_FALSE(fault.is_request_sent);
  }
}

TEST_P(PartOfRequest, is_no_request_where_the_server_does_not_read_on) {
  const Fault fault = post([](Peer& peer) { peer.hold(); }, beyond_buffers, milliseconds(300));
  EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::timed_out)) << fault.text;
  EXPECT_FALSE(fault.is_request_sent);
}

TEST_P(PartOfRequest, is_a_whole_one_once_the_kernel_has_it) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, within_buffers}) {
    const Fault fault = post([](Peer& peer) { peer.hold(); }, size, milliseconds(300));
    EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::timed_out)) << fault.text;
    EXPECT_TRUE(fault.is_request_sent) << size;
  }
}

TEST_P(PartOfRequest, is_a_whole_one_where_the_server_resets_after_it) {
  for (const std::size_t size : {std::size_t{0}, within_buffers}) {
    const Fault fault = post(
        [](Peer& peer) {
          peer.read_request();
          peer.reset();
        },
        size);
    EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::reset)) << fault.text;
    EXPECT_TRUE(fault.is_request_sent) << size;
  }
}

TEST(SoupUpload, goes_on_where_the_server_answers_before_its_end) {
  TestServer server([](Peer& peer) {
    peer.read_head();
    peer.send(answer("", "413 Content Too Large"));
    peer.wait_closed();
  });
  KeepingSink sink;
  const auto request = post_request(server.url(), std::string(5'000'000, 'x'));
  EXPECT_EQ(status_of(make_soup_transport({})->exchange(request, sink, {})), 413U);
}

}  // namespace
}  // namespace modelverse::http
