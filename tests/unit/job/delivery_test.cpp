// SPDX-License-Identifier: LGPL-2.1-or-later
// When a clip counts as delivered.
#include "job/delivery.h"

#include "bench.h"
#include "store/cache.h"

namespace modelverse::job::test {
namespace {

constexpr std::uint64_t size = 1'000'000;

TEST(Delivery, is_whole_when_all_was_given_in_order) {
  Delivery delivery;
  for (std::uint64_t offset = 0; offset < size; offset += 100'000) {
    EXPECT_FALSE(delivery.is_whole(size));
    delivery.note(offset, 100'000);
  }
  EXPECT_TRUE(delivery.is_whole(size));
}

TEST(Delivery, is_not_whole_by_the_same_bytes_twice) {
  Delivery delivery;
  for (int i = 0; i < 5; ++i)
    delivery.note(0, 400'000);
  delivery.note(900'000, 100'000);
  EXPECT_FALSE(delivery.is_whole(size));
}

TEST(Delivery, joins_what_was_given_in_any_order) {
  Delivery delivery;
  delivery.note(900'000, 100'000);
  delivery.note(0, 300'000);
  delivery.note(500'000, 200'000);
  delivery.note(250'000, 300'000);
  EXPECT_FALSE(delivery.is_whole(size));
  delivery.note(600'000, 350'000);
  EXPECT_TRUE(delivery.is_whole(size));
}

TEST(Delivery, may_lack_what_a_demuxer_does_not_read) {
  Delivery delivery;
  delivery.note(0, 32);
  delivery.note(40, size - 40);
  EXPECT_TRUE(delivery.is_whole(size));
}

TEST(Delivery, may_not_lack_the_last_byte_nor_a_part_of_the_media) {
  Delivery no_end, no_middle;
  no_end.note(0, size - 1);
  EXPECT_FALSE(no_end.is_whole(size));
  no_middle.note(0, 500'000);
  no_middle.note(520'000, 480'000);
  EXPECT_FALSE(no_middle.is_whole(size));
}

struct Removal : Bench {
  CachedClip kept() const { return {plan.cache_dir, plan.key, "task-1"}; }
};

TEST_F(Removal, leaves_nothing_behind) {
  complete_with(mp4(1000));
  remove_delivered(kept());
  EXPECT_FALSE(on_disk());
  EXPECT_TRUE(std::filesystem::is_empty(plan.cache_dir));
}

TEST_F(Removal, takes_no_other_tasks_clip) {
  complete_with(mp4(1000));
  auto other = kept();
  other.task_id = "task-2";
  remove_delivered(other);
  EXPECT_TRUE(on_disk());
}

TEST_F(Removal, leaves_the_entry_to_who_works_on_it) {
  complete_with(mp4(1000));
  const auto holder = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*holder->try_lock());
  remove_delivered(kept());
  EXPECT_TRUE(on_disk());
}

TEST_F(Removal, leaves_the_clip_to_who_has_waited_for_it) {
  complete_with(mp4(1000));
  const auto holder = store::Cache(plan.cache_dir).entry(plan.key);
  const auto waiting = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*holder->try_lock());
  ASSERT_FALSE(*waiting->try_lock());
  waiting->announce_waiting();
  holder->unlock();
  remove_delivered(kept());
  EXPECT_TRUE(on_disk());
  ASSERT_TRUE(*waiting->try_lock());
  waiting->unlock();
  remove_delivered(kept());
  EXPECT_TRUE(std::filesystem::is_empty(plan.cache_dir));
}

TEST_F(Removal, makes_nothing_where_nothing_is) {
  remove_delivered(kept());
  EXPECT_FALSE(std::filesystem::exists(plan.cache_dir));
}

}  // namespace
}  // namespace modelverse::job::test
