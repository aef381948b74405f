// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of properties. Each property is declared once, with its GParamSpec and its accessors.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <optional>
#include <span>

#include "core/task.h"
#include "glib/handles.h"
#include "job/plan.h"

namespace modelverse {

// Values of read-only properties, which are no settings.
struct Live {
  TaskStats stats;
  TaskStatus status = TaskStatus::none;
};

// The element that has a property.
enum class Role { source, animate };

struct Property {
  const char* name;
  GParamSpec* (*make_spec)(const Property& self);
  void (*set)(Settings& settings, const GValue* value);                    // null: read-only
  void (*get)(const Settings& settings, const Live& live, GValue* value);  // null: write-only
  const char* nick;
  const char* blurb;
  bool is_in_uri = false;         // allowed in a modelverse: URI
  std::optional<Role> only = {};  // the one element that has it; nothing: both
  bool is_in_preset = false;  // saved by GstPreset: how clips are made, nothing that costs money
};

using SpecPtr = std::unique_ptr<GParamSpec, Freer<g_param_spec_unref>>;
SpecPtr spec_of(const Property& property);

// The properties of all elements. A property's id is its index in the table plus one.
std::span<const Property> all_properties();
// Installs the properties that only the element `role` has; without a role, those that both have.
void install_properties(GObjectClass* klass, std::span<const Property> table,
                        std::optional<Role> role);

}  // namespace modelverse
