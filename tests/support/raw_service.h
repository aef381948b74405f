// SPDX-License-Identifier: LGPL-2.1-or-later
// A service on raw sockets, where the emulator is too polite: its responses are good but for the
// steps that a test gives it, whose bytes are sent as they are.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "support/test_server.h"

namespace test_support {

struct RawStep {
  std::string route;     // submit, status or result
  std::string bytes;     // {base} stands for the service's own base URL
  int times = 1;         // 0: for ever
  bool is_good = false;  // the good response after all: lets requests pass
  // Of a status: the task is done and its clip is there, as it stands in JSON, {base} and all.
  std::string link = {};
};

class RawService {
 public:
  // `clip` is what the result's link gives. Steps are taken in order, each route's own.
  RawService(std::vector<RawStep> steps, std::string clip,
             ObjectPtr<GTlsCertificate> certificate = {});

  std::string base_url() const;
  // Whole requests of a route.
  std::vector<std::string> requests(const std::string& route) const;
  std::size_t count(const std::string& route) const { return requests(route).size(); }

 private:
  void serve(Peer& peer);
  std::optional<RawStep> take(const std::string& route);
  bool play(const RawStep& step, Peer& peer) const;
  std::string filled_in(std::string text) const;
  std::string success_at(const std::string& link) const;
  std::string good_response(const std::string& route, const std::string& request) const;

  std::mutex mutex_;
  std::vector<RawStep> steps_;
  const std::string clip_;
  TestServer server_;  // last: its threads use the others
};

}  // namespace test_support
