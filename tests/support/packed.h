// SPDX-License-Identifier: LGPL-2.1-or-later
// Text as a Content-Encoding packs it.
#pragma once

#include <gio/gio.h>
#include <gtest/gtest.h>

#include <string>

#include "glib/handles.h"

namespace test_support {

inline std::string packed(const std::string& text,
                          GZlibCompressorFormat format = G_ZLIB_COMPRESSOR_FORMAT_GZIP) {
  const auto packer =
      modelverse::ObjectPtr<GConverter>::adopt(G_CONVERTER(g_zlib_compressor_new(format, 9)));
  std::string out(text.size() + 1000, '\0');
  gsize taken = 0;
  gsize made = 0;
  EXPECT_EQ(g_converter_convert(packer.get(), text.data(), text.size(), out.data(), out.size(),
                                G_CONVERTER_INPUT_AT_END, &taken, &made, nullptr),
            G_CONVERTER_FINISHED);
  out.resize(made);
  return out;
}

}  // namespace test_support
