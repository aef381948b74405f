// SPDX-License-Identifier: LGPL-2.1-or-later
// Converts GstStructure to and from core's values.
#pragma once

#include <gst/gst.h>

#include <optional>
#include <string>

#include "core/task.h"
#include "core/value.h"

namespace modelverse {

// Nested structures become objects; GstValueArray and GstValueList become arrays. Types that JSON
// does not have become Foreign, and are omitted on the way back.
Object object_from_structure(const GstStructure* structure);
Value value_from_gvalue(const GValue* value);
// True if each array can be a GstValueArray: not [1, "a"], nor [[1], ["a"]].
bool has_uniform_arrays(const Object& object);
// A JSON object, as used in URIs and presets; an empty string for an empty structure.
std::string json_from_structure(const GstStructure* structure);
// Transfer full. False if `json` is no object or has an array of mixed types.
bool structure_from_json(const char* json, GstStructure** structure);

// A GstValueArray of strings as a JSON array; empty: none.
std::string json_from_array(const GValue* texts);
// Appends to the array. False: `json` is not an array of strings.
bool array_from_json(const char* json, GValue* texts);
// Transfer full; null for an empty object. Its arrays must be uniform.
GstStructure* structure_from_object(const Object& object, const char* name);

// Sets `cost` and `currency`, if there is a cost.
void set_cost(GstStructure* structure, const std::optional<Money>& cost);
// The fields of `stats`. Transfer full.
GstStructure* structure_from_stats(const TaskStats& stats, const char* name);

}  // namespace modelverse
