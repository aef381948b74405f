// SPDX-License-Identifier: LGPL-2.1-or-later
// The list of models, with the resolutions, durations and prices of each, as text.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "api/profile.h"

namespace modelverse::api {

// "720p, 1080p"
std::string list_resolutions(const Profile& profile);
// "4, 8, 12" or "1-16"
std::string list_durations(const std::vector<int>& durations);

inline constexpr auto any_width = static_cast<std::size_t>(-1);
// A heading and one line per model, in columns; * marks a default. What does not fit into `columns`
// is left out, and the end of the price is cut.
std::string models_as_text(std::span<const Profile> rows, std::size_t columns = any_width);
// A Markdown table; defaults are bold.
std::string models_as_markdown(std::span<const Profile> rows);

}  // namespace modelverse::api
