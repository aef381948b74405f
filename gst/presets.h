// SPDX-License-Identifier: LGPL-2.1-or-later
// GstPreset: saves and loads the settings for making clips.
#pragma once

#include <gst/gst.h>

namespace modelverse {

// The interface_init of G_IMPLEMENT_INTERFACE(GST_TYPE_PRESET, ...).
void init_presets(gpointer iface, gpointer data);

}  // namespace modelverse
