// SPDX-License-Identifier: LGPL-2.1-or-later
// Which URL may be asked for what.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace modelverse::job {

// "https://host:port", default ports left out, or nothing where it is no http(s) URL with a host.
std::optional<std::string> origin_of(const std::string& url);

// The base URL of the API without a trailing slash, or why it is refused: not http(s), http to a
// host that is not loopback (unless `allow_http`), user info, a query.
Result<std::string> check_base_url(const std::string& url, bool allow_http);

// May a result be fetched from `link`, handed out by the API at `base_url`? Refused: not http(s);
// http where the API is https (unless `allow_http`); loopback or a private address where the API
// is public, since a service that we do not run could then make us ask hosts of this network.
Status check_result_link(const std::string& link, const std::string& base_url, bool allow_http);

// As it can be asked for: what a service or a store wrote into JSON or a header may stand in
// spaces, and may hold spaces or letters of other scripts, which go as percent-encodings of their
// bytes. What is encoded stays as it is, since a link may be signed over its text.
std::string sendable_url(std::string_view url);

// `location` of a redirect, resolved against the URL that sent it and sendable; nothing when
// unreadable.
std::optional<std::string> resolve_location(const std::string& url, const std::string& location);

// "127.0.0.1", "[::1]", "localhost": this machine, whatever is listening there.
bool is_loopback_url(const std::string& url);

bool is_same_origin(const std::string& url, const std::string& other);

}  // namespace modelverse::job
