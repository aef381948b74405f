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
using test_support::http_response;
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
    TestServer server(always(http_response("ok")));
    const auto body = letters(size);
    ASSERT_EQ(status_of(exchange_once(post_request(server.url(), body))), 200U);
    const auto sent = server.requests().at(0);
    const auto headers = sent.substr(0, sent.find("\r\n\r\n") + 4);
    EXPECT_NE(headers.find("\r\nContent-Length: " + std::to_string(size) + "\r\n"),
              std::string::npos)
        << headers;
    EXPECT_EQ(headers.find("Transfer-Encoding"), std::string::npos) << headers;
    EXPECT_TRUE(sent.substr(headers.size()) == body) << size;
  }
}

TEST(SoupUpload, sends_nothing_if_it_may_not_once_it_is_connected) {
  TestServer server(always(http_response("ok")));
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
  // A POST of `size` bytes to a server that plays `script`.
  static Outcome post(TestServer::Script script, std::size_t size,
                      milliseconds limit = seconds(60)) {
    TestServer server(std::move(script),
                      GetParam() ? certificate("server") : ObjectPtr<GTlsCertificate>());
    HttpRequest request = post_request(server.url(), std::string(size, 'x'));
    request.response_timeout = limit;
    return exchange_once(request, trusting());
  }
};

INSTANTIATE_TEST_SUITE_P(Connections, PartOfRequest, testing::Bool(),
                         [](const auto& test) { return test.param ? "tls" : "plain"; });

constexpr std::size_t beyond_buffers = std::size_t{64} << 20;
constexpr std::size_t within_buffers = 30'000;

TEST_P(PartOfRequest, is_no_request_where_the_server_resets_amid_it) {
  const auto reset_amid_it = [](Peer& peer) {
    peer.read_headers();
    for (std::size_t size = 0; size < 1'000'000;)
      size += peer.read_some(1'000'000).size();
    peer.reset();
  };
  expect_fault(post(reset_amid_it, beyond_buffers), FaultKind::reset, false);
}

TEST_P(PartOfRequest, is_no_request_where_the_server_closes_amid_it) {
  for (const std::string& said : {std::string(), http_response("", "413 Content Too Large")}) {
    const auto close_amid_it = [&](Peer& peer) {
      peer.read_headers();
      peer.send(said);
    };
    expect_fault(post(close_amid_it, beyond_buffers), FaultKind::reset, false);
  }
}

// Closing a TLS connection writes a close_notify, which must not wait for the peer either.
TEST_P(PartOfRequest, is_no_request_where_the_server_does_not_read_on) {
  expect_fault(post([](Peer& peer) { peer.hold(); }, beyond_buffers, milliseconds(300)),
               FaultKind::timed_out, false);
}

TEST_P(PartOfRequest, is_a_whole_one_once_the_kernel_has_it) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, within_buffers})
    expect_fault(post([](Peer& peer) { peer.hold(); }, size, milliseconds(300)),
                 FaultKind::timed_out, true);
}

TEST_P(PartOfRequest, is_a_whole_one_where_the_server_resets_after_it) {
  const auto reset_after_it = [](Peer& peer) {
    peer.read_request();
    peer.reset();
  };
  for (const std::size_t size : {std::size_t{0}, within_buffers})
    expect_fault(post(reset_after_it, size), FaultKind::reset, true);
}

TEST(SoupUpload, goes_on_if_the_server_responds_before_its_end) {
  TestServer server([](Peer& peer) {
    peer.read_headers();
    peer.send(http_response("", "413 Content Too Large"));
    peer.wait_closed();
  });
  const auto request = post_request(server.url(), std::string(5'000'000, 'x'));
  EXPECT_EQ(status_of(exchange_once(request)), 413U);
}

}  // namespace
}  // namespace modelverse::http
