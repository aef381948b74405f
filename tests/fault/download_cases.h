// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tables of the download share.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fault/case.h"

namespace test_support {

inline Expected lost(Code code, std::vector<std::string> words, int http_status, int attempts = 1,
                     std::string debug = {}) {
  return {.error = code,
          .words = std::move(words),
          .debug = !debug.empty()     ? debug
                   : http_status == 0 ? "download"
                                      : "HTTP " + std::to_string(http_status),
          .phase = "download",
          .http_status = http_status,
          .has_request_id = true,
          .attempts = attempts,
          .left = Left::submitted};
}

inline Expected after_retries(unsigned retries) {
  return {.left = Left::complete, .retries = retries};
}

inline Expected no_mp4(std::string debug) {
  return lost(stream_wrong_type, {"not an MP4"}, 200, 4, std::move(debug));
}

inline RawStep raw_result(std::string bytes, std::string endlessly = {}, int times = 1) {
  return {.route = "result",
          .bytes = std::move(bytes),
          .endlessly = std::move(endlessly),
          .times = times};
}

}  // namespace test_support
