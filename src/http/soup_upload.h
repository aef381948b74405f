// SPDX-License-Identifier: LGPL-2.1-or-later
// A request's body as the stream that libsoup reads it from.
#pragma once

#include <gio/gio.h>

#include <memory>

#include "core/byte_source.h"
#include "glib/handles.h"

namespace modelverse::http {

// Keeps `body` as long as the stream lives: an upload that was cut short may outlive its request.
ObjectPtr<GInputStream> make_upload_stream(std::shared_ptr<const ByteSource> body);

}  // namespace modelverse::http
