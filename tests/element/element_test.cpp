// SPDX-License-Identifier: LGPL-2.1-or-later
#include "element_test.h"

#include <filesystem>

namespace test_support {

std::string from_environment(const char* name) {
  const char* value = g_getenv(name);
  if (!value)
    ADD_FAILURE() << name << " is not set: run this through meson test";
  return value ? value : "";
}

void ElementTest::SetUp() {
  gst_init(nullptr, nullptr);
  g_setenv("MODELVERSE_API_KEY", "test-key-3f9a", TRUE);
}

void ElementTest::TearDown() {
  EXPECT_TRUE(wait_for_no_job_threads());
}

void ElementTest::start_emulator(std::vector<std::string> options) {
  options.insert(options.begin(), {"--clip", clip_path()});
  emulator_ = std::make_unique<EmulatorProcess>(options);
}

void ElementTest::start_generating_emulator() {
  emulator_ =
      std::make_unique<EmulatorProcess>(std::vector<std::string>{"--generation-time", "0.1"});
}

std::string ElementTest::element_of_this_test(const std::string& name,
                                              const std::string& more) const {
  std::string text = name + " name=src poll-interval=50 cache-dir=" + cache_.path();
  if (emulator_)
    text += " base-url=" + emulator_->base_url();
  return text + " " + more;
}

std::string ElementTest::bare_source(const std::string& more) const {
  return element_of_this_test("modelversesrc", more);
}

std::string ElementTest::animator(const std::string& more) const {
  return element_of_this_test("modelverseanimate", more);
}

std::string ElementTest::source(const std::string& more) const {
  return bare_source("image-path=" + picture() + " " + more);
}

std::string ElementTest::picture() {
  return from_environment("MODELVERSE_TEST_PICTURE");
}
std::string ElementTest::clip_path() {
  return from_environment("MODELVERSE_TEST_CLIP");
}
std::string ElementTest::early_clip_path() {
  return from_environment("MODELVERSE_TEST_CLIP_EARLY");
}

bool wait_for_no_job_threads() {
  return wait_until([] { return job_threads() == 0; }, patience);
}

std::vector<std::filesystem::path> entries_in(const std::string& cache) {
  std::vector<std::filesystem::path> found;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(cache, none))
    if (const auto name = entry.path().filename(); name != "ledger" && name != "times")
      found.push_back(entry.path());
  return found;
}

unsigned number_from(const char* name, unsigned otherwise) {
  const char* value = std::getenv(name);
  return value ? static_cast<unsigned>(std::strtoul(value, nullptr, 10)) : otherwise;
}

std::string digest_of(const std::string& bytes) {
  g_autofree gchar* text = g_compute_checksum_for_string(G_CHECKSUM_SHA256, bytes.data(),
                                                         static_cast<gssize>(bytes.size()));
  return text;
}

std::string submitted_text(const EmulatorProcess& emulator) {
  const auto submits = emulator.requests("submit");
  if (submits.empty() || !submits.back().body)
    return {};
  auto* node = json_node_init_object(json_node_alloc(), submits.back().body.get());
  gchar* text = json_to_string(node, FALSE);
  const std::string compact = text;
  g_free(text);
  json_node_unref(node);
  return compact;
}

}  // namespace test_support
