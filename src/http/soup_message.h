// SPDX-License-Identifier: LGPL-2.1-or-later
// A Request as a SoupMessage, and a SoupMessage's head as a Response.
#pragma once

#include <libsoup/soup.h>

#include <cstdint>
#include <optional>
#include <string>

#include "glib/handles.h"
#include "http/transport.h"

namespace modelverse::http {

// Null where the request cannot be put on the wire as it stands.
ObjectPtr<SoupMessage> make_message(const Request& request);

std::string host_of(SoupMessage* message);
std::uint64_t request_body_size(SoupMessage* message);

// For each message of a session, those to a proxy included: a length below zero ends the exchange
// as what it is. libsoup would hand it to GObject, which warns of it as of a programmer's error.
void refuse_negative_length(SoupMessage* message);

// Of more than 64 KiB. libsoup ends one beyond a limit of its own (64 KiB, 100 since 3.5.1) with
// the error of a broken connection.
bool are_headers_too_long(SoupMessage* message);

// Of the request and of the response's headers, so far.
std::uint64_t bytes_on_wire(SoupMessage* message);

Response read_headers(SoupMessage* message);

// The body's length if the headers state one; nothing where only its end tells.
std::optional<goffset> stated_length(SoupMessage* message);

bool is_chunked(SoupMessage* message);

}  // namespace modelverse::http
