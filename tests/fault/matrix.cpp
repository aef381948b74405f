// SPDX-License-Identifier: LGPL-2.1-or-later
// Running a case and looking at what is left of it.
#include "fault/matrix.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace test_support {
namespace {

namespace fs = std::filesystem;

// No test is about time unless its case says so.
constexpr const char* quick = " poll-interval=5 retry-backoff-factor=0.0002 timeout=20 ";
const std::vector<std::string> quick_emulator = {"--generation-time", "0.02"};

std::string text_of(GstMessage* message) {
  std::string text = GST_MESSAGE_TYPE_NAME(message);
  const auto* structure = gst_message_get_structure(message);
  gchar* fields = structure ? gst_structure_to_string(structure) : nullptr;
  if (fields)
    text += std::string(" ") + fields;
  g_free(fields);
  return text;
}

// What each open file descriptor stands for.
std::vector<std::string> descriptor_targets() {
  // The one that lists them has whatever number is free.
  const auto own = "/proc/" + std::to_string(getpid()) + "/fd";
  std::vector<std::string> open;
  for (const auto& item : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const auto target = fs::read_symlink(item.path(), gone);
    if (!gone && target != own)
      open.push_back(item.path().filename().string() + " " + target.string());
  }
  std::ranges::sort(open);
  return open;
}

}  // namespace

std::unique_ptr<EmulatorProcess> Matrix::shared_;

// The cases are made of it before any test runs, also where they are only listed and there is no
// clip: then of a blank one. No test runs with it.
const std::string& matrix_clip() {
  constexpr std::size_t blank_size = 400'000;
  static const auto* clip = [] {
    const char* path = g_getenv("MODELVERSE_TEST_CLIP");
    return new std::string(path ? file_content(path) : std::string(blank_size, '\0'));
  }();
  return *clip;
}

std::string certificate_path(const std::string& name) {
  const char* files = g_getenv("MODELVERSE_TEST_FILES");
  return std::string(files ? files : "") + "/certs/" + name + ".pem";
}

ObjectPtr<GTlsCertificate> certificate(const std::string& name) {
  return ObjectPtr<GTlsCertificate>::adopt(
      g_tls_certificate_new_from_file(certificate_path(name).c_str(), nullptr));
}

void Matrix::SetUpTestSuite() {
  gst_init(nullptr, nullptr);
  ASSERT_FALSE(clip_path().empty());
  auto options = quick_emulator;
  options.insert(options.end(), {"--clip", clip_path()});
  shared_ = std::make_unique<EmulatorProcess>(options);
  // What libraries open once and keep is open from here on.
  ScratchDirectory cache;
  auto warm_up = std::make_unique<Pipeline>("modelversesrc api-key=any image-path=" + picture() +
                                            quick + "cache-dir=" + cache.path() +
                                            " base-url=" + shared_->base_url() + " ! fakesink");
  EXPECT_TRUE(warm_up->run());
  warm_up.reset();
  EXPECT_TRUE(wait_for_no_job_threads());
}

void Matrix::TearDownTestSuite() {
  shared_.reset();
}

void Matrix::set_environment(const std::string& name, const char* value) {
  const char* before = g_getenv(name.c_str());
  environment_before_.emplace(name, before ? std::optional<std::string>(before) : std::nullopt);
  if (value)
    g_setenv(name.c_str(), value, TRUE);
  else
    g_unsetenv(name.c_str());
}

void Matrix::TearDown() {
  ElementTest::TearDown();
  for (const auto& [name, value] : environment_before_) {
    if (value)
      g_setenv(name.c_str(), value->c_str(), TRUE);
    else
      g_unsetenv(name.c_str());
  }
}

void Matrix::write_file(const std::string& name, const std::string& content, int mode) {
  std::ofstream(path_of(name), std::ios::binary) << content;
  EXPECT_EQ(chmod(path_of(name).c_str(), static_cast<mode_t>(mode)), 0);
}

std::string Matrix::base_url() const {
  if (raw_)
    return raw_->base_url();
  return own_ ? own_->base_url() : shared_->base_url();
}

std::string Matrix::entry_path(const std::string& name) const {
  const auto entries = entries_in(cache());
  EXPECT_EQ(entries.size(), 1u);
  return entries.empty() ? std::string() : entries[0].string() + "/" + name;
}

void Matrix::start_service() {
  const auto& one = GetParam();
  if (!one.raw.empty()) {
    raw_ = std::make_unique<RawService>(one.raw, matrix_clip());
  } else if (!one.emulator.empty()) {
    auto options = quick_emulator;
    options.insert(options.end(), {"--clip", clip_path()});
    options.insert(options.end(), one.emulator.begin(), one.emulator.end());
    own_ = std::make_unique<EmulatorProcess>(options);
  }
}

void Matrix::play(const std::string& rules) {
  if (raw_)
    return;
  const auto& emulator = own_ ? *own_ : *shared_;
  emulator.forget_requests();
  emulator.play("{\"rules\":[" + rules + "]}");
}

std::size_t Matrix::count_submits() const {
  if (raw_)
    return raw_->count("submit");
  return own_ ? own_->submits() : shared_->submits();
}

std::string Matrix::description() const {
  const auto picture_words = GetParam().has_picture ? "image-path=" + picture() : std::string();
  return "modelversesrc name=src " + picture_words + quick + "cache-dir=" + cache() +
         " base-url=" + base_url() + " " + GetParam().properties + properties_ +
         " ! filesink location=" + path_of("out.mp4");
}

Matrix::Ran Matrix::run() {
  Ran ran;
  {
    Pipeline pipeline(description());
    if (is_trusting_) {
      const auto authority = ObjectPtr<GTlsDatabase>::adopt(
          g_tls_file_database_new(certificate_path("ca").c_str(), nullptr));
      g_object_set(pipeline.source(), "tls-database", authority.get(), nullptr);
    }
    ran.is_eos = pipeline.run();
    // In NULL the bus forgets what it has.
    pipeline.set_state(GST_STATE_READY);
    pipeline.drain();
    pipeline.set_state(GST_STATE_NULL);
    ran.error = pipeline.error();
    ran.warnings = pipeline.warnings();
    ran.progress = pipeline.progress();
    ran.retries = pipeline.stat("retries");
    for (const auto& message : pipeline.messages())
      ran.said.push_back(text_of(message.get()));
  }
  EXPECT_TRUE(wait_for_no_job_threads());
  ran.clip = file_content(path_of("out.mp4"));
  ran.submits = count_submits();
  return ran;
}

void Matrix::run_once(const std::string& rules, const std::string& properties) {
  play(rules);
  Pipeline pipeline(description() + " " + properties);
  pipeline.run();
  pipeline.set_state(GST_STATE_NULL);
  EXPECT_TRUE(wait_for_no_job_threads());
}

void Matrix::run_case() {
  const auto& one = GetParam();
  const auto descriptors = descriptor_targets();
  set_environment("MODELVERSE_API_KEY", the_key);
  start_service();
  if (one.before)
    one.before(*this);
  play(one.rules + first_rules);
  const auto ran = run();
  expect_end(ran, one.expected);
  expect_files(one.expected);
  expect_no_secret(ran);
  expect_whole_progress(ran);
  if (one.is_run_again)
    expect_next_run(one.expected);
  companion.reset();
  raw_.reset();
  own_.reset();
  // GLib lets go of a process that has ended in a thread of its own, and what the case before left
  // may go during this one.
  const auto added = [&] {
    auto now = descriptor_targets();
    std::erase_if(now, [&](const std::string& open) {
      return std::ranges::find(descriptors, open) != descriptors.end();
    });
    return now;
  };
  wait_until([&] { return added().empty(); }, std::chrono::seconds(10));
  EXPECT_EQ(added(), std::vector<std::string>{});
}

TEST_P(Matrix, ends_as_expected) {
  run_case();
}

}  // namespace test_support
