// SPDX-License-Identifier: LGPL-2.1-or-later
// What an answer was decoded to, or a failed test.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "api/wire.h"

namespace modelverse::api {

template <typename T, typename ApiResponse>
T expect(const ApiResponse& answer) {
  if (const auto* unreadable = std::get_if<Unreadable>(&answer);
      unreadable && !std::is_same_v<T, Unreadable>)
    ADD_FAILURE() << "unreadable: " << unreadable->why;
  const auto* held = std::get_if<T>(&answer);
  EXPECT_NE(held, nullptr);
  return held ? *held : T{};
}

inline TaskReport report(std::string_view text) {
  return expect<TaskReport>(decode_status(text));
}

inline bool is_unreadable(std::string_view status) {
  return std::holds_alternative<Unreadable>(decode_status(status));
}

inline std::string with_status(const std::string& status, const std::string& more = "") {
  return "{\"output\":{\"task_status\":\"" + status + "\"" + more + "}}";
}

}  // namespace modelverse::api
