// SPDX-License-Identifier: LGPL-2.1-or-later
// Films of small clips that are made here.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/scratch_directory.h"

namespace modelverse::render {

class FilmTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  std::string file(const std::string& name) const { return scratch_.path() + "/" + name; }
  // Two seconds with 30 frames each; with the default sound, a tick at each second.
  std::string clip(const std::string& name, const std::string& pattern, int width, int height,
                   const std::string& sound = "ticks",
                   const std::string& encoder = "x264enc speed-preset=ultrafast") const;
  // The error, or empty.
  std::string make(const std::string& path, const std::vector<std::string>& clips,
                   double transition = 0);

  std::string told_;  // the latest progress
  std::chrono::seconds stall_ = std::chrono::minutes(2);

 private:
  test_support::ScratchDirectory scratch_;
};

}  // namespace modelverse::render
