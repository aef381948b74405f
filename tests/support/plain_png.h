// SPDX-License-Identifier: LGPL-2.1-or-later
// A PNG of any size, for tests of sizes only.
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include <string>

namespace test_support {

// Black.
inline std::string plain_png(int width, int height) {
  g_autoptr(GdkPixbuf) pixels = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  gdk_pixbuf_fill(pixels, 0);
  g_autofree gchar* bytes = nullptr;
  gsize size = 0;
  gdk_pixbuf_save_to_buffer(pixels, &bytes, &size, "png", nullptr, nullptr);
  return {bytes, size};
}

}  // namespace test_support
