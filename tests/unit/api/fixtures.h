// SPDX-License-Identifier: LGPL-2.1-or-later
// The fixtures: requests and answers as they stand on the wire.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "support/files.h"

namespace modelverse::api {

inline constexpr const char* answer_fixtures[] = {
    "submit_answer.json",   "status_pending.json",    "status_running.json",
    "status_success.json",  "status_failure.json",    "error_auth.json",
    "error_sensitive.json", "error_old_envelope.json"};

inline const std::string png_signature = "\x89PNG\r\n\x1a\n";

// Without the line feed at the end of the file.
inline std::string fixture(const std::string& name) {
  std::string text = test_support::file_content(std::string(FIXTURES) + "/" + name);
  EXPECT_FALSE(text.empty()) << "no fixture " << name;
  while (text.ends_with('\n'))
    text.pop_back();
  return text;
}

}  // namespace modelverse::api
