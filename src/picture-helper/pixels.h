// SPDX-License-Identifier: LGPL-2.1-or-later
// Decoded pixels: RGB or RGBA of 8 bits, in a GdkPixbuf.
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "core/picture_rules.h"
#include "glib/handles.h"

namespace modelverse::picture {

using PixbufPtr = ObjectPtr<GdkPixbuf>;

inline FrameSize size_of(const PixbufPtr& pixels) {
  return {gdk_pixbuf_get_width(pixels.get()), gdk_pixbuf_get_height(pixels.get())};
}

// gdk-pixbuf 2.43.2 and later decodes with glycin, unless built without it.
inline bool has_glycin() {
  return gdk_pixbuf_minor_version >= 43;
}

}  // namespace modelverse::picture
