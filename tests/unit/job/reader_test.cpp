// SPDX-License-Identifier: LGPL-2.1-or-later
// One element's view of a job: bytes as they come, updates in between, and waking up.
#include "job/reader.h"

#include <algorithm>
#include <future>

#include "api/wire.h"
#include "bench.h"

namespace modelverse::job::test {
namespace {

struct Reading : Bench {
  Reading() {
    settings().image_uri = "https://pictures.example/a.png";
    settings().base_url = plan.base_url;
    settings().cache_dir = plan.cache_dir;
  }

  void play(const std::string& clip) {
    script->add(accepted());
    script->add(success({link}));
    script->add(whole(clip));
  }
  // The next thing that is no updates; the updates is kept.
  ReadResult next(Reader& reader, std::uint64_t offset, std::size_t size, bool exactly = false) {
    for (;;) {
      auto got = reader.read(offset, size, exactly);
      if (!std::holds_alternative<UpdatesWaiting>(got))
        return got;
      auto updates = reader.take_updates();
      told.insert(told.end(), updates.events.begin(), updates.events.end());
    }
  }
  std::string all(Reader& reader, std::size_t step, bool exactly = false) {
    std::string bytes;
    for (;;) {
      const auto got = next(reader, bytes.size(), step, exactly);
      const auto* chunk = std::get_if<store::Chunk>(&got);
      if (!chunk) {
        EXPECT_TRUE(std::holds_alternative<AtEnd>(got));
        return bytes;
      }
      bytes.append(reinterpret_cast<const char*>(chunk->data), chunk->size);
    }
  }
  std::size_t phases_told() const {
    return static_cast<std::size_t>(std::count_if(told.begin(), told.end(), [](const Event& event) {
      return std::holds_alternative<PhaseStarted>(event);
    }));
  }

  std::vector<Event> told;
};

TEST_F(Reading, gives_the_clip_and_then_its_end) {
  const auto clip = mp4(700'001);
  play(clip);
  Reader reader(environment());
  ASSERT_TRUE(reader.open(plan.settings).ok());
  EXPECT_TRUE(all(reader, 100'000) == clip);
  EXPECT_EQ(reader.size(), clip.size());
  EXPECT_TRUE(reader.is_complete());
  EXPECT_EQ(reader.stats().task_id, "task-1");
  EXPECT_EQ(reader.status(), TaskStatus::success);
  EXPECT_EQ(phases_told(), 3u);
}

// As filesrc does (GStreamer 1.22, tests/check/elements/filesrc.c).
TEST_F(Reading, of_nothing_is_no_bytes_where_there_are_some_and_the_end_elsewhere) {
  play(mp4(250'000));
  Reader reader(environment());
  ASSERT_TRUE(reader.open(plan.settings).ok());
  for (const std::uint64_t offset : {0, 249'999}) {
    const auto none = next(reader, offset, 0, true);
    ASSERT_TRUE(std::holds_alternative<store::Chunk>(none)) << offset;
    EXPECT_EQ(std::get<store::Chunk>(none).size, 0u);
  }
  for (const std::uint64_t offset : {250'000, 250'010})
    EXPECT_TRUE(std::holds_alternative<AtEnd>(next(reader, offset, 0, true))) << offset;
}

TEST_F(Reading, gives_exactly_what_is_asked_for_but_at_the_end) {
  const auto clip = mp4(250'000);
  play(clip);
  Reader reader(environment());
  ASSERT_TRUE(reader.open(plan.settings).ok());
  const auto middle = next(reader, 90'000, 123'456, true);
  ASSERT_TRUE(std::holds_alternative<store::Chunk>(middle));
  EXPECT_EQ(std::get<store::Chunk>(middle).size, 123'456u);
  const auto last = next(reader, 249'000, 5'000, true);
  ASSERT_TRUE(std::holds_alternative<store::Chunk>(last));
  EXPECT_EQ(std::get<store::Chunk>(last).size, 1'000u);
  EXPECT_TRUE(std::holds_alternative<AtEnd>(next(reader, 250'000, 1, true)));
  EXPECT_TRUE(std::holds_alternative<AtEnd>(next(reader, 1'000'000, 1, true)));
}

TEST_F(Reading, tells_a_newcomer_of_a_finished_clip_no_phases) {
  const auto clip = mp4(5'000);
  play(clip);
  Reader first(environment());
  ASSERT_TRUE(first.open(plan.settings).ok());
  EXPECT_TRUE(all(first, 100'000) == clip);
  told.clear();
  Reader second(environment());
  ASSERT_TRUE(second.open(plan.settings).ok());
  EXPECT_TRUE(all(second, 100'000) == clip);
  EXPECT_EQ(phases_told(), 0u);
  EXPECT_EQ(std::count_if(
                told.begin(), told.end(),
                [](const Event& event) { return std::holds_alternative<StatusChanged>(event); }),
            1);
  EXPECT_EQ(script->posts(), 1u);
}

TEST_F(Reading, is_woken_by_an_interruption_and_goes_on_after_it) {
  const auto clip = mp4(5'000);
  std::promise<void> is_posting;
  std::promise<void> go_on;
  auto scene = accepted();
  scene.meanwhile = [&] {
    is_posting.set_value();
    go_on.get_future().wait();
  };
  script->add(scene);
  script->add(success({link}));
  script->add(whole(clip));
  Reader reader(environment());
  ASSERT_TRUE(reader.open(plan.settings).ok());
  auto waiting = std::async(std::launch::async, [&] { return next(reader, 0, 100); });
  is_posting.get_future().wait();
  reader.interrupt();
  EXPECT_TRUE(std::holds_alternative<Interrupted>(waiting.get()));
  EXPECT_TRUE(std::holds_alternative<Interrupted>(reader.read(0, 100, false)));
  reader.resume();
  go_on.set_value();
  EXPECT_TRUE(all(reader, 100'000) == clip);
  EXPECT_EQ(script->posts(), 1u);
}

TEST_F(Reading, opens_nothing_while_it_is_interrupted) {
  Reader reader(environment());
  reader.interrupt();
  const auto refused = reader.open(plan.settings);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::cancelled);
  EXPECT_FALSE(reader.is_open());
  EXPECT_EQ(script->count(), 0u);
}

TEST_F(Reading, gives_the_error_of_the_job) {
  script->add(answer(400, error_body("sensitive_check_error", "no")));
  Reader reader(environment());
  ASSERT_TRUE(reader.open(plan.settings).ok());
  const auto got = next(reader, 0, 100);
  ASSERT_TRUE(std::holds_alternative<Error>(got));
  EXPECT_EQ(std::get<Error>(got).details.error_code, "sensitive_check_error");
}

TEST_F(Reading, gives_the_error_of_the_settings_before_there_is_a_job) {
  settings().duration = 5;
  Reader reader(environment());
  const auto refused = reader.open(plan.settings);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::settings);
}

TEST_F(Reading, leaves_nothing_on_disk_after_delivery_where_the_cache_is_off) {
  const auto clip = mp4(300'000);
  play(clip);
  settings().cache_mode = CacheMode::off;
  Reader reader(environment());
  ASSERT_TRUE(reader.open(plan.settings).ok());
  EXPECT_TRUE(std::holds_alternative<store::Chunk>(next(reader, 0, 100'000)));
  EXPECT_TRUE(on_disk()) << "gone before it was delivered";
  EXPECT_TRUE(all(reader, 100'000) == clip);
  EXPECT_FALSE(on_disk());
  EXPECT_EQ(clip_on_disk(), "");
}

// Whoever of two came first.
TEST_F(Reading, keeps_a_clip_that_one_of_its_readers_wants_kept) {
  for (const auto first_mode : {CacheMode::off, CacheMode::reuse}) {
    plan.settings.take = static_cast<unsigned>(first_mode);
    const auto clip = mp4(300'000);
    play(clip);
    settings().cache_mode = first_mode;
    Reader first(environment());
    ASSERT_TRUE(first.open(plan.settings).ok());
    settings().cache_mode = first_mode == CacheMode::off ? CacheMode::reuse : CacheMode::off;
    Reader second(environment());
    ASSERT_TRUE(second.open(plan.settings).ok());
    EXPECT_TRUE(all(first, 100'000) == clip);
    EXPECT_TRUE(all(second, 100'000) == clip);
    plan.key = api::request_key(*plan.profile, plan.settings, plan.base_url);
    EXPECT_EQ(clip_on_disk(), clip);
  }
  EXPECT_EQ(script->posts(), 2u);
}

}  // namespace
}  // namespace modelverse::job::test
