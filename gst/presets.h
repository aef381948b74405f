// SPDX-License-Identifier: LGPL-2.1-or-later
// GstPreset: a name for how clips are to be made.
#pragma once

#include <gst/gst.h>

namespace modelverse {

// To be given to G_IMPLEMENT_INTERFACE for GST_TYPE_PRESET.
void init_presets(gpointer iface, gpointer data);

}  // namespace modelverse
