// SPDX-License-Identifier: LGPL-2.1-or-later
// What is written down of a task: private, readable by a person, and no secret.
#include <json-glib/json-glib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "element_test.h"

namespace test_support {
namespace {

namespace fs = std::filesystem;

class Records : public ElementTest {
 protected:
  void make_a_clip() {
    start_emulator({"--generation-time", "0.1"});
    Pipeline pipeline(source("prompt=\"waves roll in\" resolution=720p") + " ! fakesink");
    ASSERT_TRUE(pipeline.run());
    pipeline.set_state(GST_STATE_NULL);
    ASSERT_TRUE(wait_for_no_job_threads());
  }
  fs::path entry() const {
    for (const auto& found : fs::directory_iterator(cache_dir()))
      return found.path();
    return {};
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat info = {};
    EXPECT_EQ(lstat(path.c_str(), &info), 0) << path;
    return info.st_mode & 07777;
  }
  // Runs again after `change` has been done to the record.
  std::vector<ErrorSeen> warnings_after(const std::string& record) {
    std::ofstream(entry() / "record.json") << record;
    Pipeline pipeline(source("prompt=\"waves roll in\" resolution=720p") + " ! fakesink");
    EXPECT_TRUE(pipeline.run());
    return pipeline.warnings();
  }
};

TEST_F(Records, are_their_owners_alone_whatever_the_umask) {
  const mode_t before = umask(0);
  make_a_clip();
  umask(before);
  EXPECT_EQ(mode_of(entry()), 0700u);
  for (const auto* name : {"lock", "record.json", "clip.mp4"})
    EXPECT_EQ(mode_of(entry() / name), 0600u) << name;
}

TEST_F(Records, tell_a_person_what_was_paid_for) {
  make_a_clip();
  const auto text = file_content(entry() / "record.json");
  EXPECT_GT(std::count(text.begin(), text.end(), '\n'), 10) << "one member a line";
  g_autoptr(JsonParser) parser = json_parser_new();
  ASSERT_TRUE(json_parser_load_from_data(parser, text.c_str(), -1, nullptr)) << text;
  auto* record = json_node_get_object(json_parser_get_root(parser));
  EXPECT_EQ(json_object_get_int_member(record, "version"), 1);
  const std::map<std::string, std::string> expected = {
      {"state", "complete"},
      {"task_id", emulator().tasks()[0].id},
      {"prompt", "waves roll in"},
      {"resolution", "720p"},
      {"model", "openai/sora-2/image-to-video-pro"},
      {"origin", emulator().base_url()},
      {"sha256", emulator().tasks()[0].sha256}};
  for (const auto& [name, value] : expected)
    EXPECT_EQ(json_object_get_string_member_with_default(record, name.c_str(), ""), value) << name;
  EXPECT_EQ(json_object_get_int_member(record, "size"),
            static_cast<gint64>(fs::file_size(entry() / "clip.mp4")));
}

// At each step of a life, and when it is over.
TEST_F(Records, hold_no_key_and_no_signed_link) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline(source() + " ! fakesink");
  int looked_at = 0;
  const auto look = [&](GstMessage*) {
    std::error_code gone;
    for (const auto& file : fs::recursive_directory_iterator(cache_dir(), gone)) {
      if (!file.is_regular_file(gone) || file.path().filename().string().starts_with("clip."))
        continue;
      const auto text = file_content(file.path());
      ++looked_at;
      for (const auto* secret : {"test-key-3f9a", "Signature", "Expires", "Authorization"})
        EXPECT_EQ(text.find(secret), std::string::npos) << file.path() << ":\n" << text;
    }
    return false;
  };
  pipeline.set_state(GST_STATE_PLAYING);
  pipeline.wait_for([&](GstMessage* message) {
    look(message);
    return GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
  });
  EXPECT_GT(looked_at, 5);
}

TEST_F(Records, that_are_broken_or_foreign_are_set_aside_with_a_warning) {
  make_a_clip();
  const auto good = file_content(entry() / "record.json");
  auto foreign = good;
  foreign[foreign.find(entry().filename())] ^= 1;
  auto newer = good;
  newer.replace(newer.find("\"version\" : 1"), 13, "\"version\" : 2");
  int number = 0;
  for (const auto& text : {good.substr(0, good.size() / 2), std::string("{}"), foreign, newer}) {
    const auto warnings = warnings_after(text);
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_NE(warnings[0].text.find("set aside"), std::string::npos);
    const auto aside = "record.json.broken-" + std::to_string(++number);
    EXPECT_NE(warnings[0].debug.find(aside), std::string::npos) << warnings[0].debug;
    EXPECT_EQ(file_content(entry() / aside), text);
  }
  EXPECT_EQ(emulator().submits(), 4u) << "of the last one the task is known, of the others nothing";
}

}  // namespace
}  // namespace test_support
