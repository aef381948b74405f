// SPDX-License-Identifier: LGPL-2.1-or-later
// Removes secrets from URLs for display; GLib does the real parsing.
#pragma once

#include <string>
#include <string_view>

namespace modelverse {

// True for a plausible host of a URL: names, addresses and non-ASCII text, without characters that
// start another part of a URL and that URL parsers accept in a host ("&", ";", "=", a "%3F" that
// they decode).
bool is_host(std::string_view host);

// For our own and configured URLs: "https://user@host:8443/path?x=1#f" -> "https://host:8443/path".
std::string without_secrets(std::string_view url);

// For foreign links. A link may carry its signature anywhere, not only in the query, so only
// "https://host:8443" remains; an invalid host becomes "...".
std::string shown_link(std::string_view link);

// Foreign text in which each link is reduced to its host and the plain words at the start of its
// path, without queries, also of fragments of links.
std::string without_links(std::string_view text);

}  // namespace modelverse
