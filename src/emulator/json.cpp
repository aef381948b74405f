// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads and writes JSON.
#include "emulator/json.h"

namespace emulator {

std::variant<JsonObjectPtr, std::string> parse_object(std::string_view text) {
  // json-glib would also accept `var name = {}`.
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || text[start] != '{')
    return "not a JSON object";
  if (!g_utf8_validate_len(text.data(), text.size(), nullptr))
    return "not UTF-8, or contains a NUL";
  ErrorSlot error;
  JsonNodePtr root(json_from_string(std::string(text).c_str(), error.out()));
  if (!root || !JSON_NODE_HOLDS_OBJECT(root.get()))
    return std::string("invalid JSON: ") + error.message();
  return JsonObjectPtr(json_node_dup_object(root.get()));
}

void set_text(JsonObject* object, const char* name, std::string_view text) {
  CharPtr valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
  json_object_set_string_member(object, name, valid.get());
}

std::string to_text(JsonNode* node) {
  CharPtr text(json_to_string(node, FALSE));
  return text.get();
}

std::string to_text(JsonObjectPtr object) {
  JsonNodePtr node(json_node_new(JSON_NODE_OBJECT));
  json_node_take_object(node.get(), object.release());
  return to_text(node.get());
}

std::string to_text(JsonArrayPtr array) {
  JsonNodePtr node(json_node_new(JSON_NODE_ARRAY));
  json_node_take_array(node.get(), array.release());
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
  g_autoptr(GList) members = json_object_get_members(object);
  for (GList* member = members; member; member = member->next)
    names.emplace_back(static_cast<const char*>(member->data));
  return names;
}

std::vector<JsonNode*> elements(JsonNode* array) {
  std::vector<JsonNode*> items;
  if (!array || !JSON_NODE_HOLDS_ARRAY(array))
    return items;
  for (guint i = 0; i < json_array_get_length(json_node_get_array(array)); ++i)
    items.push_back(json_array_get_element(json_node_get_array(array), i));
  return items;
}

std::vector<std::string> texts(JsonNode* array_of_strings) {
  std::vector<std::string> all;
  for (JsonNode* item : elements(array_of_strings))
    all.emplace_back(json_node_get_string(item));
  return all;
}

}  // namespace emulator
