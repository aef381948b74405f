// SPDX-License-Identifier: LGPL-2.1-or-later
// Applications that use libsoup 2, which libsoup 3 does not tolerate beside itself.
#include "element_test.h"
#include "support/process.h"

namespace test_support {
namespace {

class Libsoup2 : public ElementTest {
 protected:
  void SetUp() override {
    ElementTest::SetUp();
    Process probe({"/bin/true"}, with_libsoup2());
    if (probe.wait().output.find("libsoup-2.4") != std::string::npos)
      GTEST_SKIP() << "libsoup-2.4.so.1 is not installed";
  }

  std::map<std::string, std::string> with_libsoup2() {
    return {{"LD_PRELOAD", "libsoup-2.4.so.1"},
            {"MODELVERSE_API_KEY", "test-key-3f9a"},
            {"GST_REGISTRY", cache_dir() + "/registry.bin"}};
  }

  // The clip goes to out(). Not by gst-launch-1.0: an error between its
  // set_state() and its main loop leaves it waiting for ever.
  ProcessEnd play(std::map<std::string, std::string> environment) {
    Process process(
        {from_environment("MODELVERSE_VICTIM"), source() + " ! filesink location=" + out()},
        std::move(environment));
    return process.wait();
  }
  std::string out() const { return cache_dir() + "/out.mp4"; }
};

TEST_F(Libsoup2, the_plugin_is_loaded_and_its_elements_are_there) {
  Process process({"gst-inspect-1.0", "modelversesrc"}, with_libsoup2());
  const auto end = process.wait();
  EXPECT_EQ(end.exit_code, 0) << end.output;
  EXPECT_NE(end.output.find("Source/Network"), std::string::npos) << end.output;
}

TEST_F(Libsoup2, the_network_is_refused_with_a_clear_error_and_nothing_is_paid_for) {
  start_emulator({"--generation-time", "0.1"});
  const auto end = play(with_libsoup2());
  EXPECT_GT(end.exit_code, 0) << end.output;
  EXPECT_NE(end.output.find("ERROR This process uses libsoup 2"), std::string::npos) << end.output;
  EXPECT_TRUE(emulator().requests().empty());
  // And nothing stands in the way of a process without it.
  const auto next = play({{"MODELVERSE_API_KEY", "test-key-3f9a"}});
  EXPECT_EQ(next.exit_code, 0) << next.output;
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Libsoup2, a_clip_in_the_cache_is_played) {
  start_emulator({"--generation-time", "0.1"});
  ASSERT_EQ(play({{"MODELVERSE_API_KEY", "test-key-3f9a"}}).exit_code, 0);
  emulator().forget_requests();
  const auto end = play(with_libsoup2());
  EXPECT_EQ(end.exit_code, 0) << end.output;
  EXPECT_EQ(file_content(out()), file_content(clip_path()));
  EXPECT_TRUE(emulator().requests().empty());
}

}  // namespace
}  // namespace test_support
