// SPDX-License-Identifier: LGPL-2.1-or-later
// What is kept, for how long, and what the cache properties make of it.
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "element_test.h"
#include "support/process.h"

namespace test_support {
namespace {

namespace fs = std::filesystem;

class Cache : public ElementTest {
 protected:
  std::string source(const std::string& more = {}) const {
    return ElementTest::source("cache-dir=" + cache() + " " + more);
  }
  std::string cache() const { return cache_dir() + "/cache"; }
  std::vector<fs::path> entries() const {
    std::vector<fs::path> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(cache(), none))
      found.push_back(entry.path());
    return found;
  }
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

TEST_F(Cache, off_leaves_nothing_behind_of_a_clip_that_two_elements_share) {
  start_emulator({"--generation-time", "0.2"});
  auto other = source("cache-mode=off");
  other.replace(other.find("name=src"), 8, "name=two");
  Pipeline pipeline(source("cache-mode=off") + " ! fakesink " + other + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  pipeline.set_state(GST_STATE_NULL);
  EXPECT_TRUE(entries().empty());
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Cache, each_of_two_cache_directories_gets_the_clip) {
  start_emulator({"--generation-time", "0.2"});
  const auto other_dir = cache_dir() + "/other";
  auto other = source("cache-dir=" + other_dir);
  other.replace(other.find("name=src"), 8, "name=two");
  Pipeline pipeline(source() + " ! fakesink " + other + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  pipeline.set_state(GST_STATE_NULL);
  EXPECT_EQ(emulator().submits(), 2u);
  EXPECT_TRUE(play("") == clip());
  EXPECT_TRUE(play("cache-dir=" + other_dir) == clip());
  EXPECT_EQ(emulator().submits(), 2u) << "neither is paid for again";
}

TEST_F(Cache, off_keeps_the_task_until_its_clip_was_delivered) {
  start_emulator({"--generation-time", "0.3"});
  {
    Pipeline pipeline(source("cache-mode=off") + " ! fakesink");
    pipeline.set_state(GST_STATE_PLAYING);
    pipeline.wait_for_progress("generate", GST_PROGRESS_TYPE_START);
  }
  ASSERT_TRUE(wait_for_no_job_threads());
  EXPECT_EQ(entries().size(), 1u);
  {
    Pipeline pipeline(source("cache-mode=off") + " ! fakesink");
    pipeline.set_state(GST_STATE_PAUSED);
    pipeline.wait_for(
        [](GstMessage* message) { return GST_MESSAGE_TYPE(message) == GST_MESSAGE_ASYNC_DONE; });
  }
  ASSERT_TRUE(wait_for_no_job_threads());
  EXPECT_EQ(entries().size(), 1u) << "only its first bytes were delivered";
  EXPECT_TRUE(play("cache-mode=off") == clip());
  EXPECT_TRUE(entries().empty());
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Cache, a_finished_clip_needs_no_service_and_no_key) {
  start_emulator({"--generation-time", "0.1"});
  ASSERT_TRUE(play("") == clip());
  emulator().stop();
  g_unsetenv("MODELVERSE_API_KEY");
  EXPECT_TRUE(play("") == clip());
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

TEST_F(Cache, a_refresh_that_comes_to_nothing_costs_no_clip) {
  start_emulator({"--generation-time", "0.1"});
  play("");
  const auto first = emulator().tasks()[0].id;
  for (const auto* script : {R"({"rules":[{"route":"submit","status":400}]})",
                             R"({"rules":[{"route":"status","task_status":"Failure"}]})"}) {
    emulator().play(script);
    Pipeline pipeline(source("cache-mode=refresh") + " ! fakesink");
    EXPECT_FALSE(pipeline.run());
    pipeline.set_state(GST_STATE_NULL);
    ASSERT_TRUE(wait_for_no_job_threads());
    emulator().forget_requests();
    EXPECT_TRUE(play("") == clip());
    EXPECT_TRUE(emulator().requests().empty()) << "it was there all the time";
    EXPECT_TRUE(has_task(first));
  }
}

TEST_F(Cache, a_refresh_picks_up_the_task_that_it_began) {
  start_emulator({"--generation-time", "0.5"});
  play("");
  {
    Pipeline pipeline(source("cache-mode=refresh") + " ! fakesink");
    pipeline.set_state(GST_STATE_PLAYING);
    pipeline.wait_for_progress("generate", GST_PROGRESS_TYPE_START);
  }
  ASSERT_TRUE(wait_for_no_job_threads());
  EXPECT_TRUE(play("cache-mode=refresh") == clip());
  EXPECT_EQ(emulator().submits(), 2u);
}

TEST_F(Cache, an_unknown_outcome_is_refused_until_it_is_resolved) {
  start_emulator({"--generation-time", "0.1"});
  emulator().play(R"({"rules":[{"route":"submit","answer_lost":true}]})");
  for (int run = 0; run < 3; ++run) {
    Pipeline pipeline(source() + " ! fakesink");
    EXPECT_FALSE(pipeline.run());
    ASSERT_TRUE(pipeline.error());
    EXPECT_EQ(pipeline.error()->code, GST_RESOURCE_ERROR_WRITE);
    for (const auto* word : {"accepted and billed", "resubmit", "task-id"})
      EXPECT_NE(pipeline.error()->text.find(word), std::string::npos) << word;
  }
  ASSERT_EQ(emulator().tasks().size(), 1u);
  EXPECT_TRUE(play("task-id=" + emulator().tasks()[0].id) == clip());
  EXPECT_TRUE(play("") == clip()) << "the request's own clip now";
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Cache, resubmit_pays_again_where_the_outcome_is_unknown_and_nowhere_else) {
  start_emulator({"--generation-time", "0.1"});
  emulator().play(R"({"rules":[{"route":"submit","answer_lost":true}]})");
  Pipeline lost(source() + " ! fakesink");
  EXPECT_FALSE(lost.run());
  for (int run = 0; run < 3; ++run)
    EXPECT_TRUE(play("resubmit=true") == clip());
  EXPECT_EQ(emulator().submits(), 2u);
}

TEST_F(Cache, another_task_than_the_requests_own_is_refused) {
  start_emulator({"--generation-time", "0.1"});
  play("");
  play("take=1");
  const auto other = emulator().tasks()[1].id;
  emulator().forget_requests();
  Pipeline pipeline(source("task-id=" + other) + " ! fakesink");
  EXPECT_FALSE(pipeline.run());
  ASSERT_TRUE(pipeline.error());
  EXPECT_EQ(pipeline.error()->domain, GST_RESOURCE_ERROR);
  EXPECT_EQ(pipeline.error()->code, GST_RESOURCE_ERROR_SETTINGS);
  EXPECT_NE(pipeline.error()->text.find("another task"), std::string::npos);
  EXPECT_TRUE(emulator().requests().empty());
}

TEST_F(Cache, is_where_the_property_or_the_environment_says) {
  start_emulator({"--generation-time", "0.1"});
  const auto by_environment = cache_dir() + "/environment", by_xdg = cache_dir() + "/xdg";
  auto plain = source();
  const auto property = " cache-dir=" + cache_dir();
  plain.replace(plain.find(property), property.size(), "");
  plain.replace(plain.find("cache-dir=" + cache()), cache().size() + 10, "");
  g_setenv("MODELVERSE_CACHE_DIR", by_environment.c_str(), TRUE);
  {
    Pipeline first(plain + " ! fakesink");
    EXPECT_TRUE(first.run());
  }
  EXPECT_FALSE(fs::is_empty(by_environment));
  EXPECT_TRUE(play("") == clip()) << "the property wins";
  EXPECT_EQ(entries().size(), 1u);
  g_unsetenv("MODELVERSE_CACHE_DIR");
  // GLib reads the variable once a process: a program of its own.
  Process second({g_getenv("MODELVERSE_VICTIM"), plain + " ! fakesink"},
                 {{"XDG_CACHE_HOME", by_xdg}, {"MODELVERSE_API_KEY", "k"}});
  EXPECT_EQ(second.wait().exit_code, 0);
  EXPECT_FALSE(fs::is_empty(by_xdg + "/gst-modelverse"));
}

TEST_F(Cache, grows_no_larger_than_allowed_and_loses_what_was_used_longest_ago) {
  start_emulator({"--generation-time", "0.1"});
  play("take=1");
  play("take=2");
  play("take=1");  // used again
  const auto two_clips = std::to_string(2 * clip().size() + 1000);
  play("take=3 cache-max-size=" + two_clips);
  ASSERT_TRUE(wait_for_no_job_threads()) << "it makes module when the clip was served";
  const auto tasks = emulator().tasks();
  EXPECT_EQ(entries().size(), 2u);
  EXPECT_TRUE(has_task(tasks[0].id));
  EXPECT_FALSE(has_task(tasks[1].id));
  EXPECT_TRUE(has_task(tasks[2].id));
}

TEST_F(Cache, never_loses_an_unfinished_task_to_the_limit) {
  start_emulator({"--generation-time", "0.5"});
  emulator().play(R"({"rules":[{"route":"result","stall_after":300000}]})");
  {
    Pipeline pipeline(source("take=1") + " ! fakesink");
    pipeline.set_state(GST_STATE_PLAYING);
    pipeline.wait_for_progress("download", GST_PROGRESS_TYPE_CONTINUE);
  }
  ASSERT_TRUE(wait_for_no_job_threads());
  play("take=2");
  play("take=3 cache-max-size=1");
  ASSERT_TRUE(wait_for_no_job_threads());
  EXPECT_EQ(entries().size(), 2u) << "the unfinished one and the newest";
  EXPECT_TRUE(play("take=1") == clip());
  EXPECT_EQ(emulator().submits(), 3u);
}

TEST_F(Cache, takes_no_clip_from_a_process_that_reads_it) {
  start_emulator({"--generation-time", "0.1"});
  play("take=1");
  const auto path = cache_dir() + "/read.mp4";
  Process reader({g_getenv("MODELVERSE_VICTIM"),
                  source("take=1") + " ! identity sleep-time=200000 ! filesink location=" + path},
                 {{"MODELVERSE_API_KEY", "k"}});
  ASSERT_TRUE(reader.wait_for_output("first buffer"));
  reader.send_signal(SIGSTOP);
  Process other({g_getenv("MODELVERSE_VICTIM"), source("take=2 cache-max-size=1") + " ! fakesink"},
                {{"MODELVERSE_API_KEY", "k"}});
  EXPECT_EQ(other.wait().exit_code, 0);
  EXPECT_FALSE(has_task(emulator().tasks()[0].id)) << "it was evicted meanwhile";
  reader.send_signal(SIGCONT);
  EXPECT_EQ(reader.wait().exit_code, 0);
  EXPECT_TRUE(file_content(path) == clip());
}

}  // namespace
}  // namespace test_support
