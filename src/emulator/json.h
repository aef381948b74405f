// SPDX-License-Identifier: LGPL-2.1-or-later
// JSON functions of the emulator in addition to json-glib.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "emulator/handles.h"

namespace emulator {

// Returns an object, or the error of the text. Also checks the encoding.
std::variant<JsonObjectPtr, std::string> parse_object(std::string_view text);
// The text may be invalid UTF-8, as in a request.
void set_text(JsonObject* object, const char* name, std::string_view text);
std::string to_text(JsonNode* node);
std::string to_text(JsonObjectPtr object);
std::string to_text(JsonArray* array);
// The member at a dotted path such as `input.prompt`, or null.
JsonNode* find_path(JsonObject* object, std::string_view path);
// The string at that path, or empty.
std::string text_at(JsonObject* object, std::string_view path);
bool is_text(JsonNode* node);
bool is_integer(JsonNode* node);
// None of null.
std::vector<std::string> member_names(JsonObject* object);
// The items of an array, or the members of an object; none of another node or null.
std::vector<JsonNode*> children(JsonNode* node);
std::vector<std::string> texts(JsonNode* array_of_strings);

}  // namespace emulator
