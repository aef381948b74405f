// SPDX-License-Identifier: LGPL-2.1-or-later
// The user's models: the built-in rows and the rows of the user's own file.
#pragma once

#include <memory>
#include <string>

#include "api/models.h"
#include "core/result.h"

namespace modelverse::job {

// $MODELVERSE_MODELS_FILE, else $XDG_CONFIG_HOME/gst-modelverse/models.json (usually below
// ~/.config).
std::string models_file();

// Reads the file on each call. The default file may be missing; a file named by the environment may
// not. Errors: settings (names the file, and the line or the member), open_read, not_found.
Result<std::shared_ptr<const api::Models>> load_models();

}  // namespace modelverse::job
