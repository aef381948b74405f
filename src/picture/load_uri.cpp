// SPDX-License-Identifier: LGPL-2.1-or-later
// The picture of `image-uri`.
#include <glib.h>

#include <algorithm>

#include "glib/handles.h"
#include "picture/accept.h"
#include "picture/picture.h"

namespace modelverse::picture {
namespace {

constexpr const char* data_name = "The data: URI in image-uri";

Error unusable_uri(std::string text, std::string debug) {
  return {.code = ErrorCode::settings, .text = std::move(text), .debug = std::move(debug)};
}

// "%41" -> "A"; what is no escape stays.
std::string percent_decoded(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  while (true) {
    const auto plain = std::min(text.find('%'), text.size());
    bytes += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty())
      return bytes;
    const bool is_escape =
        text.size() > 2 && g_ascii_isxdigit(text[1]) && g_ascii_isxdigit(text[2]);
    bytes +=
        is_escape
            ? static_cast<char>(g_ascii_xdigit_value(text[1]) * 16 + g_ascii_xdigit_value(text[2]))
            : '%';
    text.remove_prefix(is_escape ? 3 : 1);
  }
}

// In place: it may be large. GLib's decoder skips what it does not know and drops an unpadded rest,
// so both are dealt with before it. False: not Base64.
bool decode_base64(std::string& text) {
  std::erase_if(text, [](char c) { return g_ascii_isspace(c); });
  const auto end = std::min(text.find_last_not_of('=') + 1, text.size());
  const bool is_base64 =
      text.size() - end <= 2 && end % 4 != 1 &&
      std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end),
                  [](char c) { return g_ascii_isalnum(c) || c == '+' || c == '/'; });
  if (!is_base64)
    return false;
  text.resize(end);
  text.append((4 - end % 4) % 4, '=');
  gsize decoded = 0;
  if (!text.empty())
    g_base64_decode_inplace(text.data(), &decoded);
  text.resize(decoded);
  return true;
}

// data:[<type>][;<parameter>]...[;base64],<data>
Result<RequestPicture> load_data(std::string_view rest) {
  constexpr std::string_view mark = ";base64";
  rest = rest.substr(0, rest.find('#'));
  const auto comma = rest.find(',');
  if (comma == std::string_view::npos)
    return unusable_uri(std::string(data_name) + " has no comma before its data.",
                        "data: no comma");
  const auto label = rest.substr(0, comma);
  const auto data = rest.substr(comma + 1);
  const bool is_base64 =
      label.size() >= mark.size() &&
      g_ascii_strncasecmp(label.data() + label.size() - mark.size(), mark.data(), mark.size()) == 0;
  // Nothing that fits is longer, even with every character escaped.
  if (data.size() / 3 > (is_base64 ? max_picture_bytes / 3 * 4 + 4 : max_picture_bytes))
    return too_large(data_name, std::to_string(data.size()) + " characters");
  std::string bytes = percent_decoded(data);
  if (is_base64 && !decode_base64(bytes))
    return Error{.code = ErrorCode::wrong_type,
                 .text = std::string(data_name) + " does not hold valid Base64: encode it anew.",
                 .debug = "data: not Base64"};
  auto picture = accept_bytes(std::move(bytes), data_name);
  if (!picture)
    return std::move(picture).error();
  return RequestPicture{std::move(picture).value()};
}

Result<RequestPicture> load_file_uri(const std::string& uri, std::stop_token stop) {
  ErrorSlot error;
  char* host_out = nullptr;
  const CharPtr path(g_filename_from_uri(uri.c_str(), &host_out, error.out()));
  const CharPtr host(host_out);
  if (!path)
    return unusable_uri("image-uri is not a usable file: URI: write it as file:///path/photo.jpg.",
                        std::string("g_filename_from_uri: ") + error.message());
  if (host && g_ascii_strcasecmp(host.get(), "localhost") != 0)
    return unusable_uri(
        "image-uri names a file of another host, which is not read: copy it here, or "
        "write file:///path/photo.jpg.",
        "file: URI with a host");
  auto picture = load_file(path.get(), stop);
  if (!picture)
    return std::move(picture).error();
  return RequestPicture{std::move(picture).value()};
}

}  // namespace

Result<RequestPicture> load_uri(const std::string& uri, std::stop_token stop) {
  if (stop.stop_requested())
    return cancelled();
  if (!g_utf8_validate_len(uri.data(), uri.size(), nullptr))
    return unusable_uri("image-uri is not UTF-8 text.", "image-uri is not UTF-8");
  const char* known_scheme = g_uri_peek_scheme(uri.c_str());
  const std::string scheme = known_scheme ? known_scheme : "";
  if (scheme == "http" || scheme == "https")
    return RequestPicture{PictureLink{uri}};
  if (scheme == "file")
    return load_file_uri(uri, stop);
  if (scheme == "data")
    return load_data(std::string_view(uri).substr(scheme.size() + 1));
  if (scheme.empty())
    return unusable_uri("image-uri is not a URI: use image-path for the name of a file.",
                        "no scheme");
  return unusable_uri(
      "image-uri has the scheme '" + scheme + "': https, http, file and data are known.",
      "unknown scheme");
}

}  // namespace modelverse::picture
