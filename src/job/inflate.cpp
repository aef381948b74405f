// SPDX-License-Identifier: LGPL-2.1-or-later
// Uses GIO's zlib converter.
#include "job/inflate.h"

#include <algorithm>
#include <array>

#include "glib/handles.h"

namespace modelverse::job {

namespace {

std::optional<GZlibCompressorFormat> format_of(std::string_view encoding) {
  const std::string name(encoding);
  for (const char* gzip : {"gzip", "x-gzip"}) {
    if (g_ascii_strcasecmp(name.c_str(), gzip) == 0)
      return G_ZLIB_COMPRESSOR_FORMAT_GZIP;
  }
  if (g_ascii_strcasecmp(name.c_str(), "deflate") == 0)
    return G_ZLIB_COMPRESSOR_FORMAT_ZLIB;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> inflate(std::string_view body, std::string_view encoding,
                                   std::size_t limit) {
  const auto format = format_of(encoding);
  if (!format)
    return std::nullopt;
  const auto inflater = ObjectPtr<GConverter>::adopt(G_CONVERTER(g_zlib_decompressor_new(*format)));
  std::string text;
  std::array<char, 16 * 1024> piece;
  while (text.size() <= limit) {
    gsize taken = 0;
    gsize made = 0;
    const auto result =
        g_converter_convert(inflater.get(), body.data(), body.size(), piece.data(), piece.size(),
                            G_CONVERTER_INPUT_AT_END, &taken, &made, nullptr);
    if (result == G_CONVERTER_ERROR)
      return std::nullopt;
    body.remove_prefix(taken);
    text.append(piece.data(), std::min(made, limit + 1 - text.size()));
    if (result == G_CONVERTER_FINISHED)
      break;
  }
  return text;
}

}  // namespace modelverse::job
