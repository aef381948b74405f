// SPDX-License-Identifier: LGPL-2.1-or-later
// Wraps json-glib: bounded reading, typed look-ups.
#pragma once

#include <json-glib/json-glib.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json_scan.h"
#include "core/value.h"
#include "glib/handles.h"

namespace modelverse::api {

// Parsed text. `root` lives as long as the document; if it is null, `problem` gives the reason.
struct JsonDocument {
  ObjectPtr<JsonParser> parser;
  JsonObject* root = nullptr;
  std::string problem;   // as that of JsonScan
  std::size_t line = 0;  // of the problem, from 1; 0: unknown
  JsonScan scan;
};

JsonDocument read_json(std::string_view text, ScanLimits limits);

// A member of that type, or nothing. json-glib's getters log criticals for other types.
JsonNode* find_member(JsonObject* object, const char* name);  // nullptr: missing, or JSON's null
JsonObject* find_object(JsonObject* object, const char* name);
std::optional<std::string> find_string(JsonObject* object, const char* name);
std::optional<std::int64_t> find_integer(JsonObject* object, const char* name);
std::optional<double> find_number(JsonObject* object,
                                  const char* name);  // finite; integers as well
std::optional<std::string> string_of(JsonNode* node);
std::optional<std::int64_t> integer_of(JsonNode* node);
std::optional<double> number_of(JsonNode* node);  // finite; integers as well
std::optional<bool> boolean_of(JsonNode* node);
std::vector<std::string> member_names(JsonObject* object);
Value value_of(JsonNode* node);

}  // namespace modelverse::api
