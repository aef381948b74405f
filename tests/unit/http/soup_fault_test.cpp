// SPDX-License-Identifier: LGPL-2.1-or-later
// How an exchange fails: the kind, whether the request was sent, and what the text names.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <mutex>

#include "exchange_fixture.h"
#include "support/test_resolver.h"
#include "support/test_server.h"

namespace modelverse::http {
namespace {

using test_support::http_response;
using test_support::Peer;
using test_support::ResolverAnswer;
using test_support::ResolverScope;
using test_support::TestServer;

// A port of loopback on which nobody listens.
std::string dead_url() {
  const auto socket = ObjectPtr<GSocket>::adopt(
      g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, nullptr));
  const auto any =
      ObjectPtr<GSocketAddress>::adopt(g_inet_socket_address_new_from_string("127.0.0.1", 0));
  g_socket_bind(socket.get(), any.get(), FALSE, nullptr);
  const auto bound =
      ObjectPtr<GSocketAddress>::adopt(g_socket_get_local_address(socket.get(), nullptr));
  const auto port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound.get()));
  return "http://127.0.0.1:" + std::to_string(port) + "/";
}

// Sends `text` to the first request, then ends the connection.
TestServer::Script cut_after(std::string text) {
  return [text = std::move(text)](Peer& peer) {
    peer.read_request();
    peer.send(text);
  };
}

TEST(SoupFault, name_not_found) {
  const ResolverScope resolver(ResolverAnswer::not_found);
  expect_fault(get_once("http://nowhere.test/"), FaultKind::name_not_found, false, "nowhere.test");
}

TEST(SoupFault, refused) {
  expect_fault(get_once(dead_url()), FaultKind::refused, false, "127.0.0.1: Connection refused");
}

TEST(SoupFault, unreachable_if_the_proxy_is_dead_or_no_proxy) {
  TestServer server(cut_after(http_response("")));
  TransportOptions options;
  for (const std::string& proxy :
       {dead_url(), std::string("http://nowhere.test:1"), std::string("gopher://127.0.0.1:1")}) {
    const ResolverScope resolver(ResolverAnswer::not_found);
    options.proxy = proxy;
    expect_fault(get_once(server.url(), options), FaultKind::unreachable, false, "proxy");
  }
  EXPECT_EQ(server.connections(), 0);
}

// Collects what GLib and libsoup log, on all threads, with the level before it.
class LogScope {
 public:
  LogScope() { previous_ = g_log_set_default_handler(on_message, this); }
  ~LogScope() { g_log_set_default_handler(previous_, nullptr); }
  std::string text() {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  static void on_message(const char*, GLogLevelFlags level, const char* message, gpointer self) {
    auto& me = *static_cast<LogScope*>(self);
    const std::lock_guard lock(me.mutex_);
    const bool is_told = (level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0;
    me.text_ += (is_told ? "WARNING: " : "debug: ") + std::string(message) + "\n";
  }
  std::mutex mutex_;
  std::string text_;
  GLogFunc previous_;
};

// GLib warns of a proxy that it cannot use, and names it with its password.
class ProxyWithPassword : public testing::TestWithParam<const char*> {};

TEST_P(ProxyWithPassword, is_in_no_text) {
  const ResolverScope resolver(ResolverAnswer::not_found);
  TestServer server(cut_after(http_response("")));
  LogScope log;
  TransportOptions options;
  options.proxy = GetParam();
  for (const std::string& url : {server.url(), std::string("https://h.test/")}) {
    const Outcome outcome = get_once(url, options);
    expect_fault(outcome, FaultKind::unreachable, false);
    EXPECT_EQ(std::get<Fault>(outcome).text.find("s3cret"), std::string::npos);
  }
  EXPECT_EQ(log.text().find("s3cret"), std::string::npos) << log.text();
  EXPECT_EQ(log.text().find("WARNING"), std::string::npos) << log.text();
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, ProxyWithPassword,
    testing::Values("http://user:s3cret@127.0.0.1:1", "http://user:s3cret@nowhere.test:1",
                    "http://user:s3 cret@127.0.0.1:1", "gopher://user:s3cret@127.0.0.1:1",
                    "socks5://user:s3cret@127.0.0.1:1", "https://user:s3cret@127.0.0.1:1"));

// No warning: an application may have asked GLib to abort on one.
class NegativeLength : public testing::TestWithParam<const char*> {
 protected:
  static std::string response(const std::string& status) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + GetParam() + "\r\n\r\nabc";
  }
  void TearDown() override {
    EXPECT_EQ(log_.text().find("WARNING"), std::string::npos) << log_.text();
  }
  LogScope log_;
};

TEST_P(NegativeLength, is_not_valid_http) {
  TestServer server(cut_after(response("200 OK")));
  expect_fault(get_once(server.url()), FaultKind::protocol, true, "not valid HTTP");
}

TEST_P(NegativeLength, is_not_valid_after_an_informational_response) {
  TestServer server(cut_after("HTTP/1.1 103 Early\r\n\r\n" + response("200 OK")));
  expect_fault(get_once(server.url()), FaultKind::protocol, true, "not valid HTTP");
}

TEST_P(NegativeLength, of_a_proxy_that_refuses_the_tunnel_is_a_fault) {
  TestServer proxy(cut_after(response("403 Forbidden")));
  TransportOptions options;
  options.proxy = proxy.url();
  const Outcome outcome = get_once("https://127.0.0.1:1/", options);
  EXPECT_FALSE(std::get<Fault>(outcome).is_request_sent) << std::get<Fault>(outcome).text;
}

INSTANTIATE_TEST_SUITE_P(Values, NegativeLength,
                         testing::Values("-5", "-9223372036854775808", "18446744073709551615",
                                         "99999999999999999999", "9223372036854775808"));

TEST(SoupFault, unreachable_if_the_proxy_refuses_the_tunnel) {
  TestServer proxy(cut_after(http_response("no", "407 Proxy Authentication Required",
                                           "Proxy-Authenticate: Basic realm=\"x\"\r\n")));
  TransportOptions options;
  options.proxy = proxy.url();
  expect_fault(get_once("https://127.0.0.1:1/", options), FaultKind::unreachable, false, "407");
}

TEST(SoupFault, an_explicit_proxy_is_used_for_loopback_too) {
  TestServer proxy(cut_after(http_response("from the proxy")));
  TransportOptions options;
  options.proxy = proxy.url();
  EXPECT_EQ(status_of(get_once(dead_url(), options)), 200U);
}

TEST(SoupFault, reset_before_a_response) {
  TestServer closing(cut_after(""));
  TestServer resetting([](Peer& peer) {
    peer.read_request();
    peer.reset();
  });
  for (const auto* server : {&closing, &resetting})
    expect_fault(get_once(server->url()), FaultKind::reset, true, "127.0.0.1");
}

TEST(SoupFault, reset_within_the_body) {
  std::promise<void> arrived;
  TestServer server([&](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    arrived.get_future().wait_for(std::chrono::seconds(60));
    peer.reset();
  });
  KeepingSink sink;
  sink.on_commit = [&] { arrived.set_value(); };
  expect_fault(exchange_once(get_request(server.url()), sink), FaultKind::reset, true, "127.0.0.1");
  EXPECT_EQ(sink.body, "abc");
}

TEST(SoupFault, early_close_if_bytes_of_the_length_are_missing) {
  for (const char* connection : {"keep-alive", "close"}) {
    TestServer server(cut_after("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: " +
                                std::string(connection) + "\r\n\r\nabc"));
    expect_fault(get_once(server.url()), FaultKind::early_close, true, "127.0.0.1");
  }
}

TEST(SoupFault, early_close_if_the_last_chunk_is_missing) {
  const std::string headers = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char* body : {"", "3\r\nab", "3\r\nabc\r\n", "3\r\nabc\r\n0"}) {
    TestServer server(cut_after(headers + body));
    expect_fault(get_once(server.url()), FaultKind::early_close, true, "last chunk");
  }
}

TEST(SoupFault, early_close_within_the_headers) {
  TestServer server(cut_after("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"));
  expect_fault(get_once(server.url()), FaultKind::early_close, true, "after its headers");
}

TEST(SoupFault, protocol_if_the_response_is_not_http) {
  TestServer server(cut_after("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
  expect_fault(get_once(server.url()), FaultKind::protocol, true, "127.0.0.1");
}

TEST(SoupFault, protocol_if_a_chunk_has_no_size) {
  TestServer server(cut_after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n"));
  expect_fault(get_once(server.url()), FaultKind::protocol, true, "chunked");
}

TEST(SoupFault, protocol_if_the_headers_never_end) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n");
    peer.send_for_ever("X-Filler: " + std::string(1000, 'x') + "\r\n");
  });
  expect_fault(get_once(server.url()), FaultKind::protocol, true, "too long");
  EXPECT_TRUE(server.wait_ended(1));
}

TEST(SoupFault, protocol_if_informational_responses_never_end) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    peer.send_for_ever("HTTP/1.1 103 Early Hints\r\n\r\n");
  });
  expect_fault(get_once(server.url()), FaultKind::protocol, true, "informational");
  EXPECT_TRUE(server.wait_ended(1));
}

TEST(SoupFault, protocol_if_the_request_cannot_be_sent) {
  expect_fault(get_once("http://127.0.0.1/a b"), FaultKind::protocol, false, "");
}

TEST(SoupFault, sink_if_the_body_is_too_long) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    peer.send_for_ever(std::string(65536, 'x'));
  });
  BoundedBody sink(1'000'000);
  expect_fault(exchange_once(get_request(server.url()), sink), FaultKind::sink, true, "127.0.0.1");
  EXPECT_TRUE(server.wait_ended(1));
}

TEST(SoupFault, no_text_holds_a_secret) {
  const ResolverScope resolver(ResolverAnswer::not_found);
  TestServer silent(cut_after(""));
  TestServer garbled(cut_after("garbage\r\n\r\n"));
  TestServer cut(cut_after("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
  for (std::string url :
       {std::string("http://nowhere.test/"), dead_url(), silent.url(), garbled.url(), cut.url(),
        std::string("ftp://host/"), std::string("https://127.0.0.1:1/")}) {
    url.insert(url.find("//") + 2, "user:SECRET@");
    HttpRequest request = get_request(url + "path?sig=SECRET#SECRET");
    request.headers = {{"Authorization", "SECRET"}};
    const std::string text = std::get<Fault>(exchange_once(request)).text;
    EXPECT_EQ(text.find("SECRET"), std::string::npos) << text;
    EXPECT_EQ(text.find("sig="), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace modelverse::http
