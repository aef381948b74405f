// SPDX-License-Identifier: LGPL-2.1-or-later
// GstStructure to and from the house's own values.
#pragma once

#include <gst/gst.h>

#include <string>

#include "core/task.h"
#include "core/value.h"

namespace modelverse {

// Nested structures become objects, GstValueArray and GstValueList arrays; what JSON does not have
// becomes Foreign, and is left out on the way back.
Object object_from_structure(const GstStructure* structure);
Value value_from_gvalue(const GValue* value);
// Can each array in it be a GstValueArray? [1, "a"] cannot, nor [[1], ["a"]].
bool has_uniform_arrays(const Object& object);
// As a JSON object, which is how URIs and presets hold it; empty for none.
std::string json_from_structure(const GstStructure* structure);
// Transfer full. False where `json` is no object or has an array of several types.
bool structure_from_json(const char* json, GstStructure** structure);
// Transfer full; null for an empty object. Its arrays must be uniform.
GstStructure* structure_from_object(const Object& object, const char* name);

// The fields of `stats`. Transfer full.
GstStructure* structure_from_stats(const TaskStats& stats, const char* name);

}  // namespace modelverse
