// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of properties: each is declared once, with its GParamSpec and where its value lives.
#pragma once

#include <gst/gst.h>

#include <span>

#include "core/task.h"
#include "job/plan.h"

namespace modelverse {

// What a property can be read from beside the user's wish.
struct Live {
  TaskStats stats;
  TaskStatus status;
};

struct Property {
  const char* name;
  GParamSpec* (*make_spec)(const Property& self);
  void (*set)(job::Wish& wish, const GValue* value);                    // null: read-only
  void (*get)(const job::Wish& wish, const Live& live, GValue* value);  // null: write-only
  const char* nick;
  const char* blurb;
  bool is_in_uri;  // may stand in a modelverse: URI
};

// A property's id is its place in the table plus one.
std::span<const Property> source_properties();
void install_properties(GObjectClass* klass, std::span<const Property> table);

}  // namespace modelverse
