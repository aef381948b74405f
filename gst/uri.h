// SPDX-License-Identifier: LGPL-2.1-or-later
// Converts modelverse: URIs to property values and back.
#pragma once

#include <gst/gst.h>

#include <span>
#include <string>

#include "properties.h"

namespace modelverse {

inline constexpr const char* uri_protocol = "modelverse";

// Sets all properties that a URI can have: to the URI's value, else to the default. Other settings
// stay. On failure, returns false and sets `error` (GST_URI_ERROR_BAD_URI), naming the key.
bool apply_uri(const std::string& uri, std::span<const Property> table, Settings& settings,
               GError** error);

// The URI that makes the same clip, with the absolute paths of pictures in files. Empty if the
// settings have neither picture, prompt nor task, or if a picture is in memory.
std::string make_uri(std::span<const Property> table, const Settings& given);

}  // namespace modelverse
