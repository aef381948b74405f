// SPDX-License-Identifier: LGPL-2.1-or-later
// A transport that plays a list of answers and faults, and remembers what it was asked.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "http/transport.h"

namespace modelverse::job::test {

// One exchange. Status 0: there is no answer, only the fault.
struct Scene {
  unsigned status = 200;
  std::vector<http::Header> headers = {};
  std::string body = {};
  std::optional<http::FaultKind> fault = {};  // comes behind the body
  bool is_request_sent = true;
  std::function<void()> meanwhile = {};   // before the answer's first byte
  std::function<void()> connecting = {};  // before the request's
};

Scene answer(unsigned status, std::string body = {}, std::vector<http::Header> headers = {});
Scene unsent(http::FaultKind kind);
Scene lost(http::FaultKind kind);
Scene cut(Scene scene, std::size_t after, http::FaultKind kind = http::FaultKind::early_close);
Scene redirect(unsigned status, std::string location);

class Script {
 public:
  void add(Scene scene, int times = 1);
  // Played where the list is over; without it that is a failure of the test.
  void otherwise(Scene scene);
  void otherwise(std::function<Scene(const http::HttpRequest&)> answer);
  std::optional<Scene> next(const http::HttpRequest& request);

  std::vector<http::HttpRequest> requests() const;
  http::HttpRequest request(std::size_t index) const { return requests().at(index); }
  std::size_t count() const { return requests().size(); }
  std::size_t posts() const;
  std::size_t left() const;

 private:
  mutable std::mutex mutex_;
  std::deque<Scene> scenes_;
  std::function<Scene(const http::HttpRequest&)> otherwise_;
  std::vector<http::HttpRequest> requests_;
};

class ScriptedTransport final : public http::Transport {
 public:
  explicit ScriptedTransport(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  http::Outcome exchange(const http::HttpRequest& request, http::BodySink& sink,
                         std::stop_token stop) override;

 private:
  std::shared_ptr<Script> script_;
};

// The value of the header, or nothing.
std::string header_of(const http::HttpRequest& request, std::string_view name);

}  // namespace modelverse::job::test
