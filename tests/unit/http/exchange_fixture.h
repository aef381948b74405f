// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests of the transport share: a sink, requests, and what is expected of an outcome.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/transport.h"
#include "support/test_server.h"

namespace modelverse::http {

// Keeps the body, in blocks of `block` bytes.
class KeepingSink final : public BodySink {
 public:
  explicit KeepingSink(std::size_t block_size = std::size_t{256} << 10) : block(block_size) {}
  bool begin(const HttpResponse&) override {
    ++begins;
    return is_wanted;
  }
  std::span<std::byte> space() override {
    buffer_.resize(block);
    return buffer_;
  }
  bool commit(std::size_t size) override {
    body.append(reinterpret_cast<const char*>(buffer_.data()), size);
    if (on_commit)
      on_commit();
    return true;
  }
  void on_idle() override {
    if (when_idle)
      when_idle();
  }

  const std::size_t block;
  bool is_wanted = true;
  std::function<void()> on_commit;
  std::function<void()> when_idle;
  int begins = 0;
  std::string body;

 private:
  std::vector<std::byte> buffer_;
};

inline TransportOptions options_with(std::chrono::milliseconds timeout) {
  TransportOptions options;
  options.timeout = timeout;
  return options;
}

// One of tests/support/certs.
inline ObjectPtr<GTlsCertificate> certificate(const std::string& name) {
  return ObjectPtr<GTlsCertificate>::adopt(
      g_tls_certificate_new_from_file((CERTIFICATES "/" + name + ".pem").c_str(), nullptr));
}

inline TransportOptions trusting(std::chrono::milliseconds timeout = std::chrono::seconds(30)) {
  TransportOptions options;
  options.timeout = timeout;
  options.tls_database =
      ObjectPtr<GTlsDatabase>::adopt(g_tls_file_database_new(CERTIFICATES "/ca.pem", nullptr));
  return options;
}

inline HttpRequest get_request(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  return request;
}

inline HttpRequest post_request(std::string url, std::string body) {
  HttpRequest request;
  request.method = Method::post;
  request.url = std::move(url);
  request.body = std::move(body);
  request.content_type = "application/json";
  return request;
}

inline Clock::TimePoint from_now(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

// The status of the response; a fault fails the test.
inline unsigned status_of(const Outcome& outcome) {
  if (const HttpResponse* response = std::get_if<HttpResponse>(&outcome))
    return response->status;
  ADD_FAILURE() << std::get<Fault>(outcome).text;
  return 0;
}

// A fault of this kind, with `word` in its text.
inline void expect_fault(const Outcome& outcome, FaultKind kind, bool is_request_sent,
                         std::string_view word = {}) {
  const Fault* fault = std::get_if<Fault>(&outcome);
  ASSERT_TRUE(fault) << "a response with status " << status_of(outcome);
  EXPECT_EQ(static_cast<int>(fault->kind), static_cast<int>(kind)) << fault->text;
  EXPECT_EQ(fault->is_request_sent, is_request_sent) << fault->text;
  EXPECT_NE(fault->text.find(word), std::string::npos) << fault->text;
}

// One exchange of a new transport.
inline Outcome exchange_once(const HttpRequest& request, BodySink& sink,
                             TransportOptions options = {}, std::stop_token stop = {}) {
  return make_soup_transport(std::move(options))->exchange(request, sink, std::move(stop));
}

inline Outcome exchange_once(const HttpRequest& request, TransportOptions options = {}) {
  KeepingSink sink;
  return exchange_once(request, sink, std::move(options));
}

inline Outcome get_once(const std::string& url, TransportOptions options = {}) {
  return exchange_once(get_request(url), std::move(options));
}

// The body of the response to a GET.
inline std::string get_body(const std::string& url, TransportOptions options = {}) {
  KeepingSink sink;
  status_of(exchange_once(get_request(url), sink, std::move(options)));
  return sink.body;
}

// Sends `text` in response to every request of every connection.
inline test_support::TestServer::Script always(std::string text) {
  return [text = std::move(text)](test_support::Peer& peer) {
    while (peer.read_request())
      peer.send(text);
  };
}

}  // namespace modelverse::http
