// SPDX-License-Identifier: LGPL-2.1-or-later
// The list of models for people: which resolutions and durations each has.
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

// A line each, in columns, without a heading; a * behind what is the default.
std::string models_as_text(std::span<const Profile> rows);
// A table of Markdown; what is the default is bold.
std::string models_as_markdown(std::span<const Profile> rows);

}  // namespace modelverse::api
