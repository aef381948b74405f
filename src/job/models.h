// SPDX-License-Identifier: LGPL-2.1-or-later
// The models as this user has them: the rows compiled in and those of a file of his own.
#pragma once

#include <memory>
#include <string>

#include "api/models.h"
#include "core/result.h"

namespace modelverse::job {

// $MODELVERSE_MODELS_FILE, else $XDG_CONFIG_HOME/gst-modelverse/models.json (usually below
// ~/.config).
std::string models_file();

// Reads the file anew, if it is there; one that the environment names must be. Errors: settings
// (names the file, and the line or the member), open_read, not_found.
Result<std::shared_ptr<const api::Models>> load_models();

// The models that are compiled in, a line each.
std::string known_models_text();

}  // namespace modelverse::job
