// SPDX-License-Identifier: LGPL-2.1-or-later
// Sources of the API key.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "glib/environment.h"
#include "glib/file.h"
#include "glib/text.h"
#include "job/descriptors.h"
#include "job/plan.h"

namespace modelverse::job {

namespace {

// Keys are far shorter; a longer file is not a key file.
constexpr std::size_t max_key_bytes = 4096;

// Of the property, else of the environment.
std::string key_text(const Settings& settings) {
  return settings.api_key.empty() ? environment("MODELVERSE_API_KEY") : settings.api_key;
}

std::string key_file(const Settings& settings) {
  return settings.api_key_file.empty() ? environment("MODELVERSE_API_KEY_FILE")
                                       : settings.api_key_file;
}

// A value that does not look like a path may be the key itself, set in the wrong property.
std::string shown_path(const std::string& path) {
  return path.starts_with('/') || path.starts_with('.')
             ? path
             : _("(name not shown: it may be the key itself)");
}

Error unreadable(const std::string& path, int error) {
  if (error == EMFILE || error == ENFILE)
    return too_many_files(error);
  return {.code = ErrorCode::not_authorized,
          .text = format_text(_("The file named by api-key-file cannot be read: %s (%s)"),
                              shown_path(path).c_str(), g_strerror(error)),
          .debug = std::string("open: ") + g_strerror(error)};
}

Error unusable_file(std::string text, std::string debug) {
  return {.code = ErrorCode::not_authorized, .text = std::move(text), .debug = std::move(debug)};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const auto start = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(start, text.find_last_not_of(blanks) + 1 - start);
}

// Strips what an editor may add: a byte order mark, blanks, further line ends.
std::string key_of(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  return std::string(trimmed(text.substr(0, text.find_first_of("\r\n"))));
}

// Only a regular file: a pipe can be read once, and a job may read the key twice.
Result<ApiKey> read_key_file(const std::string& path) {
  const auto file = open_for_reading(path);
  if (!file)
    return unreadable(path, errno);
  struct stat status = {};
  fstat(file.get(), &status);
  const auto text = read_file(file.get(), max_key_bytes);
  if (!text)
    return unreadable(path, errno);
  const auto shown = shown_path(path);
  if (!S_ISREG(status.st_mode))
    return unusable_file(
        format_text(_("The file named by api-key-file is not a regular file: %s"), shown.c_str()),
        "the key file is not a regular file");
  if (text->size() == max_key_bytes && text->find_first_of("\r\n") == std::string::npos)
    return unusable_file(
        format_text(_("The file named by api-key-file has a first line that is too long for a key: "
                      "%s"),
                    shown.c_str()),
        "the key file has a long first line");
  ApiKey key{.value = key_of(*text), .warning = {}};
  if (key.value.empty())
    return unusable_file(
        format_text(_("The file named by api-key-file has no key in its first line: %s"),
                    shown.c_str()),
        "the key file has no key in its first line");
  if (status.st_mode & (S_IRWXG | S_IRWXO))
    key.warning = format_text(
        _("The key file can be read by other users of this machine: chmod 600 %s"), path.c_str());
  return key;
}

bool holds(const std::string& text, bool (*is_such)(unsigned char)) {
  return std::any_of(text.begin(), text.end(), is_such);
}

// A header's value is ASCII; other characters usually come from copying.
Status check_key(const std::string& key) {
  if (holds(key, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    return settings_error(
        _("The API key contains control characters (such as a line end), so it cannot be sent."),
        "control character in the key");
  if (holds(key, [](unsigned char c) { return c >= 0x80; }))
    return settings_error(
        _("The API key contains non-ASCII characters (such as a typographic quotation mark or "
          "space), so it cannot be sent. Copy it again."),
        "the key is not ASCII");
  return Done{};
}

}  // namespace

std::string account_of(const ApiKey& key) {
  return CharPtr(g_compute_checksum_for_string(G_CHECKSUM_SHA256, key.value.c_str(), -1)).get();
}

std::string place_of_key(const Settings& settings) {
  const ApiKey unusable{.value = key_text(settings), .warning = {}};
  return unusable.value.empty() ? key_file(settings) : account_of(unusable);
}

Result<ApiKey> find_api_key(const Settings& settings) {
  ApiKey key{.value = key_text(settings), .warning = {}};
  if (const auto path = key_file(settings); key.value.empty() && !path.empty()) {
    auto from_file = read_key_file(path);
    if (!from_file)
      return from_file;
    key = std::move(from_file).value();
  }
  if (key.value.empty())
    return Error{.code = ErrorCode::not_authorized,
                 .text = _("No API key: set the environment variable MODELVERSE_API_KEY, or "
                           "api-key-file (MODELVERSE_API_KEY_FILE), or the api-key property."),
                 .debug = "no key in the property, the environment or a file"};
  if (const auto checked = check_key(key.value); !checked)
    return checked.error();
  return key;
}

}  // namespace modelverse::job
