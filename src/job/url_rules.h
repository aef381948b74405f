// SPDX-License-Identifier: LGPL-2.1-or-later
// Rules for the URLs that may be requested.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace modelverse::job {

// "https://host:port" without a default port; empty for a URL that is not http(s) or has no host.
std::optional<std::string> origin_of(const std::string& url);

// The base URL of the API without a trailing slash. Refused: not http(s), http to a host that is
// not loopback (unless `allow_http`), user info, a query.
Result<std::string> check_base_url(const std::string& url, bool allow_http);

// Refuses a `proxy` that is not a URI with a host, and a proxy on another machine for an http URL
// of this one (unless `allow_http`): the key would reach the proxy unencrypted. Without `proxy`,
// asks for that of the system.
Status check_proxy(const std::string& base_url, const std::string& proxy, bool allow_http);

// Checks a result link that the API at `base_url` returned. Refused: not http(s); http when the API
// is https (unless `allow_http`); loopback or a private address when the API is public, since a
// remote service could otherwise make this machine send requests into its local network.
Status check_result_link(const std::string& link, const std::string& base_url, bool allow_http);

// Makes a URL from JSON or a header sendable: strips surrounding spaces and percent-encodes inner
// spaces and non-ASCII bytes. Existing encodings stay unchanged, since a signature may cover the
// text of the link.
std::string sendable_url(std::string_view url);

// `location` of a redirect, resolved against the URL that sent it and sendable; empty when it
// cannot be parsed.
std::optional<std::string> resolve_location(const std::string& url, const std::string& location);

// True for this machine: "127.0.0.1", "[::1]", "localhost".
bool is_loopback_url(const std::string& url);

bool is_same_origin(const std::string& url, const std::string& other);

}  // namespace modelverse::job
