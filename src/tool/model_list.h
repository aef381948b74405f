// SPDX-License-Identifier: LGPL-2.1-or-later
// The list of models, with the resolutions, durations and prices of each, as text.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "api/profile.h"
#include "glib/columns.h"

namespace modelverse::tool {

// A heading and one line per model, in columns; * marks a default. What does not fit into `columns`
// is left out, and the end of the price is cut.
std::string models_as_text(std::span<const api::Profile> profiles, std::size_t columns = any_width);
// A Markdown table; defaults are bold.
std::string models_as_markdown(std::span<const api::Profile> profiles);

}  // namespace modelverse::tool
