// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads a data URI, Base64 or a link.
#include "emulator/encoded_picture.h"

#include <algorithm>

namespace emulator {
namespace {

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() &&
         g_ascii_strncasecmp(text.data(), start.data(), start.size()) == 0;
}

// GLib's decoder skips unknown characters; the service's does not.
Blob strict_base64(std::string_view text) {
  const std::size_t digits = std::min(text.find('='), text.size());
  if (text.empty() || text.size() % 4 != 0 || text.size() - digits > 2)
    return {};
  const bool is_clean =
      std::all_of(text.begin(), text.begin() + static_cast<long>(digits),
                  [](char c) { return g_ascii_isalnum(c) || c == '+' || c == '/'; });
  if (!is_clean || text.find_first_not_of('=', digits) != std::string_view::npos)
    return {};
  gsize size = 0;
  unsigned char* bytes = g_base64_decode(std::string(text).c_str(), &size);
  return adopt_blob(g_bytes_new_take(bytes, size));
}

std::optional<EncodedPicture> read_data_uri(std::string_view text) {
  text.remove_prefix(std::string_view("data:").size());
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos)
    return {};
  const std::string_view head = text.substr(0, comma);
  const std::string_view media_type = head.substr(0, head.find(';'));
  if (!starts_with_ignoring_case(media_type, "image/") || !head.ends_with(";base64"))
    return {};
  Blob bytes = strict_base64(text.substr(comma + 1));
  if (!bytes)
    return {};
  return EncodedPicture{"data-uri", {}, std::move(bytes), std::string(media_type)};
}

std::optional<EncodedPicture> read_url(std::string_view text) {
  const std::string copy(text);
  g_autoptr(GUri) uri = g_uri_parse(copy.c_str(), G_URI_FLAGS_ENCODED, nullptr);
  const char* host = uri ? g_uri_get_host(uri) : nullptr;
  if (!host || !*host)
    return {};
  return EncodedPicture{"url", copy, {}, {}};
}

}  // namespace

std::optional<EncodedPicture> read_encoded_picture(std::string_view text) {
  if (starts_with_ignoring_case(text, "data:"))
    return read_data_uri(text);
  if (starts_with_ignoring_case(text, "http://") || starts_with_ignoring_case(text, "https://"))
    return read_url(text);
  Blob bytes = strict_base64(text);
  if (!bytes)
    return {};
  return EncodedPicture{"base64", {}, std::move(bytes), {}};
}

}  // namespace emulator
