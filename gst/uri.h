// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse: URIs to property values and back.
#pragma once

#include <gst/gst.h>

#include <span>
#include <string>

#include "properties.h"

namespace modelverse {

inline constexpr const char* uri_protocol = "modelverse";

// The settings with the URI's values in place of all that a URI may say; other settings stay. False
// sets `error` (GST_URI_ERROR_BAD_URI), naming the key.
bool apply_uri(const std::string& uri, std::span<const Property> table, Settings& settings,
               GError** error);

// The URI that makes the same clip; empty where the settings name neither picture, prompt nor task,
// or where its picture is in memory.
std::string make_uri(std::span<const Property> table, const Settings& settings);

}  // namespace modelverse
