// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/json.h"

#include <algorithm>
#include <cmath>

#include "glib/text.h"

namespace modelverse::api {
namespace {

bool is_value(JsonNode* node, GType type) {
  return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

// The parser reports the line only while it parses.
void note_line(JsonParser* parser, GError*, guint* line) {
  *line = json_parser_get_current_line(parser);
}

std::size_t line_at(std::string_view text, std::size_t position) {
  const auto before = text.substr(0, position);
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace

JsonDocument read_json(std::string_view text, ScanLimits limits) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  JsonDocument document;
  document.scan = scan_json(text, limits);
  if (document.scan.problem) {
    document.problem = document.scan.problem;
    document.line = line_at(text, document.scan.problem_position);
    return document;
  }
  document.parser = ObjectPtr<JsonParser>::adopt(json_parser_new_immutable());
  guint line = 0;
  g_signal_connect(document.parser.get(), "error", G_CALLBACK(note_line), &line);
  ErrorSlot error;
  // The error message quotes the text: do not pass it on.
  const bool is_json = json_parser_load_from_data(document.parser.get(), text.data(),
                                                  static_cast<gssize>(text.size()), error.out());
  JsonNode* root = is_json ? json_parser_get_root(document.parser.get()) : nullptr;
  if (root && JSON_NODE_HOLDS_OBJECT(root))
    document.root = json_node_get_object(root);
  else
    document.problem = N_("not JSON");
  document.line = line;
  return document;
}

JsonNode* find_member(JsonObject* object, const char* name) {
  JsonNode* node = object ? json_object_get_member(object, name) : nullptr;
  return node && !JSON_NODE_HOLDS_NULL(node) ? node : nullptr;
}

JsonObject* find_object(JsonObject* object, const char* name) {
  JsonNode* node = find_member(object, name);
  return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : nullptr;
}

std::optional<std::string> string_of(JsonNode* node) {
  if (!is_value(node, G_TYPE_STRING))
    return {};
  return json_node_get_string(node);
}

std::optional<std::int64_t> integer_of(JsonNode* node) {
  if (!is_value(node, G_TYPE_INT64))
    return {};
  return json_node_get_int(node);
}

std::optional<double> number_of(JsonNode* node) {
  if (!is_value(node, G_TYPE_INT64) && !is_value(node, G_TYPE_DOUBLE))
    return {};
  const double number = json_node_get_double(node);
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<bool> boolean_of(JsonNode* node) {
  if (!is_value(node, G_TYPE_BOOLEAN))
    return {};
  return json_node_get_boolean(node) != FALSE;
}

std::vector<std::string> member_names(JsonObject* object) {
  std::vector<std::string> names;
  JsonObjectIter iter;
  const char* name = nullptr;
  json_object_iter_init_ordered(&iter, object);
  while (json_object_iter_next_ordered(&iter, &name, nullptr))
    names.emplace_back(name);
  return names;
}

Value value_of(JsonNode* node) {
  if (JSON_NODE_HOLDS_OBJECT(node)) {
    Object members;
    JsonObject* object = json_node_get_object(node);
    for (auto& name : member_names(object))
      members.push_back({name, value_of(json_object_get_member(object, name.c_str()))});
    return {std::move(members)};
  }
  if (JSON_NODE_HOLDS_ARRAY(node)) {
    Array items;
    JsonArray* array = json_node_get_array(node);
    for (guint i = 0; i < json_array_get_length(array); ++i)
      items.push_back(value_of(json_array_get_element(array, i)));
    return {std::move(items)};
  }
  if (const auto text = string_of(node))
    return {*text};
  if (const auto flag = boolean_of(node))
    return {*flag};
  if (const auto whole = integer_of(node))
    return {*whole};
  if (const auto number = number_of(node))
    return {*number};
  return {nullptr};
}

std::optional<std::string> find_string(JsonObject* object, const char* name) {
  return string_of(find_member(object, name));
}

std::optional<std::int64_t> find_integer(JsonObject* object, const char* name) {
  return integer_of(find_member(object, name));
}

std::optional<double> find_number(JsonObject* object, const char* name) {
  return number_of(find_member(object, name));
}

}  // namespace modelverse::api
