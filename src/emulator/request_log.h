// SPDX-License-Identifier: LGPL-2.1-or-later
// What was received, for GET /requests: everything but secrets and pictures.
#pragma once

#include <chrono>
#include <vector>

#include "emulator/http.h"

namespace emulator {

class RequestLog {
 public:
  // The entry, a JSON object that the log keeps; the members `task_id`, `status` (0: none was sent)
  // and `rule` (of the script, -1: none) are the caller's to set.
  JsonObject* add(const HttpRequest& request, Route route);
  void clear() { entries_.clear(); }
  std::string to_json() const;

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::vector<JsonObjectPtr> entries_;
};

// raw, bearer or none; the key alone goes to `key`.
std::string authorization_scheme(const std::string& header, std::string& key);
// A copy in which each picture, wherever it stands, is replaced by its digest.
JsonNodePtr without_pictures(JsonNode* node);

}  // namespace emulator
