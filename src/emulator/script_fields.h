// SPDX-License-Identifier: LGPL-2.1-or-later
// The one table of what a rule may hold: name, type, member and help.
#pragma once

#include <string>
#include <vector>

#include "emulator/script.h"

namespace emulator {

struct FieldHelp {
  std::string name;
  std::string type;
  std::string text;
};

// Sets the member of that name; answers what is wrong, or nothing.
std::string set_field(Rule& rule, const std::string& name, JsonNode* value);
std::vector<FieldHelp> field_help();

}  // namespace emulator
