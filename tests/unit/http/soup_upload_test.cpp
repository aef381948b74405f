// SPDX-License-Identifier: LGPL-2.1-or-later
// Request bodies on the wire.
#include "http/soup_upload.h"

#include <gtest/gtest.h>

#include <atomic>
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
using test_support::TextSource;

// Letters without a short period, made as they are read: nobody holds them.
class Letters final : public ByteSource {
 public:
  explicit Letters(std::uint64_t size) : size_(size) {}
  std::uint64_t size() const override { return size_; }
  std::size_t read(std::uint64_t offset, std::span<std::byte> into) const override {
    const auto size = std::min<std::uint64_t>(size_ - offset, into.size());
    for (std::uint64_t i = 0; i < size; ++i)
      into[i] = std::byte('a' + (offset + i) * (offset + i + 1) / 2 % 26);
    furthest_ = std::max<std::uint64_t>(furthest_, offset + size);
    return size;
  }
  std::uint64_t furthest() const { return furthest_; }

 private:
  const std::uint64_t size_;
  mutable std::uint64_t furthest_ = 0;
};

Request post_of(const TestServer& server, std::shared_ptr<const ByteSource> body) {
  Request request = post_request(server.url(), "");
  request.body = std::move(body);
  return request;
}

TestServer::Script answering(std::string text) {
  return [text = std::move(text)](Peer& peer) {
    while (peer.read_request())
      peer.send(text);
  };
}

TEST(SoupUpload, states_the_length_and_sends_every_byte) {
  for (const std::uint64_t size : {1u, 8191u, 8192u, 8193u, 3'000'001u}) {
    TestServer server(answering(answer("ok")));
    const auto body = std::make_shared<Letters>(size);
    KeepingSink sink;
    ASSERT_EQ(status_of(make_soup_transport({})->exchange(post_of(server, body), sink, {})), 200U);
    const auto sent = server.requests().at(0);
    const auto head = sent.substr(0, sent.find("\r\n\r\n") + 4);
    EXPECT_NE(head.find("\r\nContent-Length: " + std::to_string(size) + "\r\n"), std::string::npos)
        << head;
    EXPECT_EQ(head.find("Transfer-Encoding"), std::string::npos) << head;
    EXPECT_TRUE(sent.substr(head.size()) == test_support::text_of(*body)) << size;
  }
}

TEST(SoupUpload, is_read_anew_for_each_exchange) {
  TestServer server(answering(answer("ok")));
  const auto transport = make_soup_transport({});
  const auto request = post_of(server, std::make_shared<TextSource>("once more"));
  for (int i = 0; i < 2; ++i) {
    KeepingSink sink;
    EXPECT_EQ(status_of(transport->exchange(request, sink, {})), 200U);
    EXPECT_TRUE(server.requests().at(static_cast<std::size_t>(i)).ends_with("\r\n\r\nonce more"));
  }
}

TEST(SoupUpload, reads_no_further_than_the_server_does) {
  TestServer server([](Peer& peer) { peer.hold(); });
  const auto body = std::make_shared<Letters>(std::uint64_t{1} << 30);
  auto request = post_of(server, body);
  request.deadline = from_now(milliseconds(500));
  KeepingSink sink;
  const Fault fault = fault_of(make_soup_transport({})->exchange(request, sink, {}));
  EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::timed_out)) << fault.text;
  // What the sockets of the kernel hold.
  EXPECT_LT(body->furthest(), std::uint64_t{64} << 20);
}

TEST(SoupUpload, lets_its_body_go_when_it_was_sent) {
  TestServer server(answering(answer("ok")));
  const auto body = std::make_shared<Letters>(1'000'000);
  const auto transport = make_soup_transport({});
  KeepingSink sink;
  EXPECT_EQ(status_of(transport->exchange(post_of(server, body), sink, {})), 200U);
  EXPECT_EQ(body.use_count(), 1);
}

TEST(SoupUpload, keeps_its_body_while_anybody_reads_it) {
  auto body = std::make_shared<TextSource>("abc");
  auto stream = make_upload_stream(body);
  const std::weak_ptr<TextSource> left = body;
  body.reset();
  char text[4] = {};
  EXPECT_EQ(g_input_stream_read(stream.get(), text, 2, nullptr, nullptr), 2);
  EXPECT_EQ(g_input_stream_read(stream.get(), text + 2, 2, nullptr, nullptr), 1);
  EXPECT_EQ(g_input_stream_read(stream.get(), text, 2, nullptr, nullptr), 0);
  EXPECT_STREQ(text, "abc");
  stream = {};
  EXPECT_TRUE(left.expired());
}

class PartOfRequest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam() && !g_tls_backend_supports_tls(g_tls_backend_get_default()))
      GTEST_SKIP() << "GIO has no TLS here";
  }
  // Of a POST of `size` bytes to a server that plays `script`.
  static Fault post(TestServer::Script script, std::uint64_t size, seconds limit = seconds(60)) {
    TestServer server(std::move(script),
                      GetParam() ? server_certificate() : ObjectPtr<GTlsCertificate>());
    Request request = post_of(server, std::make_shared<Letters>(size));
    request.response_timeout = limit;
    KeepingSink sink;
    return fault_of(make_soup_transport(trusting())->exchange(request, sink, {}));
  }
};

INSTANTIATE_TEST_SUITE_P(Connections, PartOfRequest, testing::Bool(),
                         [](const auto& test) { return test.param ? "tls" : "plain"; });

constexpr std::uint64_t beyond_buffers = std::uint64_t{64} << 20;
constexpr std::uint64_t within_buffers = 30'000;

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
  const Fault fault = post([](Peer& peer) { peer.hold(); }, beyond_buffers, seconds(2));
  EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::timed_out)) << fault.text;
  EXPECT_FALSE(fault.is_request_sent);
}

TEST_P(PartOfRequest, is_a_whole_one_once_the_kernel_has_it) {
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, within_buffers}) {
    const Fault fault = post([](Peer& peer) { peer.hold(); }, size, seconds(2));
    EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::timed_out)) << fault.text;
    EXPECT_TRUE(fault.is_request_sent) << size;
  }
}

TEST_P(PartOfRequest, is_a_whole_one_where_the_server_resets_after_it) {
  for (const std::uint64_t size : {std::uint64_t{0}, within_buffers}) {
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
  const auto body = std::make_shared<Letters>(5'000'000);
  EXPECT_EQ(status_of(make_soup_transport({})->exchange(post_of(server, body), sink, {})), 413U);
}

// GIO would close any other on a thread of its own, which takes longer than two turns.
TEST(SoupUpload, is_closed_at_once_on_the_thread_that_reads_it) {
  const auto stream = make_upload_stream(std::make_shared<TextSource>("abc"));
  const MainContextPtr context(g_main_context_new());
  g_main_context_push_thread_default(context.get());
  bool is_closed = false;
  g_input_stream_close_async(
      stream.get(), G_PRIORITY_DEFAULT, nullptr,
      [](GObject* closed, GAsyncResult* result, gpointer told) {
        *static_cast<bool*>(told) =
            g_input_stream_close_finish(G_INPUT_STREAM(closed), result, nullptr);
      },
      &is_closed);
  for (int turn = 0; turn < 2; ++turn)
    g_main_context_iteration(context.get(), FALSE);
  g_main_context_pop_thread_default(context.get());
  EXPECT_TRUE(is_closed);
  EXPECT_TRUE(g_input_stream_is_closed(stream.get()));
}

// And read it on one.
TEST(SoupUpload, is_always_readable) {
  const auto stream = make_upload_stream(std::make_shared<TextSource>("abc"));
  ASSERT_TRUE(G_IS_POLLABLE_INPUT_STREAM(stream.get()));
  auto* pollable = G_POLLABLE_INPUT_STREAM(stream.get());
  EXPECT_TRUE(g_pollable_input_stream_can_poll(pollable));
  EXPECT_TRUE(g_pollable_input_stream_is_readable(pollable));
  const MainContextPtr context(g_main_context_new());
  GSource* source = g_pollable_input_stream_create_source(pollable, nullptr);
  bool is_told = false;
  g_source_set_callback(source, G_SOURCE_FUNC(+[](GObject*, gpointer told) {
                          *static_cast<bool*>(told) = true;
                          return G_SOURCE_REMOVE;
                        }),
                        &is_told, nullptr);
  g_source_attach(source, context.get());
  g_source_unref(source);
  g_main_context_iteration(context.get(), TRUE);
  EXPECT_TRUE(is_told);
}

}  // namespace
}  // namespace modelverse::http
