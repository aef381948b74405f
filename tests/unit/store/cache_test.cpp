// SPDX-License-Identifier: LGPL-2.1-or-later
// The directory of all entries: what is there, and what goes when there is too much.
#include "store/cache.h"

#include <glib.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "api/wire.h"
#include "store_support.h"

namespace modelverse::store {
namespace {

using namespace test;

constexpr std::uint64_t clip_size = 1000;

class CacheTest : public testing::Test {
 protected:
  std::string path_of(char digit, const char* name) const {
    return cache_.directory() + "/" + key_of(digit) + "/" + name;
  }
  void add_unfinished(char digit, std::uint64_t bytes) {
    const auto entry = cache_.entry(key_of(digit));
    ASSERT_TRUE(*entry->try_lock());
    ASSERT_TRUE(entry->save(submitted_record(key_of(digit), std::string("task-") + digit)));
    ASSERT_TRUE(grow(**entry->open_partial(), bytes));
  }
  // `age`: the higher, the longer ago it was used.
  void add_finished(char digit, int age) {
    add_unfinished(digit, clip_size);
    const auto entry = cache_.entry(key_of(digit));
    ASSERT_TRUE(*entry->try_lock());
    ASSERT_TRUE(entry->complete(**entry->open_partial(), *entry->load()->record));
    for (const char* name : {"clip.mp4", "record.json"})
      set_time(path_of(digit, name), 1700000000 - age);
  }
  std::size_t evict(std::uint64_t max_bytes, const std::string& keep = {}) const {
    return cache_.evict({.max_bytes = max_bytes, .keep = keep}).size();
  }
  bool has(char digit) const { return is_there(cache_.directory() + "/" + key_of(digit)); }

  TemporaryDirectory directory_;
  Cache cache_{directory_.in("cache")};
};

TEST_F(CacheTest, IsEmptyWhereItIsNotThereAndMakesNothing) {
  EXPECT_TRUE(cache_.list().empty());
  EXPECT_FALSE(cache_.find_task("task-a", "https://api.example.org", 0));
  EXPECT_EQ(evict(1), 0u);
  EXPECT_TRUE(cache_.entry(key_of('a')));
  EXPECT_FALSE(is_there(cache_.directory()));
}

TEST_F(CacheTest, ListsWhatIsThere) {
  add_unfinished('a', 700);
  add_finished('b', 5);
  std::vector<EntrySummary> list = cache_.list();
  ASSERT_EQ(list.size(), 2u);
  std::sort(list.begin(), list.end(),
            [](const auto& a, const auto& b) { return a.record.key < b.record.key; });
  EXPECT_EQ(list[0].record.task_id, "task-a");
  EXPECT_EQ(list[0].clip_bytes, 700u);
  EXPECT_GT(list[0].last_used, 1700000000);
  EXPECT_EQ(list[1].record.state, RecordState::complete);
  EXPECT_EQ(list[1].clip_bytes, clip_size);
  EXPECT_EQ(list[1].last_used, 1700000000 - 5);
  EXPECT_FALSE(list[0].is_locked || list[1].is_locked);
}

// Several threads look at so many.
TEST_F(CacheTest, ListsAndEvictsManyEntriesEachOnce) {
  constexpr int many = 900;
  add_finished('a', 0);
  const std::string first = cache_.directory() + "/" + key_of('a');
  std::vector<std::string> keys = {key_of('a')};
  for (int i = 1; i < many; ++i) {
    keys.push_back(std::string(60, 'b') + std::to_string(1000 + i));
    const std::string copy = cache_.directory() + "/" + keys.back();
    std::filesystem::copy(first, copy);
    std::string record = file_content(copy + "/record.json");
    record.replace(record.find(key_of('a')), key_of('a').size(), keys.back());
    record.replace(record.find("task-a"), 6, "task-" + std::to_string(i));
    std::ofstream(copy + "/record.json") << record;
    for (const char* name : {"/clip.mp4", "/record.json"})
      set_time(copy + name, 1700000000 + i);
  }
  std::vector<std::string> listed;
  for (const EntrySummary& entry : cache_.list())
    listed.push_back(entry.record.key);
  std::ranges::sort(listed);
  EXPECT_EQ(listed, keys);
  keys.resize(many - 2);
  EXPECT_EQ(cache_.evict({.max_bytes = 2 * clip_size, .is_trial = true}), keys) << "oldest first";
}

TEST_F(CacheTest, ListsWhoIsWorkedOn) {
  add_unfinished('a', 1);
  HolderProcess other(cache_.directory() + "/" + key_of('a'));
  ASSERT_TRUE(other.has_lock());
  EXPECT_TRUE(cache_.list().at(0).is_locked);
  other.kill();
  EXPECT_FALSE(cache_.list().at(0).is_locked);
}

TEST_F(CacheTest, LeavesOutWhatIsNotItsOwn) {
  add_unfinished('a', 1);
  add_unfinished('b', 1);
  write_file(path_of('b', "record.json"), "nonsense");
  ASSERT_TRUE(make_directories(cache_.directory() + "/somebody-elses"));
  ASSERT_TRUE(make_directories(cache_.directory() + "/" + key_of('A')));
  write_file(cache_.directory() + "/" + key_of('c'), "a file");
  std::vector<std::string> keys;
  for (const EntrySummary& entry : cache_.list())
    keys.push_back(entry.record.key);
  std::ranges::sort(keys);
  EXPECT_EQ(keys, (std::vector{key_of('a'), key_of('b')}));
  EXPECT_EQ(evict(1), 0u);
  EXPECT_EQ(names_in(cache_.directory()).size(), 5u);
  EXPECT_EQ(file_content(path_of('b', "record.json")), "nonsense") << "nothing is set aside here";
}

TEST_F(CacheTest, FindsATaskOfThisOriginOnly) {
  add_unfinished('a', 1);
  add_finished('b', 1);
  const std::string origin = "https://api.example.org";
  EXPECT_EQ(cache_.find_task("task-a", origin, 0), key_of('a'));
  EXPECT_EQ(cache_.find_task("task-b", origin, 0), key_of('b'));
  EXPECT_FALSE(cache_.find_task("task-a", "https://elsewhere.example.org", 0));
  EXPECT_FALSE(cache_.find_task("task-c", origin, 0));
  EXPECT_FALSE(cache_.find_task("", origin, 0));
}

TEST_F(CacheTest, FindsTheWantedClipOfATaskBeforeAnother) {
  add_finished('b', 1);
  for (const char digit : {'a', 'c'}) {
    auto further = submitted_record(key_of(digit), "task-b");
    further.url_index = digit == 'a' ? 1 : 2;
    const auto entry = cache_.entry(key_of(digit));
    ASSERT_TRUE(*entry->try_lock());
    ASSERT_TRUE(entry->save(further));
  }
  const std::string origin = "https://api.example.org";
  EXPECT_EQ(cache_.find_task("task-b", origin, 0), key_of('b'));
  EXPECT_EQ(cache_.find_task("task-b", origin, 1), key_of('a'));
  EXPECT_EQ(cache_.find_task("task-b", origin, 2), key_of('c'));
  EXPECT_TRUE(cache_.find_task("task-b", origin, 3));
}

TEST_F(CacheTest, EvictsTheLeastRecentlyUsedUntilTheRestFits) {
  add_finished('a', 10);
  add_finished('b', 30);
  add_finished('c', 20);
  add_finished('d', 40);
  EXPECT_EQ(evict(4 * clip_size), 0u) << "it fits";
  EXPECT_EQ(evict(4 * clip_size - 1), 1u);
  EXPECT_FALSE(has('d'));
  EXPECT_EQ(evict(clip_size), 2u);
  EXPECT_FALSE(has('b') || has('c'));
  EXPECT_TRUE(has('a'));
  EXPECT_EQ(evict(1), 1u);
  EXPECT_TRUE(names_in(cache_.directory()).empty());
}

TEST_F(CacheTest, EvictsWhatWasNotUsedSinceATimeWhateverItsSize) {
  add_finished('a', 10);
  add_finished('b', 30);
  add_finished('c', 20);
  add_unfinished('d', 1);
  const EvictionRule rule{.used_before = 1700000000 - 20};
  EXPECT_EQ(cache_.evict(rule), std::vector{key_of('b')});
  EXPECT_TRUE(has('a') && !has('b') && has('c') && has('d'));
  EXPECT_TRUE(cache_.evict(rule).empty());
}

TEST_F(CacheTest, EvictsByBothRulesTogetherAndMayBeToldToKeepNone) {
  for (const char digit : {'a', 'b', 'c'})
    add_finished(digit, digit);
  EXPECT_EQ(cache_.evict({.max_bytes = clip_size, .used_before = 1700000000 - 'b'}),
            (std::vector{key_of('c'), key_of('b')}));
  EXPECT_EQ(cache_.evict({.max_bytes = 0}), std::vector{key_of('a')});
  EXPECT_TRUE(names_in(cache_.directory()).empty());
}

// A request finds its further clips by the first one: alone, they would be paid for again.
TEST_F(CacheTest, EvictsTheClipsOfATaskTogetherAndTheFirstAtLast) {
  add_finished('a', 40);
  add_finished('b', 30);
  const std::string origin = "https://api.example.org";
  auto further = submitted_record(api::further_clip_key("task-a", origin, 1), "task-a");
  further.url_index = 1;
  const auto add_further = [&](int age) {
    const auto entry = cache_.entry(further.key);
    ASSERT_TRUE(*entry->try_lock());
    ASSERT_TRUE(entry->save(further));
    const auto part = entry->open_partial();
    ASSERT_TRUE(grow(**part, clip_size));
    ASSERT_TRUE(entry->complete(**part, further));
    for (const char* name : {"/clip.mp4", "/record.json"})
      set_time(cache_.directory() + "/" + further.key + name, 1700000000 - age);
  };
  add_further(20);
  EXPECT_EQ(evict(2 * clip_size, further.key), 1u);
  EXPECT_TRUE(has('a') && !has('b')) << "used with the further one";
  add_finished('b', 10);
  {
    HolderProcess other(cache_.directory() + "/" + further.key);
    ASSERT_TRUE(other.has_lock());
    EXPECT_EQ(evict(clip_size), 1u);
    EXPECT_TRUE(has('a') && !has('b'));
  }
  add_finished('b', 10);
  EXPECT_EQ(cache_.evict({.max_bytes = 2 * clip_size}), (std::vector{further.key, key_of('a')}));
}

TEST_F(CacheTest, SaysWhatItWouldEvictAndLeavesItThere) {
  for (const char digit : {'a', 'b', 'c'})
    add_finished(digit, digit);
  HolderProcess other(cache_.directory() + "/" + key_of('c'));
  ASSERT_TRUE(other.has_lock());
  EXPECT_EQ(cache_.evict({.max_bytes = clip_size, .keep = key_of('b'), .is_trial = true}),
            std::vector{key_of('a')});
  EXPECT_TRUE(has('a') && has('b') && has('c'));
}

TEST_F(CacheTest, NamesEntriesWithoutARecordThatCanBeRead) {
  for (const char digit : {'a', 'b', 'c', 'd'})
    add_unfinished(digit, 1);
  write_file(path_of('b', "record.json"), "nonsense");
  std::filesystem::rename(path_of('c', "record.json"), path_of('c', "record.json.broken-1"));
  write_file(path_of('d', "record.json"), "nonsense");
  HolderProcess at_work(cache_.directory() + "/" + key_of('d'));
  HolderProcess nothing_written_yet(cache_.directory() + "/" + key_of('e'));
  ASSERT_TRUE(at_work.has_lock() && nothing_written_yet.has_lock());
  std::vector<std::string> broken;
  for (const EntrySummary& entry : cache_.list())
    if (entry.kind == EntrySummary::Kind::broken)
      broken.push_back(entry.record.key);
  std::ranges::sort(broken);
  EXPECT_EQ(broken, (std::vector{key_of('b'), key_of('c')}));
}

TEST_F(CacheTest, NeverEvictsUnfinishedTasksNorTheOneToKeepNorThoseInWork) {
  add_unfinished('a', 5000);
  add_finished('b', 40);
  add_finished('c', 30);
  add_finished('d', 20);
  add_finished('e', 10);
  const auto own = cache_.entry(key_of('c'));
  ASSERT_TRUE(*own->try_lock());
  HolderProcess other(cache_.directory() + "/" + key_of('d'));
  ASSERT_TRUE(other.has_lock());
  EXPECT_EQ(evict(1, key_of('b')), 1u);
  EXPECT_FALSE(has('e'));
  EXPECT_TRUE(has('a') && has('b') && has('c') && has('d'));
}

// Such as that of modelverse-render, in its directory: the next run would pay for it again.
TEST_F(CacheTest, NeitherCountsNorEvictsAClipThatHasAnotherLink) {
  add_finished('a', 10);
  add_finished('b', 5);
  ASSERT_EQ(::link(path_of('a', "clip.mp4").c_str(), directory_.in("a.mp4").c_str()), 0);
  EXPECT_EQ(evict(clip_size), 0u);
  EXPECT_EQ(cache_.evict({.max_bytes = 0}), std::vector{key_of('b')});
  EXPECT_TRUE(has('a'));
  EXPECT_EQ(cache_.list().at(0).clip_bytes, clip_size);
  std::filesystem::remove(directory_.in("a.mp4"));
  EXPECT_EQ(cache_.evict({.max_bytes = 0}), std::vector{key_of('a')});
}

TEST_F(CacheTest, NeverEvictsWhatSomebodyWaitsFor) {
  add_finished('a', 10);
  const auto waiter = cache_.entry(key_of('a'));
  waiter->announce_waiting();
  EXPECT_EQ(evict(0), 0u);
  EXPECT_TRUE(has('a'));
}

TEST_F(CacheTest, NeverEvictsWhatAnotherProcessIsAboutToReplace) {
  add_finished('a', 10);
  auto owner = this_process(std::chrono::minutes(13));
  owner.machine = "another";
  write_file(path_of('a', claim_name), encode_owner(owner));
  EXPECT_EQ(evict(0), 0u);
  EXPECT_TRUE(has('a'));
}

TEST_F(CacheTest, DoesNotCountUnfinishedTasks) {
  add_unfinished('a', 500000);
  add_finished('b', 1);
  EXPECT_EQ(evict(clip_size), 0u);
}

TEST_F(CacheTest, CountsThePartBesideAFinishedClip) {
  add_finished('a', 10);
  write_file(path_of('a', "clip.part"), std::string(500, 'x'));
  EXPECT_EQ(cache_.list().at(0).clip_bytes, clip_size + 500);
  EXPECT_EQ(evict(clip_size + 500), 0u);
  EXPECT_EQ(evict(clip_size + 499), 1u);
  EXPECT_FALSE(has('a'));
}

TEST(CacheDirectory, IsThePropertyElseTheVariableElseTheUsersCache) {
  g_setenv("MODELVERSE_CACHE_DIR", "/from/variable", TRUE);
  EXPECT_EQ(resolve_cache_dir("/from/property"), "/from/property");
  EXPECT_EQ(resolve_cache_dir(""), "/from/variable");
  const std::string fallback = std::string(g_get_user_cache_dir()) + "/gst-modelverse";
  g_setenv("MODELVERSE_CACHE_DIR", "", TRUE);
  EXPECT_EQ(resolve_cache_dir(""), fallback);
  g_unsetenv("MODELVERSE_CACHE_DIR");
  EXPECT_EQ(resolve_cache_dir(""), fallback);
}

TEST(CacheDirectory, IsAbsoluteSoThatAChangedWorkingDirectoryDoesNotMoveIt) {
  const std::string directory = resolve_cache_dir("some/directory");
  EXPECT_TRUE(g_path_is_absolute(directory.c_str()));
  EXPECT_TRUE(directory.ends_with("/some/directory"));
}

}  // namespace
}  // namespace modelverse::store
