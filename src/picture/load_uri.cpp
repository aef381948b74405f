// SPDX-License-Identifier: LGPL-2.1-or-later
// Loads the picture of `image-uri`.
#include <glib.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

// Decodes percent-encoding: "%41" is "A"; an invalid escape stays.
class Characters {
 public:
  explicit Characters(std::string_view text) : text_(text) {}
  bool is_over() const { return text_.empty(); }
  char next() {
    const bool is_escape = text_.size() > 2 && text_[0] == '%' && g_ascii_isxdigit(text_[1]) &&
                           g_ascii_isxdigit(text_[2]);
    const char c = is_escape ? static_cast<char>(g_ascii_xdigit_value(text_[1]) * 16 +
                                                 g_ascii_xdigit_value(text_[2]))
                             : text_[0];
    text_.remove_prefix(is_escape ? 3 : 1);
    return c;
  }

 private:
  std::string_view text_;
};

std::string decode_percent(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (Characters characters(text); !characters.is_over();)
    bytes += characters.next();
  return bytes;
}

// -1: not a Base64 digit.
int base64_value(char c) {
  if (g_ascii_isupper(c))
    return c - 'A';
  if (g_ascii_islower(c))
    return c - 'a' + 26;
  if (g_ascii_isdigit(c))
    return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// Decodes the URI directly, without a copy of its large text. Ignores spaces; padding is optional.
// Nothing: not Base64.
std::optional<std::string> decode_base64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (Characters characters(text); !characters.is_over();) {
    const char c = characters.next();
    if (g_ascii_isspace(c))
      continue;
    padding += c == '=';
    if (c == '=')
      continue;
    const int value = base64_value(c);
    if (value < 0 || padding > 0)
      return {};
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    // Each digit but the first of four completes a byte.
    if (const auto place = digits++ % 4; place > 0)
      bytes += static_cast<char>(bits >> (6 - 2 * place) & 0xff);
  }
  if (padding > 2 || digits % 4 == 1)
    return {};
  return bytes;
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
  auto bytes = is_base64 ? decode_base64(data) : decode_percent(data);
  if (!bytes)
    return Error{
        .code = ErrorCode::wrong_type,
        .text = _("The data: URI in image-uri does not contain valid Base64: encode it again."),
        .debug = "data: not Base64"};
  auto picture = accept_bytes(*std::move(bytes), the_uri());
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
    return settings_error(
        _("image-uri is not a valid file: URI: write it as file:///path/photo.jpg."),
        "g_filename_from_uri: " + without_links(error.message()));
  if (host && g_ascii_strcasecmp(host.get(), "localhost") != 0)
    return settings_error(
        _("image-uri is a file on another host, which is not supported: copy it to this host, or "
          "write file:///path/photo.jpg."),
        "file: URI with a host");
  auto picture = load_file(path.get(), stop);
  if (!picture)
    return std::move(picture).error();
  return RequestPicture{std::move(picture).value()};
}

}  // namespace

std::string path_of_uri(const std::string& uri) {
  char* host = nullptr;
  const CharPtr path(g_filename_from_uri(uri.c_str(), &host, nullptr));
  const CharPtr owned(host);
  const bool is_here = path && (!host || g_ascii_strcasecmp(host, "localhost") == 0);
  return is_here ? path.get() : "";
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
  if (scheme == "file")
    return load_file_uri(uri, stop);
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
