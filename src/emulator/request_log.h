// SPDX-License-Identifier: LGPL-2.1-or-later
// What was received, for GET /requests: everything but secrets and pictures.
#pragma once

#include <chrono>
#include <deque>
#include <string>

#include "emulator/http.h"

namespace emulator {

class RequestLog {
 public:
  struct Entry {
    Route route = Route::other;
    std::string listener;  // api or result
    std::string method;
    std::string path;
    std::string query;           // masked
    TextPairs headers;           // masked
    bool is_authorized = false;  // there was an Authorization header
    std::string scheme;          // raw, bearer, none
    std::size_t body_size = 0;
    std::string body;  // JSON text of a submit, the pictures replaced by their digest; or empty
    std::string range;
    std::string task_id;
    unsigned remote_port = 0;
    double time = 0;      // s since the start
    int status = 0;       // 0: not answered, or cut before an answer
    int rule_index = -1;  // of the script, -1: none
  };

  Entry& add(const HttpRequest& request, Route route);
  void clear() { entries_.clear(); }
  std::string to_json() const;

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::deque<Entry> entries_;  // references stay good
};

// raw, bearer or none; the key alone goes to `key`, which may be null.
std::string authorization_scheme(const std::string& header, std::string* key);

}  // namespace emulator
