// SPDX-License-Identifier: LGPL-2.1-or-later
// A request's body as a GInputStream for libsoup.
#pragma once

#include <gio/gio.h>

#include <memory>

#include "core/byte_source.h"
#include "glib/handles.h"

namespace modelverse::http {

// The stream keeps `body` alive: an interrupted upload may outlive its request.
ObjectPtr<GInputStream> make_upload_stream(std::shared_ptr<const ByteSource> body);

}  // namespace modelverse::http
