// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tables of the submit share.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fault/case.h"

namespace test_support {

inline Expected refusal(Code code, int http_status, std::string error_code,
                        std::vector<std::string> words) {
  return {.error = code,
          .words = std::move(words),
          .debug = "HTTP " + std::to_string(http_status),
          .phase = "submit",
          .http_status = http_status,
          .error_code = std::move(error_code),
          .has_request_id = true,
          .attempts = 1};
}

// Fields of a rule that answers with an error body.
inline std::string says(int status, const std::string& code, const std::string& message) {
  return R"("status":)" + std::to_string(status) + R"(,"error_code":")" + code +
         R"(","error_message":")" + message + '"';
}

}  // namespace test_support
