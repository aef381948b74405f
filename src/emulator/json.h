// SPDX-License-Identifier: LGPL-2.1-or-later
// The little that the emulator needs of JSON beyond json-glib.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "emulator/handles.h"

namespace emulator {

// An object, or what is wrong with the text, of which the encoding is checked, too.
std::variant<JsonObjectPtr, std::string> parse_object(std::string_view text);
// Takes text that may not be UTF-8, as requests may not.
void set_text(JsonObject* object, const char* name, std::string_view text);
std::string to_text(JsonNode* node);
std::string to_text(JsonObjectPtr object);
std::string to_text(JsonArrayPtr array);
// The member at a dotted path such as `input.prompt`, or null.
JsonNode* find_path(JsonObject* object, std::string_view path);
// The string at that path, or an empty one.
std::string text_at(JsonObject* object, std::string_view path);
bool is_text(JsonNode* node);
bool is_integer(JsonNode* node);
std::vector<std::string> member_names(JsonObject* object);
// The items of an array; none where it is another node, or null.
std::vector<JsonNode*> elements(JsonNode* array);
std::vector<std::string> texts(JsonNode* array_of_strings);

}  // namespace emulator
