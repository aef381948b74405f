// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests of the transport share: sinks, short calls, outcomes in words.
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
  explicit KeepingSink(std::size_t block = std::size_t{256} << 10) : block_(block) {}
  bool begin(const HttpResponse& response) override {
    ++begins;
    head = response;
    return is_wanted;
  }
  std::span<std::byte> space() override {
    buffer_.resize(block_);
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

  bool is_wanted = true;
  std::function<void()> on_commit;
  std::function<void()> when_idle;
  int begins = 0;
  HttpResponse head;
  std::string body;

 private:
  std::size_t block_;
  std::vector<std::byte> buffer_;
};

inline TransportOptions options_with(std::chrono::milliseconds timeout) {
  TransportOptions options;
  options.timeout = timeout;
  return options;
}

// Made for 127.0.0.1, by the authority that trusting() trusts.
inline ObjectPtr<GTlsCertificate> server_certificate() {
  return ObjectPtr<GTlsCertificate>::adopt(
      g_tls_certificate_new_from_file(CERTIFICATES "/server.pem", nullptr));
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

// The fault, or a test failure and a fault that no test expects.
inline Fault fault_of(const Outcome& outcome) {
  if (const Fault* fault = std::get_if<Fault>(&outcome))
    return *fault;
  ADD_FAILURE() << "an answer with status " << std::get<HttpResponse>(outcome).status;
  return Fault{FaultKind::sink, false, "none"};
}

inline unsigned status_of(const Outcome& outcome) {
  if (const HttpResponse* response = std::get_if<HttpResponse>(&outcome))
    return response->status;
  ADD_FAILURE() << std::get<Fault>(outcome).text;
  return 0;
}

inline void expect_fault(const Outcome& outcome, FaultKind kind, bool is_request_sent,
                         std::string_view word = {}) {
  const Fault fault = fault_of(outcome);
  EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(kind)) << fault.text;
  EXPECT_EQ(fault.is_request_sent, is_request_sent) << fault.text;
  EXPECT_NE(fault.text.find(word), std::string::npos) << fault.text;
}

// Answers every request of every connection with `text`.
inline test_support::TestServer::Script always(std::string text) {
  return [text = std::move(text)](test_support::Peer& peer) {
    while (peer.read_request())
      peer.send(text);
  };
}

// An exchange of its own transport that is of no interest but for its end.
inline Outcome get_once(const std::string& url, TransportOptions options = {}) {
  KeepingSink sink;
  return make_soup_transport(std::move(options))->exchange(get_request(url), sink, {});
}

}  // namespace modelverse::http
