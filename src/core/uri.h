// SPDX-License-Identifier: LGPL-2.1-or-later
// What may be shown of a URL; parsing proper is GLib's.
#pragma once

#include <string>
#include <string_view>

namespace modelverse {

// Could this be the host of a URL? Names, addresses and what is not ASCII; none of the characters
// that begin another part of a URL and that URL parsers let pass in a host ("&", ";", "=", a "%3F"
// that they decode).
bool is_host(std::string_view host);

// Of a URL that we made or were given to ask at: "https://user@host:8443/path?x=1#f" ->
// "https://host:8443/path".
std::string without_secrets(std::string_view url);

// Of a link that somebody else made. It may carry its signature anywhere, not in a query alone, so
// there is nothing left of it but "https://host:8443"; a host that is none is "...".
std::string shown_link(std::string_view link);

// Text that came from elsewhere, with nothing left of a link in it but its host and the plain words
// that its path begins with, and with no query of what looks like a part of a link.
std::string without_links(std::string_view text);

}  // namespace modelverse
