// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the bytes of a response go, and when they are shown.
#include "job/receiver.h"

#include <cstring>
#include <utility>

#include "bench.h"
#include "job/download.h"

namespace modelverse::job::test {
namespace {

struct Receiving : Bench {
  Result<std::shared_ptr<store::Clip>> fetch() { return download(job(submitted())); }
};

TEST_F(Receiving, holds_the_last_bytes_back_until_the_clip_is_kept) {
  const auto clip = mp4(1'000'000, true);
  script->add(whole(clip));
  ASSERT_TRUE(fetch().ok());
  EXPECT_TRUE(job_state.is_published());
  EXPECT_LT(job_state.lock()->available, clip.size());
  EXPECT_EQ(job_state.lock()->size, clip.size());
}

TEST_F(Receiving, wakes_its_readers_less_often_than_it_receives_but_for_all_that_is_there) {
  const auto clip = mp4(20'000'000, true);
  auto& now = job(submitted());
  Receiver receiver(now);
  receiver.move_to(*now.entry->open_partial());
  ASSERT_TRUE(receiver.begin({200, {{"Content-Length", std::to_string(clip.size())}}}));
  std::size_t done = 0;
  int steps = 0;
  std::uint64_t seen = 0;
  while (done < 10'000'000) {
    const auto space = receiver.space();
    std::memcpy(space.data(), clip.data() + done, space.size());
    done += space.size();
    ASSERT_TRUE(receiver.commit(space.size()));
    const auto available = job_state.lock()->available;
    steps += available > std::exchange(seen, available);
    EXPECT_LE(done - available, store::clip_window_blocks * store::clip_block_size / 2);
  }
  EXPECT_LE(steps, 11);
  receiver.on_idle();
  EXPECT_EQ(job_state.lock()->available, done);
}

TEST_F(Receiving, tells_how_much_is_there_of_a_clip_that_cannot_be_shown_yet) {
  const auto clip = mp4(20'000'000);
  auto& now = job(submitted());
  Receiver receiver(now);
  receiver.move_to(*now.entry->open_partial());
  ASSERT_TRUE(receiver.begin({200, {{"Content-Length", std::to_string(clip.size())}}}));
  for (std::size_t done = 0; done < 10'000'000;) {
    const auto space = receiver.space();
    std::memcpy(space.data(), clip.data() + done, space.size());
    done += space.size();
    ASSERT_TRUE(receiver.commit(space.size()));
  }
  const auto percent = job_state.lock()->progress.percent;
  EXPECT_GE(percent, 45);
  EXPECT_LE(percent, 51);
}

TEST_F(Receiving, shows_nothing_early_where_the_index_stands_last) {
  script->add(whole(mp4(200'000)));
  ASSERT_TRUE(fetch().ok());
  EXPECT_FALSE(job_state.is_published());
}

// Or a portal's page would be taken for the clip.
TEST_F(Receiving, looks_at_the_head_again_when_it_was_replaced) {
  const std::string page = "<html>please log in</html>";
  script->add(cut(whole(mp4(200'000)), 70'000));
  script->add(answer(200, page, {{"Content-Length", std::to_string(page.size())}}), 4);
  const auto end = fetch();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::wrong_type);
}

// Readers have bytes of it.
TEST_F(Receiving, keeps_a_clip_that_can_be_read_when_its_end_is_missing) {
  const auto clip = mp4(1'000'000, true);
  script->add(whole(clip.substr(0, clip.size() - 1000)));
  auto complete = whole(clip, "\"e2\"");
  complete.meanwhile = [&] {
    EXPECT_GT(served().size(), probed_bytes);
    EXPECT_TRUE(clip.starts_with(served()));
  };
  script->add(complete);
  const auto end = fetch();
  ASSERT_TRUE(end.ok()) << end.error().text;
  EXPECT_EQ((*end)->available(), clip.size());
}

// Or a reader that is beyond that size would take it for the end of the clip.
TEST_F(Receiving, keeps_the_size_while_a_shorter_response_is_compared) {
  const auto clip = mp4(1'000'000, true);
  script->add(cut(whole(clip), 500'000));
  script->add(whole(clip.substr(0, 400'000)));
  auto complete = whole(clip);
  complete.meanwhile = [&] { EXPECT_EQ(job_state.lock()->size, clip.size()); };
  script->add(complete);
  const auto end = fetch();
  ASSERT_TRUE(end.ok()) << end.error().text;
  EXPECT_EQ(job_state.lock()->size, clip.size());
}

TEST_F(Receiving, serves_no_bytes_of_two_versions_when_its_end_is_missing) {
  auto clip = mp4(1'000'000, true);
  script->add(whole(clip.substr(0, clip.size() - 1000)));
  clip[80'000] ^= 1;
  auto changed = whole(clip, "\"e2\"");
  changed.meanwhile = [&] { job_state.lock()->served = 100'000; };
  script->add(changed);
  const auto end = fetch();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::read);
  EXPECT_NE(end.error().text.find("changed"), std::string::npos) << end.error().text;
}

// Not a byte of it is received.
TEST_F(Receiving, takes_nothing_that_is_larger_than_any_clip) {
  script->otherwise(answer(200, mp4(2000), {{"Content-Length", "9223372036854775807"}}));
  const auto end = fetch();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::wrong_type);
  EXPECT_NE(end.error().text.find("too large"), std::string::npos);
  EXPECT_EQ(job_state.lock()->available, 0u);
}

TEST_F(Receiving, takes_no_more_bytes_than_the_declared_size) {
  auto longer = part(mp4(200'000), 0);
  longer.body += "more";
  script->otherwise(longer);
  const auto end = fetch();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::wrong_type);
  EXPECT_NE(end.error().text.find("longer"), std::string::npos);
}

// What the clip holds says nothing of what this answer gave.
TEST_F(Receiving, takes_no_empty_answer_for_the_rest_of_the_clip) {
  const auto clip = mp4(200'000);
  script->add(cut(whole(clip), 70'000));
  script->add(answer(200, "", {{"Content-Length", "0"}}));
  script->otherwise(whole(clip));
  const auto end = fetch();
  ASSERT_TRUE(end.ok());
  EXPECT_EQ((*end)->available(), clip.size());
}

}  // namespace
}  // namespace modelverse::job::test
