// SPDX-License-Identifier: LGPL-2.1-or-later
// One row of the matrix: what is wrong, and what must come of it.
#pragma once

#include <gst/gst.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "support/raw_service.h"

namespace test_support {

// Domain and code of a GError.
struct Code {
  GQuark (*domain)();
  int code;
};
inline constexpr Code resource_settings{gst_resource_error_quark, GST_RESOURCE_ERROR_SETTINGS};
inline constexpr Code resource_not_found{gst_resource_error_quark, GST_RESOURCE_ERROR_NOT_FOUND};
inline constexpr Code resource_open_read{gst_resource_error_quark, GST_RESOURCE_ERROR_OPEN_READ};
inline constexpr Code resource_read{gst_resource_error_quark, GST_RESOURCE_ERROR_READ};
inline constexpr Code resource_write{gst_resource_error_quark, GST_RESOURCE_ERROR_WRITE};
inline constexpr Code resource_not_authorized{gst_resource_error_quark,
                                              GST_RESOURCE_ERROR_NOT_AUTHORIZED};
inline constexpr Code stream_wrong_type{gst_stream_error_quark, GST_STREAM_ERROR_WRONG_TYPE};
inline constexpr Code stream_failed{gst_stream_error_quark, GST_STREAM_ERROR_FAILED};

// What the entry's directory holds afterwards; nothing: there is no entry.
enum class Left { nothing, submitting, submitted, complete };

struct Expected {
  std::optional<Code> error;            // nothing: the clip arrives, byte by byte
  std::vector<std::string> words = {};  // in the first text
  std::string debug = {};               // in the second
  std::string phase = {};
  int http_status = 0;
  std::string error_code = {};
  bool has_request_id = false;
  int attempts = 0;
  std::size_t submits = 1;
  Left left = Left::nothing;
  std::optional<unsigned> retries = {};     // as `stats` counts them
  std::string warning = {};                 // in the text of the one WARNING; empty: there is none
  std::vector<std::string> also_left = {};  // files in the entry beside those of `left`
};

class Matrix;

struct Case {
  const char* name;
  Expected expected;
  std::string rules = {};         // the emulator's, without the brackets around them
  std::vector<RawStep> raw = {};  // where it is a raw service
  std::string properties = {};    // of the element, gst-launch's way; the last of a name wins
  bool has_picture = true;        // the sample, besides `properties`
  std::vector<std::string> emulator = {};  // options of one of its own
  std::function<void(Matrix&)> before = {};
  // How it is when the service is well again: by default the next run goes on where `left` says.
  bool is_run_again = true;
};

inline void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}
inline std::string name_of(const testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

// Rules of the emulator's script.
inline std::string rule(const std::string& route, const std::string& fields, int times) {
  return R"({"route":")" + route + R"(","times":)" + std::to_string(times) + "," + fields + "}";
}
inline std::string on_submit(const std::string& fields, int times = 1) {
  return rule("submit", fields, times);
}
inline std::string on_poll(const std::string& fields, int times = 1) {
  return rule("status", fields, times);
}
inline std::string on_result(const std::string& fields, int times = 1) {
  return rule("result", fields, times);
}
inline constexpr int for_ever = 0;

// The ends that many cases share.
inline Expected clip_arrives(std::size_t submits = 1) {
  return {.submits = submits, .left = Left::complete};
}
inline Expected refused(Code code, std::vector<std::string> words) {
  return {.error = code, .words = std::move(words), .phase = "prepare", .submits = 0};
}
inline Expected unknown_outcome() {
  return {.error = resource_write,
          .words = {"may have been accepted and billed", "task-id", "resubmit=true"},
          .phase = "submit",
          .attempts = 1,
          .left = Left::submitting};
}

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

}  // namespace test_support
