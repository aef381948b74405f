// SPDX-License-Identifier: LGPL-2.1-or-later
// The house's errors as GStreamer's messages.
#pragma once

#include <gst/gst.h>

#include "core/error.h"

namespace modelverse {

// ERROR with domain, code, both texts, the error's origin and the details structure
// `modelverse-error`; in the debug log as well.
void post_error(GstElement* element, const Error& error);
void post_warning(GstElement* element, const Error& warning);

}  // namespace modelverse
