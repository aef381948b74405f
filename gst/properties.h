// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of properties: each is declared once, with its GParamSpec and where its value lives.
#pragma once

#include <gst/gst.h>

#include <optional>
#include <span>

#include "core/task.h"
#include "job/plan.h"

namespace modelverse {

// What a property can be read from beside the user's settings.
struct Live {
  TaskStats stats;
  TaskStatus status;
};

// The elements, as those who have properties.
enum class Role { source, animate };

struct Property {
  const char* name;
  GParamSpec* (*make_spec)(const Property& self);
  void (*set)(Settings& settings, const GValue* value);                    // null: read-only
  void (*get)(const Settings& settings, const Live& live, GValue* value);  // null: write-only
  const char* nick;
  const char* blurb;
  bool is_in_uri;                 // may stand in a modelverse: URI
  std::optional<Role> only = {};  // the one element that has it; nothing: each has
  bool is_in_preset = false;      // kept by GstPreset: how clips are made, nothing that pays
};

// Of all elements. A property's id is its place in the table plus one.
std::span<const Property> source_properties();
// Those that the element has.
void install_properties(GObjectClass* klass, std::span<const Property> table, Role role);

}  // namespace modelverse
