// SPDX-License-Identifier: LGPL-2.1-or-later
// Loads the picture of `image-uri`.
#include <glib.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/redact.h"
#include "glib/handles.h"
#include "glib/text.h"
#include "picture/accept.h"
#include "picture/picture.h"

namespace modelverse::picture {
namespace {

// The start of an error.
std::string the_uri() {
  return _("The data: URI in image-uri");
}

// "%41" is "A"; an invalid escape stays.
std::string decode_percent(std::string_view text) {
  // The usual Base64, which may be long: a state change waits meanwhile.
  if (text.find('%') == std::string_view::npos)
    return std::string(text);
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && text.size() - i > 2 && g_ascii_isxdigit(text[i + 1]) &&
                           g_ascii_isxdigit(text[i + 2]);
    bytes += is_escape ? static_cast<char>(g_ascii_xdigit_value(text[i + 1]) * 16 +
                                           g_ascii_xdigit_value(text[i + 2]))
                       : text[i];
    i += is_escape ? 2 : 0;
  }
  return bytes;
}

// Ignores spaces; padding is optional. Nothing: not Base64.
std::optional<std::string> decode_base64(std::string text) {
  std::erase_if(text, [](char c) { return g_ascii_isspace(c); });
  const auto digits = text.find_last_not_of('=') + 1;
  const auto padding = text.size() - digits;
  if (text.find('=') < digits || padding > 2 || digits % 4 == 1)
    return {};
  text.resize(digits);
  text.append((4 - digits % 4) % 4, '=');
  gsize size = 0;
  if (!text.empty())
    g_base64_decode_inplace(text.data(), &size);
  // GLib leaves out what is no digit.
  if (size != digits * 3 / 4)
    return {};
  text.resize(size);
  return text;
}

Result<RequestPicture> as_picture(Result<PictureBytes> loaded) {
  if (!loaded)
    return std::move(loaded).error();
  return RequestPicture{std::move(loaded).value()};
}

// data:[<type>][;<parameter>]...[;base64],<data>
Result<RequestPicture> load_data(std::string_view rest) {
  constexpr std::string_view mark = ";base64";
  rest = rest.substr(0, rest.find('#'));
  const auto comma = rest.find(',');
  if (comma == std::string_view::npos)
    return settings_error(_("The data: URI in image-uri has no comma before its data."),
                          "data: no comma");
  const auto label = rest.substr(0, comma);
  const auto data = rest.substr(comma + 1);
  const bool is_base64 =
      label.size() >= mark.size() &&
      g_ascii_strncasecmp(label.data() + label.size() - mark.size(), mark.data(), mark.size()) == 0;
  // The limit for an acceptable size, even with every character escaped.
  if (data.size() / 3 > (is_base64 ? max_picture_bytes / 3 * 4 + 4 : max_picture_bytes))
    return too_large(the_uri(), std::to_string(data.size()) + " characters");
  auto decoded = decode_percent(data);
  auto bytes = is_base64 ? decode_base64(std::move(decoded)) : std::move(decoded);
  if (!bytes)
    return Error{
        .code = ErrorCode::wrong_type,
        .text = _("The data: URI in image-uri does not contain valid Base64: encode it again."),
        .debug = "data: not Base64"};
  return as_picture(accept_bytes(*std::move(bytes), the_uri()));
}

}  // namespace

Result<std::string> path_of_uri(const std::string& uri) {
  ErrorSlot error;
  char* host_out = nullptr;
  const CharPtr path(g_filename_from_uri(uri.c_str(), &host_out, error.out()));
  const CharPtr host(host_out);
  if (!path)
    return settings_error(
        _("image-uri is not a valid file: URI: write it as file:///path/photo.jpg."),
        "g_filename_from_uri: " + without_links(error.message()));
  if (host && g_ascii_strcasecmp(host.get(), "localhost") != 0)
    return settings_error(
        _("image-uri is a file on another host, which is not supported: copy it to this host, or "
          "write file:///path/photo.jpg."),
        "file: URI with a host");
  return std::string(path.get());
}

Result<RequestPicture> load_uri(const std::string& uri, std::stop_token stop) {
  if (stop.stop_requested())
    return cancelled_error();
  if (!g_utf8_validate_len(uri.data(), uri.size(), nullptr))
    return settings_error(_("image-uri is not UTF-8 text."), "image-uri is not UTF-8");
  const char* known_scheme = g_uri_peek_scheme(uri.c_str());
  const std::string scheme = known_scheme ? known_scheme : "";
  if (scheme == "http" || scheme == "https")
    return RequestPicture{PictureLink{uri}};
  if (scheme == "file") {
    const auto path = path_of_uri(uri);
    if (!path)
      return path.error();
    return as_picture(load_file(*path, stop));
  }
  if (scheme == "data")
    return load_data(std::string_view(uri).substr(scheme.size() + 1));
  if (scheme.empty())
    return settings_error(_("image-uri is not a URI: use image-path for a file name."),
                          "no scheme");
  return settings_error(
      format_text(_("image-uri has the scheme '%s': use https, http, file or data."),
                  scheme.c_str()),
      "unknown scheme");
}

}  // namespace modelverse::picture
