// SPDX-License-Identifier: LGPL-2.1-or-later
// The few questions about an http(s) URL that rules and texts need; parsing proper is GLib's.
#pragma once

#include <string>
#include <string_view>

namespace modelverse {

// "https://user@host:8443/path?x=1#f" -> "https://host:8443/path": fit for a log or an error text.
// Result links carry their signature in the query: it never leaves.
std::string without_secrets(std::string_view url);

}  // namespace modelverse
