// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests of other programs share: an emulator with a small clip, a cache, an environment.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "element_test.h"
#include "support/frames.h"
#include "support/process.h"

namespace test_support {

class ClientTest : public ElementTest {
 protected:
  void SetUp() override;

  // What a user would have set: emulator, key, cache. Paths of XDG are this test's own.
  virtual std::map<std::string, std::string> environment() const;
  // modelverse:///…/sample.jpg?prompt=a%20test
  static std::string uri();
  std::string file(const std::string& name) const { return directory_.path() + "/" + name; }
  // Runs it to its end; the test fails where it does not end with 0.
  std::string run(const std::vector<std::string>& command) const;
  // All of small_clip(), in whatever format.
  static void expect_small_clip(const std::string& path);

  // The clip that the emulator serves: 320x180, four seconds, 120 frames, with sound.
  static std::string small_clip();
  static std::string example(const std::string& name);
  static std::string built_example(const std::string& name);

 private:
  ScratchDirectory directory_;
};

// Emulator and cache are shared by the tests of a suite: who comes first waits for the clip, with
// the prompt or without, and nobody else. There are no further submits.
class SharedClientTest : public ClientTest {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();
  void SetUp() override { ElementTest::SetUp(); }
  std::map<std::string, std::string> environment() const override;
};

// The same picture scaled and encoded; another one is much further off.
inline constexpr double same_picture = 12;

}  // namespace test_support
