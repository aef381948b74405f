// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads and writes JSON.
#include "emulator/json.h"

namespace emulator {
namespace {

constexpr std::string_view spaces = " \t\r\n";

// json-glib 1.6 recurses for each level of nesting, and also accepts `var name = {}`, several
// values, comments and single quotes.
bool is_one_object(std::string_view text) {
  constexpr int max_depth = 1000;
  const std::size_t start = text.find_first_not_of(spaces);
  if (start == std::string_view::npos || text[start] != '{')
    return false;
  int depth = 0;
  bool is_in_string = false;
  for (std::size_t i = start; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"')
      is_in_string = !is_in_string;
    else if (is_in_string)
      i += c == '\\' ? 1 : 0;
    else if (c == '/' || c == '\'')
      return false;
    else if (c == '{' || c == '[')
      ++depth;
    else if ((c == '}' || c == ']') && --depth == 0)
      return text.find_first_not_of(spaces, i + 1) == std::string_view::npos;
    if (depth > max_depth)
      return false;
  }
  return false;
}

}  // namespace

std::variant<JsonObjectPtr, std::string> parse_object(std::string_view text) {
  if (!is_one_object(text))
    return "not one JSON object, or nested too deep";
  if (!g_utf8_validate_len(text.data(), text.size(), nullptr))
    return "not UTF-8, or contains a NUL";
  g_autoptr(GError) error = nullptr;
  JsonNodePtr root(json_from_string(std::string(text).c_str(), &error));
  if (!root)
    return std::string("invalid JSON: ") + error->message;
  return JsonObjectPtr(json_node_dup_object(root.get()));
}

void set_text(JsonObject* object, const char* name, std::string_view text) {
  g_autofree char* valid = g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()));
  json_object_set_string_member(object, name, valid);
}

std::string to_text(JsonNode* node) {
  g_autofree char* text = json_to_string(node, FALSE);
  return text;
}

std::string to_text(JsonObjectPtr object) {
  JsonNodePtr node(json_node_init_object(json_node_alloc(), object.get()));
  return to_text(node.get());
}

std::string to_text(JsonArray* array) {
  JsonNodePtr node(json_node_init_array(json_node_alloc(), array));
  return to_text(node.get());
}

JsonNode* find_path(JsonObject* object, std::string_view path) {
  const std::size_t dot = path.find('.');
  JsonNode* member = json_object_get_member(object, std::string(path.substr(0, dot)).c_str());
  if (dot == std::string_view::npos || !member)
    return member;
  if (!JSON_NODE_HOLDS_OBJECT(member))
    return nullptr;
  return find_path(json_node_get_object(member), path.substr(dot + 1));
}

std::string text_at(JsonObject* object, std::string_view path) {
  JsonNode* node = find_path(object, path);
  return node && is_text(node) ? json_node_get_string(node) : "";
}

bool is_text(JsonNode* node) {
  return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
}

bool is_integer(JsonNode* node) {
  return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64;
}

std::vector<std::string> member_names(JsonObject* object) {
  std::vector<std::string> names;
  g_autoptr(GList) members = object ? json_object_get_members(object) : nullptr;
  for (GList* member = members; member; member = member->next)
    names.emplace_back(static_cast<const char*>(member->data));
  return names;
}

std::vector<JsonNode*> children(JsonNode* node) {
  g_autoptr(GList) list = nullptr;
  if (node && JSON_NODE_HOLDS_ARRAY(node))
    list = json_array_get_elements(json_node_get_array(node));
  else if (node && JSON_NODE_HOLDS_OBJECT(node))
    list = json_object_get_values(json_node_get_object(node));
  std::vector<JsonNode*> all;
  for (GList* item = list; item; item = item->next)
    all.push_back(static_cast<JsonNode*>(item->data));
  return all;
}

std::vector<std::string> texts(JsonNode* array_of_strings) {
  std::vector<std::string> all;
  for (JsonNode* item : children(array_of_strings))
    all.emplace_back(json_node_get_string(item));
  return all;
}

}  // namespace emulator
