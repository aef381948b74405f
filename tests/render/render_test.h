// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-render as a person calls it, against the emulator.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/emulator_process.h"
#include "support/process.h"
#include "support/scratch_directory.h"

namespace test_support {

class RenderTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  void start_emulator(std::vector<std::string> options);
  // Writes the list and returns its path. "PICTURE" stands for the sample picture's path.
  std::string list(std::string text) const;
  // So many shots without a start.
  std::string list_of(int shots) const;
  std::string file(const std::string& name) const { return directory_.path() + "/" + name; }
  std::vector<std::string> command(std::vector<std::string> arguments) const;
  std::map<std::string, std::string> environment() const;
  ProcessEnd render(const std::vector<std::string>& arguments) const;
  // Submits that the service accepted.
  std::size_t accepted() const { return emulator_->tasks().size(); }
  EmulatorProcess& emulator() const { return *emulator_; }

 private:
  ScratchDirectory directory_;
  std::unique_ptr<EmulatorProcess> emulator_;
};

}  // namespace test_support
