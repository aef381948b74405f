// SPDX-License-Identifier: LGPL-2.1-or-later
// The list of models, with the resolutions, durations and prices of each, as text.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "api/profile.h"

namespace modelverse::api {

// "720p, 1080p"
std::string list_resolutions(const Profile& profile);
// "4, 8, 12" or "1-16"
std::string list_durations(const std::vector<int>& durations);

enum class Prices { hide, show };
// One line per model, in columns, without a heading; * marks a default.
std::string models_as_text(std::span<const Profile> rows, Prices prices = Prices::show);
// A Markdown table; defaults are bold.
std::string models_as_markdown(std::span<const Profile> rows);

}  // namespace modelverse::api
