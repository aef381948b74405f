// SPDX-License-Identifier: LGPL-2.1-or-later
// Converts an HttpRequest to a SoupMessage, and a SoupMessage's headers to an HttpResponse.
#pragma once

#include <libsoup/soup.h>

#include <cstdint>
#include <optional>
#include <string>

#include "glib/handles.h"
#include "http/transport.h"

namespace modelverse::http {

// Null if the request cannot be sent unchanged.
ObjectPtr<SoupMessage> make_message(const HttpRequest& request);

std::string host_of(SoupMessage* message);
std::uint64_t request_body_size(SoupMessage* message);

// For each message of a session, including those to a proxy: a negative Content-Length becomes a
// protocol error. libsoup would pass it to GObject, which logs a critical.
void refuse_negative_length(SoupMessage* message);

// Whether they exceed 64 KiB. libsoup reports headers beyond its own limit (64 KiB, 100 since
// 3.5.1) as a broken connection.
bool are_headers_too_long(SoupMessage* message);

// Bytes of the request and of the response's headers, so far.
std::uint64_t bytes_on_wire(SoupMessage* message);

HttpResponse read_headers(SoupMessage* message);

// The Content-Length of the headers; nothing if the body ends with the connection or its last
// chunk.
std::optional<goffset> stated_length(SoupMessage* message);

bool is_chunked(SoupMessage* message);

}  // namespace modelverse::http
