// SPDX-License-Identifier: LGPL-2.1-or-later
// Many clips in one process, with faults in a fifth of the answers: memory, threads and descriptors
// stay flat, and every clip comes to its right end.
//
// Environment: SOAK_CLIPS, how many for each test; SOAK_AT_ONCE, how many side by side.
#include <malloc.h>

#include <atomic>
#include <cstdio>
#include <filesystem>

#include "element/element_test.h"
#include "faults.h"
#include "support/peak.h"
#include "support/sanitized.h"
#include "support/threads.h"

namespace test_support {
namespace {

using soak::End;

struct Figures {
  long memory = 0;  // KiB
  std::size_t threads = 0;
  std::size_t descriptors = 0;
};

std::size_t count_in(const char* directory) {
  const std::filesystem::directory_iterator items(directory);
  return static_cast<std::size_t>(std::distance(begin(items), end(items)));
}

Figures measure() {
  malloc_trim(0);
  return {status_kib("VmRSS"), count_in("/proc/self/task"), count_in("/proc/self/fd")};
}

class Soak : public ElementTest {
 protected:
  void SetUp() override {
    ElementTest::SetUp();
    start_emulator({"--generation-time", "0.05"});
    whole_ = digest_of(file_content(clip_path()));
  }

  static void on_buffer(GstElement*, GstBuffer* buffer, GstPad*, gpointer checksum) {
    GstMapInfo map;
    gst_buffer_map(buffer, &map, GST_MAP_READ);
    g_checksum_update(static_cast<GChecksum*>(checksum), map.data, static_cast<gssize>(map.size));
    gst_buffer_unmap(buffer, &map);
  }

  // What came of a clip, and in which words.
  struct Outcome {
    End end = End::something_else;
    std::string words;
  };

  Outcome play(const std::string& prompt) const {
    Pipeline pipeline(source("poll-interval=20 retry-backoff-factor=0.001 cache-max-size=30000000"
                             " prompt=" +
                             prompt) +
                      " ! fakesink name=sink signal-handoffs=true");
    GChecksum* checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_signal_connect(pipeline.element("sink"), "handoff", G_CALLBACK(on_buffer), checksum);
    const bool is_eos = pipeline.run();
    pipeline.set_state(GST_STATE_NULL);
    const bool is_whole = whole_ == g_checksum_get_string(checksum);
    g_checksum_free(checksum);
    if (is_eos)
      return {is_whole ? End::clip : End::something_else, "EOS"};
    const auto error = pipeline.error();
    if (!error)
      return {};
    return {soak::end_of(error->domain, error->code), error->text + " | " + error->debug};
  }

  // Plays `count` clips, `at_once` side by side, and looks at what became of each.
  void play_batch(std::size_t count, std::size_t at_once) {
    const soak::Faults faults(random_, count);
    emulator().play(faults.script());
    emulator().forget_requests();
    std::vector<std::string> prompts(count);
    std::vector<Outcome> ends(count);
    for (auto& prompt : prompts)
      prompt = "clip-" + std::to_string(clips_++);
    std::atomic<std::size_t> next = 0;
    on_threads(static_cast<unsigned>(at_once), [&](unsigned) {
      for (auto mine = next++; mine < count; mine = next++)
        ends[mine] = play(prompts[mine]);
    });
    look_at(prompts, ends, faults);
  }

  void look_at(const std::vector<std::string>& prompts, const std::vector<Outcome>& outcomes,
               const soak::Faults& faults) {
    const auto requests = emulator().requests();
    auto expected = faults.expected(requests);
    for (std::size_t i = 0; i < prompts.size(); ++i) {
      const auto& [end, words] = outcomes[i];
      const auto wanted = expected[prompts[i]];
      ++seen_[end];
      wrong_ends_ += end != wanted;
      EXPECT_EQ(end, wanted) << prompts[i] << ": " << soak::end_name(end) << " instead of "
                             << soak::end_name(wanted) << ": " << words;
    }
    for (const auto& request : requests) {
      answers_ += request.route != "other";
      faulty_ += request.rule >= 0;
    }
  }

  void run(const char* name, std::size_t at_once) {
    const std::size_t clips = number_from("SOAK_CLIPS", 60);
    const auto batch = std::max<std::size_t>(clips / 20, std::min<std::size_t>(clips, at_once));
    std::vector<Figures> figures;
    std::printf("%s: clips, memory (KiB), threads, descriptors\n", name);
    while (clips_ < clips) {
      play_batch(std::min(batch, clips - clips_), at_once);
      EXPECT_TRUE(wait_for_no_job_threads());
      figures.push_back(measure());
      std::printf("%6zu %8ld %4zu %4zu\n", clips_, figures.back().memory, figures.back().threads,
                  figures.back().descriptors);
      std::fflush(stdout);
    }
    std::printf("%zu answers, %.1f %% of them faulty; %zu wrong ends; ends:", answers_,
                100.0 * static_cast<double>(faulty_) / static_cast<double>(answers_), wrong_ends_);
    for (const auto& [end, count] : seen_)
      std::printf(" %s %zu", soak::end_name(end), count);
    std::printf("\n");
    expect_flat(figures, at_once);
  }

  // After a fifth of the way nothing grows any more.
  static void expect_flat(const std::vector<Figures>& figures, std::size_t at_once) {
    const auto& early = figures[figures.size() / 5];
    const auto& last = figures.back();
    // GLib keeps threads that have nothing to do for a quarter of a minute.
    EXPECT_LE(last.threads, early.threads + at_once);
    EXPECT_LE(last.descriptors, early.descriptors + 3);
    if (!is_sanitized) {
      EXPECT_LE(last.memory, early.memory + 16 * 1024);
    }
  }

 private:
  std::mt19937 random_{20260923};
  std::string whole_;
  std::size_t clips_ = 0;
  std::size_t answers_ = 0;
  std::size_t faulty_ = 0;
  std::size_t wrong_ends_ = 0;
  std::map<End, std::size_t> seen_;
};

TEST_F(Soak, in_sequence) {
  run("in sequence", 1);
}

TEST_F(Soak, side_by_side) {
  run("side by side", number_from("SOAK_AT_ONCE", 10));
}

}  // namespace
}  // namespace test_support
