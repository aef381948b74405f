// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/json_text.h"

#include <glib.h>

#include "api/json.h"
#include "api/printable.h"

namespace modelverse::api {
namespace {

void append_escape(std::string& text, gunichar unit) {
  const CharPtr escape(g_strdup_printf("\\u%04x", unit));
  text += escape.get();
}

// JSON's escapes are UTF-16.
void append_escaped(std::string& text, gunichar character) {
  constexpr gunichar first_of_two_units = 0x10000;
  if (character < first_of_two_units)
    return append_escape(text, character);
  const gunichar rest = character - first_of_two_units;
  append_escape(text, 0xd800 + (rest >> 10));
  append_escape(text, 0xdc00 + (rest & 0x3ff));
}

}  // namespace

std::string json_text(const Array& items) {
  // Escapes those below U+0020 in strings, but no others.
  const auto written = write_json(items, JsonLayout::readable);
  const CharPtr valid(g_utf8_make_valid(written.data(), static_cast<gssize>(written.size())));
  std::string text;
  for (const char* at = valid.get(); *at != '\0'; at = g_utf8_next_char(at)) {
    const std::string_view raw(at, static_cast<std::size_t>(g_utf8_next_char(at) - at));
    if (*at == '\n' || is_printable(raw))
      text += raw;
    else
      append_escaped(text, g_utf8_get_char(at));
  }
  return text + "\n";
}

std::string json_from_object(const Object& object) {
  return write_json(object, JsonLayout::compact);
}

std::string json_from_array(const Array& items) {
  return write_json(items, JsonLayout::compact);
}

std::optional<std::vector<std::string>> texts_from_json(std::string_view text) {
  constexpr ScanLimits limits = {.max_bytes = std::size_t{128} << 20, .max_depth = 4};
  // read_json() reads objects.
  const auto document = read_json("{\"texts\":" + std::string(text) + "}", limits);
  JsonNode* list = document.root ? find_member(document.root, "texts") : nullptr;
  if (!list || !JSON_NODE_HOLDS_ARRAY(list) || json_object_get_size(document.root) != 1)
    return std::nullopt;
  std::vector<std::string> texts;
  JsonArray* items = json_node_get_array(list);
  for (guint i = 0; i < json_array_get_length(items); ++i) {
    auto one = string_of(json_array_get_element(items, i));
    if (!one)
      return std::nullopt;
    texts.push_back(*std::move(one));
  }
  return texts;
}

std::optional<Object> object_from_json(std::string_view text) {
  constexpr ScanLimits limits = {.max_bytes = std::size_t{64} << 10, .max_depth = 32};
  const auto document = read_json(text, limits);
  if (!document.root || document.scan.has_wide_integer)
    return std::nullopt;
  return std::get<Object>(value_of(json_parser_get_root(document.parser.get())).data);
}

}  // namespace modelverse::api
