// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-tasks as a person calls it, and a cache for it to look into.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/record.h"
#include "support/process.h"
#include "support/scratch_directory.h"

namespace modelverse::tool::test {

class Program : public testing::Test {
 protected:
  test_support::ProcessEnd run(std::vector<std::string> arguments,
                               std::map<std::string, std::string> environment = {}) const;

  static std::string key(char digit) { return std::string(64, digit); }
  // Leaves the entry of this key as an element would.
  void leave(char digit, RecordState state, const std::string& prompt = "the boat sails") const;
  // A finished clip of so many bytes that was used so long ago.
  void leave_clip(char digit, std::size_t bytes, int seconds_ago = 0) const;
  std::string in_entry(char digit, const std::string& name) const;
  bool has(char digit) const;

  test_support::ScratchDirectory directory_;
};

}  // namespace modelverse::tool::test
