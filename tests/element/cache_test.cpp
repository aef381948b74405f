// SPDX-License-Identifier: LGPL-2.1-or-later
// What is kept, for how long, and what the cache properties make of it.
#include <filesystem>

#include "element_test.h"

namespace test_support {
namespace {

namespace fs = std::filesystem;

class Cache : public ElementTest {
 protected:
  std::string source(const std::string& more = {}) const {
    return ElementTest::source("cache-dir=" + cache() + " " + more);
  }
  std::string cache() const { return cache_dir() + "/cache"; }
  std::vector<fs::path> entries() const { return entries_in(cache()); }
  bool has_task(const std::string& id) const {
    for (const auto& entry : entries()) {
      if (file_content(entry / "record.json").find(id) != std::string::npos)
        return true;
    }
    return false;
  }
  // To the end; the clip as it arrived.
  std::string play(const std::string& more) const {
    const auto path = cache_dir() + "/out.mp4";
    Pipeline pipeline(source(more) + " ! filesink location=" + path);
    EXPECT_TRUE(pipeline.run()) << (pipeline.error() ? pipeline.error()->text : "");
    pipeline.set_state(GST_STATE_NULL);
    return file_content(path);
  }
  std::string clip() const { return file_content(clip_path()); }
};

TEST_F(Cache, off_leaves_nothing_behind_however_the_clip_is_read) {
  for (const auto& served : {clip_path(), early_clip_path()}) {
    start_emulator({"--generation-time", "0.1", "--clip", served});
    for (const std::string rest :
         {"! fakesink", "! qtdemux ! queue ! fakesink", "! identity ! qtdemux ! queue ! fakesink",
          "! decodebin3 name=d d. ! fakesink d. ! fakesink"}) {
      Pipeline pipeline(source("cache-mode=off") + " " + rest);
      EXPECT_TRUE(pipeline.run()) << rest;
      pipeline.set_state(GST_STATE_NULL);
      EXPECT_TRUE(entries().empty()) << rest;
    }
    EXPECT_EQ(emulator().submits(), 4u);
  }
}

TEST_F(Cache, a_refresh_takes_the_place_of_the_clip_of_before) {
  start_emulator({"--generation-time", "0.1"});
  play("");
  play("cache-mode=refresh");
  ASSERT_EQ(emulator().submits(), 2u);
  ASSERT_EQ(entries().size(), 1u);
  EXPECT_TRUE(has_task(emulator().tasks()[1].id));
  EXPECT_TRUE(play("") == clip());
  EXPECT_EQ(emulator().submits(), 2u);
  EXPECT_EQ(std::distance(fs::directory_iterator(entries()[0]), fs::directory_iterator()), 3)
      << "lock, record and clip";
}

TEST_F(Cache, grows_no_larger_than_allowed_and_loses_what_was_used_longest_ago) {
  start_emulator({"--generation-time", "0.1"});
  play("take=1");
  play("take=2");
  play("take=1");  // used again
  const auto two_clips = std::to_string(2 * clip().size() + 1000);
  play("take=3 cache-max-size=" + two_clips);
  ASSERT_TRUE(wait_for_no_job_threads()) << "it makes room when the clip was served";
  const auto tasks = emulator().tasks();
  EXPECT_EQ(entries().size(), 2u);
  EXPECT_TRUE(has_task(tasks[0].id));
  EXPECT_FALSE(has_task(tasks[1].id));
  EXPECT_TRUE(has_task(tasks[2].id));
}

TEST_F(Cache, that_is_deleted_in_any_phase_costs_no_clip) {
  start_emulator({"--generation-time", "0.3"});
  const auto output = cache_dir() + "/out.mp4";
  int take = 0;
  for (const std::string code : {"submit", "generate", "download"}) {
    const std::string slow =
        R"({"route":"submit","delay":1},{"route":"result","bytes_per_second":4000000}]})";
    // Not done before the directory is deleted.
    const std::string running =
        code == "generate" ? R"({"route":"status","task_status":"Running","times":0},)" : "";
    emulator().play(R"({"rules":[)" + running + slow);
    const auto request = "take=" + std::to_string(++take);
    emulator().forget_requests();
    Pipeline pipeline(source(request) + " ! filesink location=" + output);
    pipeline.set_state(GST_STATE_PLAYING);
    pipeline.wait_for_progress(
        code, code == "download" ? GST_PROGRESS_TYPE_CONTINUE : GST_PROGRESS_TYPE_START);
    // The phase begins before its record is written; the POST comes after that.
    if (code == "submit") {
      ASSERT_TRUE(wait_until([&] { return !emulator().tasks().empty(); }));
    }
    // Again where the job makes a file meanwhile.
    std::error_code busy;
    EXPECT_TRUE(wait_until([&] {
      fs::remove_all(cache(), busy);
      return !busy;
    }));
    if (code == "generate")
      emulator().play(R"({"rules":[)" + slow);
    EXPECT_TRUE(pipeline.wait_for_end()) << code;
    pipeline.set_state(GST_STATE_NULL);
    ASSERT_TRUE(wait_for_no_job_threads());
    EXPECT_TRUE(file_content(output) == clip()) << code;
    EXPECT_EQ(emulator().submits(), 1u);
    EXPECT_TRUE(code != "download" || !pipeline.warnings().empty());
    // Earlier writes make the directory anew, and the clip is kept.
    EXPECT_TRUE(play(request) == clip());
    EXPECT_EQ(emulator().submits(), code == "download" ? 2u : 1u) << code;
  }
}

}  // namespace
}  // namespace test_support
