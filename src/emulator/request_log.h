// SPDX-License-Identifier: LGPL-2.1-or-later
// The received requests, for GET /requests: everything except secrets and pictures.
#pragma once

#include <chrono>
#include <vector>

#include "emulator/http.h"

namespace emulator {

class RequestLog {
 public:
  // Returns the entry, a JSON object owned by the log. The caller sets the members `task_id`,
  // `status` (0: none was sent) and `rule` (of the script, -1: none).
  JsonObject* add(const HttpRequest& request, Route route);
  void clear() { entries_.clear(); }
  std::string to_json() const;

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::vector<JsonObjectPtr> entries_;
};

// Returns raw, bearer or none; sets `key` to the key alone.
std::string authorization_scheme(const std::string& header, std::string& key);
// A copy with every picture replaced by its digest.
JsonNodePtr without_pictures(JsonNode* node);

}  // namespace emulator
