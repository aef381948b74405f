// SPDX-License-Identifier: LGPL-2.1-or-later
// Variables of the environment.
#pragma once

#include <glib.h>

#include <string>

namespace modelverse {

// An empty variable is one that is not set.
inline std::string environment(const char* name, const std::string& otherwise = {}) {
  const char* value = g_getenv(name);
  return value && *value ? value : otherwise;
}

}  // namespace modelverse
