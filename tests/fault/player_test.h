// SPDX-License-Identifier: LGPL-2.1-or-later
// The element in a process of its own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "element/element_test.h"
#include "support/process.h"

namespace test_support {

class PlayerTest : public ElementTest {
 protected:
  // The player's command line; `wrapper` goes before it.
  static std::vector<std::string> player(const std::string& pipeline,
                                         std::vector<std::string> wrapper = {});
  static ProcessEnd play(const std::string& pipeline,
                         const std::map<std::string, std::string>& environment = {});
};

// The rest of the first line that begins with `label`.
std::string line_of(const std::string& output, const std::string& label);
// KiB that the player used at its highest.
long peak_memory(const ProcessEnd& end);

}  // namespace test_support
