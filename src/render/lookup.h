// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds a shot's entry in the cache, as modelverse-tasks does. Uses no network.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/money.h"
#include "core/result.h"
#include "core/settings.h"

namespace modelverse::render {

enum class State {
  kept,       // the clip is in the cache
  resumable,  // its task was submitted, and can be fetched
  to_make,
  unknown,  // it is unknown whether an earlier submit was accepted
};
// For programs; translated where it is shown. "kept", "resumable", "to be made", "unknown"
const char* state_name(State state);

struct Located {
  State state = State::to_make;
  std::string clip_path;  // where the finished clip is or will be
  std::string model;
  std::string size;                   // the resolution, as sent; empty: the service's default
  int seconds = 0;                    // 0: the service's default
  bool may_submit = false;            // else no run submits it
  std::optional<Money> cost;          // estimate of a submit; nothing: unknown
  std::vector<std::string> warnings;  // before a submit
};

// What the element would do with these settings. Errors: those that it would post before it
// submits.
Result<Located> locate(Settings settings);

}  // namespace modelverse::render
