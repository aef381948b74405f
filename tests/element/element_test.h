// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests of the element share: an emulator, an empty cache, a picture.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/emulator_process.h"
#include "support/files.h"
#include "support/pipeline.h"
#include "support/scratch_directory.h"

namespace test_support {

class ElementTest : public ::testing::Test {
 public:
  static std::string picture();
  // The clip that the emulator serves, index last or first.
  static std::string clip_path();
  static std::string early_clip_path();

 protected:
  void SetUp() override;
  // No thread is left behind, and no request is under way when the emulator is told to end.
  void TearDown() override;

  // Starts the emulator that the test talks to; served clips are the ready-made one.
  void start_emulator(std::vector<std::string> options = {});
  // Its clips are made of the pictures that it receives.
  void start_generating_emulator();
  EmulatorProcess& emulator() const { return *emulator_; }
  bool has_emulator() const { return emulator_ != nullptr; }

  // "modelversesrc name=src ..." with a picture, this test's emulator and cache, quick polls.
  std::string source(const std::string& more = {}) const;
  // The same without a picture.
  std::string bare_source(const std::string& more = {}) const;
  // "modelverseanimate name=src ..." likewise.
  std::string animator(const std::string& more = {}) const;

  const std::string& cache_dir() const { return cache_.path(); }

 private:
  std::string element_of_this_test(const std::string& name, const std::string& more) const;

  ScratchDirectory cache_;
  std::unique_ptr<EmulatorProcess> emulator_;
};

// Waits until no thread works for an element; false at the deadline.
bool wait_for_no_job_threads();
// Fails the test where Meson did not set it.
std::string from_environment(const char* name);
// `otherwise` where it is not set.
unsigned number_from(const char* name, unsigned otherwise);
// SHA-256 in hexadecimal digits.
std::string digest_of(const std::string& bytes);
// The directories of the entries in a cache directory, without what lies beside them.
std::vector<std::filesystem::path> entries_in(const std::string& cache);
// The body of the last submit as compact JSON, its picture replaced by a digest.
std::string submitted_text(const EmulatorProcess& emulator);

}  // namespace test_support
