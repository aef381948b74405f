// SPDX-License-Identifier: LGPL-2.1-or-later
// An environment as a user's, and programs run in it.
#include "client_test.h"

namespace test_support {

void ClientTest::SetUp() {
  ElementTest::SetUp();
  start_emulator({"--generation-time", "0.5", "--clip", small_clip()});
}

std::map<std::string, std::string> ClientTest::environment() const {
  return {{"MODELVERSE_BASE_URL", has_emulator() ? emulator().base_url() : ""},
          {"MODELVERSE_API_KEY", "test-key-3f9a"},
          {"MODELVERSE_CACHE_DIR", cache_dir()},
          {"HOME", directory_.path()},
          {"XDG_CONFIG_HOME", file("config")},
          {"XDG_DATA_HOME", file("data")},
          {"XDG_CACHE_HOME", file("cache")},
          {"XDG_RUNTIME_DIR", directory_.path()},
          {"GST_DEBUG_NO_COLOR", "1"},
          // Their criticals are theirs.
          {"G_DEBUG", ""}};
}

std::string ClientTest::uri() {
  return "modelverse://" + picture() + "?prompt=a%20test";
}

std::string ClientTest::run(const std::vector<std::string>& command) const {
  Process process(command, environment());
  const auto end = process.wait();
  EXPECT_EQ(end.exit_code, 0) << command[0] << ", signal " << end.signal << ":\n" << end.output;
  return end.output;
}

void ClientTest::expect_small_clip(const std::string& path) {
  const auto decoded = decode("filesrc location=" + path);
  EXPECT_TRUE(decoded.reached_eos);
  EXPECT_EQ(decoded.frames, 120);
  EXPECT_GT(decoded.audio_buffers, 0);
  EXPECT_LT(difference(decoded.first, thumbnail_of_picture(picture())), same_picture);
}

std::string ClientTest::small_clip() {
  return from_environment("MODELVERSE_CLIENT_CLIP");
}
std::string ClientTest::example(const std::string& name) {
  return from_environment("MODELVERSE_EXAMPLES_SOURCE") + "/" + name;
}
std::string ClientTest::built_example(const std::string& name) {
  return from_environment("MODELVERSE_EXAMPLES_BUILD") + "/" + name;
}

namespace {

struct SharedService {
  ScratchDirectory cache;
  EmulatorProcess emulator;

  explicit SharedService(const std::vector<std::string>& options) : emulator(options) {}
};
SharedService* shared_service = nullptr;

}  // namespace

void SharedClientTest::SetUpTestSuite() {
  shared_service = new SharedService({"--generation-time", "0.5", "--clip", small_clip()});
}

void SharedClientTest::TearDownTestSuite() {
  const auto tasks = shared_service->emulator.tasks();
  EXPECT_LE(tasks.size(), 2u);
  EXPECT_EQ(shared_service->emulator.submits(), tasks.size());
  delete shared_service;
}

std::map<std::string, std::string> SharedClientTest::environment() const {
  auto variables = ClientTest::environment();
  variables["MODELVERSE_BASE_URL"] = shared_service->emulator.base_url();
  variables["MODELVERSE_CACHE_DIR"] = shared_service->cache.path();
  return variables;
}

}  // namespace test_support
