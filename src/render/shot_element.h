// SPDX-License-Identifier: LGPL-2.1-or-later
// modelversesrc with the properties of a shot.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/settings.h"
#include "render/handles.h"
#include "render/shot_list.h"

namespace modelverse::render {

// The JSON type of a property's value.
enum class ValueType { string, number, array, object };
// Of the properties that can be written in a list: task-id, and those that say what to make;
// nothing for others.
std::optional<ValueType> shot_property_type(const std::string& name);

// What a property accepts: "must be one of crop, pad, none", "must be a whole number from 0 to
// 3600".
std::string rule_of(const std::string& property);

// `frame`: the first frame, or null. Error (settings): a value that a property does not take.
Result<Settings> settings_of(const std::vector<Setting>& settings, GstSample* frame);

// Limits of the command line. 0: none.
struct Limits {
  double max_cost = 0;
  double daily_budget = 0;
};

// Error (not_found): the plugin is not installed.
Result<ElementPtr> new_source();
// A source with settings that settings_of() accepts, which removes nothing from the cache. Error
// (not_found): as new_source().
Result<ElementPtr> shot_source(const std::vector<Setting>& settings, GstSample* frame,
                               const Limits& limits);

}  // namespace modelverse::render
