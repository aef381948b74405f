// SPDX-License-Identifier: LGPL-2.1-or-later
// modelversesrc with the properties of a shot.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "render/handles.h"
#include "render/shot_list.h"

namespace modelverse::render {

// Limits of the command line. 0: none.
struct Limits {
  double max_cost = 0;
  double daily_budget = 0;
};

// Error (not_found): the plugin is not installed.
Result<ElementPtr> new_source();

// True for the properties that say what to make and can be written in a list.
bool is_shot_property(GstElement* source, const std::string& name);

// Sets the shot's properties by its URI. `frame`: the first frame, or null. Error (settings): a
// value that the property does not take.
Status apply_shot(GstElement* source, const std::vector<Setting>& settings, GstSample* frame);

void apply_limits(GstElement* source, const Limits& limits);

}  // namespace modelverse::render
