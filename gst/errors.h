// SPDX-License-Identifier: LGPL-2.1-or-later
// Posts an Error as a GStreamer message.
#pragma once

#include <gst/gst.h>

#include "core/error.h"

namespace modelverse {

// Posts an ERROR with domain, code, both texts, the error's origin and the details structure
// `modelverse-error`, and logs it.
void post_error(GstElement* element, const Error& error);
void post_warning(GstElement* element, const Error& warning);

}  // namespace modelverse
