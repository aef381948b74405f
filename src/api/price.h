// SPDX-License-Identifier: LGPL-2.1-or-later
// What a clip costs by the row of its model. Nothing is guessed: no value means unknown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/money.h"
#include "core/request.h"

namespace modelverse::api {

struct Profile;

// One price, and the requests that it applies to.
struct PriceCase {
  std::vector<std::string> resolutions;     // empty: all
  std::vector<int> durations;               // s, rising; empty: all
  std::optional<bool> audio;                // with or without sound; empty: both
  std::optional<bool> references;           // with or without reference pictures; empty: both
  std::int64_t micros_per_second = 0;       // of video
  std::vector<std::int64_t> micros_a_clip;  // one for all durations, or one for each; empty: none
};

struct PriceList {
  std::string currency;  // "CNY"
  std::string date;      // when the prices were taken: "2026-04-15"
  std::string source;    // the vendor's page
  std::vector<PriceCase> cases;
};

// Unknown if the row has no price for the resolution and duration, or if an extra may change the
// price.
std::optional<Money> estimate_cost(const Profile& profile, const Request& request);

}  // namespace modelverse::api
