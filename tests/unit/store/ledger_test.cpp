// SPDX-License-Identifier: LGPL-2.1-or-later
// The account of all submits: what is entered, what it says afterwards, and the daily budget.
#include "store/ledger.h"

#include <dirent.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <functional>
#include <latch>
#include <thread>

#include "store/ledger_walk.h"
#include "store_support.h"
#include "support/descriptors.h"

namespace {
bool listings_are_cut = false;
int looks_before_suspend = -1;  // at the time since the boot
}  // namespace

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const auto result = static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
  if (clock == CLOCK_BOOTTIME && looks_before_suspend >= 0 && --looks_before_suspend < 0)
    time->tv_sec += 3600;
  return result;
}

// Instead of libc's, which it calls.
dirent* readdir(DIR* directory) {
  static const auto next = reinterpret_cast<dirent* (*)(DIR*)>(::dlsym(RTLD_NEXT, "readdir64"));
  dirent* const file = next(directory);
  if (listings_are_cut && !file)
    errno = EIO;
  return file;
}

namespace modelverse::store {
namespace {

using namespace test;

constexpr std::int64_t now = 1'796'033'505;  // 2026-11-30
constexpr std::int64_t a_day = 24 * 3600;
constexpr std::int64_t ten = 10'000'000;  // in millionths

LedgerEntry submit_at(std::int64_t time, std::optional<Money> cost = Money{ten, "CNY"}) {
  return {.time = time, .key = key_of('a'), .model = "acme/x", .cost = std::move(cost)};
}

struct LedgerTest : testing::Test {
  Ledger::Entering try_enter(const LedgerEntry& entry, std::optional<std::int64_t> budget = {}) {
    auto entering = ledger.enter(entry, budget);
    EXPECT_TRUE(entering) << entering.error().debug;
    return entering ? std::move(entering).value() : Ledger::Entering(Ledger::Busy{});
  }
  EnteredSubmit enter(const LedgerEntry& entry) {
    return std::get<EnteredSubmit>(try_enter(entry));
  }
  bool fits(std::int64_t budget, const LedgerEntry& entry = submit_at(now)) {
    auto entering = try_enter(entry, budget);
    EXPECT_FALSE(std::holds_alternative<Ledger::Busy>(entering));
    auto* entered = std::get_if<EnteredSubmit>(&entering);
    if (entered)
      entered->withdraw();
    return entered;
  }
  Account account() {
    auto read = ledger.read();
    EXPECT_TRUE(read) << read.error().debug;
    return read ? std::move(read).value() : Account();
  }
  std::string month() const { return directory.in("ledger/2026-11"); }
  std::string file_of(const EnteredSubmit& submit) const {
    return directory.in("ledger/" + submit.name() + ".submit");
  }

  TemporaryDirectory directory;
  Ledger ledger{directory.path()};
};

TEST_F(LedgerTest, has_each_submit_as_one_of_unknown_outcome_before_it_is_sent) {
  auto entry = submit_at(now);
  entry.model = "a = b\n[c]; 模型";
  const auto entered = enter(entry);
  const auto submits = account().submits;
  ASSERT_EQ(submits.size(), 1u);
  EXPECT_EQ(submits[0].time, now);
  EXPECT_EQ(submits[0].key, key_of('a'));
  EXPECT_EQ(submits[0].model, entry.model);
  EXPECT_EQ(submits[0].cost, (Money{ten, "CNY"}));
  EXPECT_EQ(submits[0].outcome, SubmitOutcome::unknown);
  EXPECT_EQ(mode_of(month()), mode_t{0700});
  EXPECT_EQ(mode_of(file_of(entered)), mode_t{0600});
}

TEST_F(LedgerTest, has_the_outcome_without_any_descriptor) {
  auto entered = enter(submit_at(now, {}));
  {
    const test_support::DescriptorsTaken all;
    ASSERT_TRUE(entered.settle(SubmitOutcome::accepted, "task-1"));
  }
  const auto submits = account().submits;
  ASSERT_EQ(submits.size(), 1u);
  EXPECT_EQ(submits[0].outcome, SubmitOutcome::accepted);
  EXPECT_EQ(submits[0].task_id, "task-1");
  EXPECT_FALSE(submits[0].cost);
  EXPECT_EQ(names_in(month()).size(), 1u);
}

TEST_F(LedgerTest, forgets_what_was_never_sent) {
  {
    const auto left_alone = enter(submit_at(now));
    enter(submit_at(now)).withdraw();
  }
  EXPECT_EQ(account().submits.size(), 1u);
  EXPECT_EQ(names_in(month()).size(), 1u);
}

TEST_F(LedgerTest, takes_later_news_of_a_submit) {
  const auto name = enter(submit_at(now)).name();
  ASSERT_TRUE(ledger.settle(name, {.outcome = SubmitOutcome::accepted, .task_id = "t"}));
  ASSERT_TRUE(ledger.settle(name, {.usage_seconds = 4.5}));
  const auto submit = account().submits.at(0);
  EXPECT_EQ(submit.task_id, "t");
  EXPECT_EQ(submit.outcome, SubmitOutcome::accepted);
  EXPECT_EQ(submit.usage_seconds, 4.5);
  EXPECT_FALSE(ledger.settle("2026-11/000000000000-0123456789abcdef", {.usage_seconds = 1}));
}

TEST_F(LedgerTest, looks_for_a_submit_nowhere_else) {
  write_file(directory.in("x.submit"), encode_entry(submit_at(now)));
  const auto before = read_file(directory.in("x.submit"));
  for (const char* name : {"../x", "2026-11/../../x", "x", "", "2026-11/x"})
    EXPECT_TRUE(ledger.settle(name, {.usage_seconds = 1})) << name;
  EXPECT_EQ(read_file(directory.in("x.submit")), before);
}

TEST_F(LedgerTest, admits_up_to_the_budget_exactly) {
  enter(submit_at(now - 5));
  enter(submit_at(now - 4));
  EXPECT_FALSE(fits(3 * ten - 1));
  EXPECT_TRUE(fits(3 * ten));
  const auto over = try_enter(submit_at(now), 2 * ten);
  ASSERT_TRUE(std::holds_alternative<Ledger::OverBudget>(over));
  EXPECT_EQ(std::get<Ledger::OverBudget>(over).spent.micros, 2 * ten);
  EXPECT_EQ(std::get<Ledger::OverBudget>(over).spent.submits, 2u);
  EXPECT_EQ(account().submits.size(), 2u);
}

TEST_F(LedgerTest, counts_the_last_day_and_what_comes_from_the_future) {
  enter(submit_at(now - a_day - 1));
  EXPECT_TRUE(fits(ten));
  enter(submit_at(now - a_day));
  EXPECT_FALSE(fits(ten));
  EXPECT_TRUE(fits(2 * ten));
  enter(submit_at(now + 400 * a_day));
  EXPECT_FALSE(fits(2 * ten));
}

TEST_F(LedgerTest, counts_a_submit_of_unknown_outcome_and_none_that_was_refused) {
  enter(submit_at(now)).settle(SubmitOutcome::refused, {}).ok();
  EXPECT_TRUE(fits(ten));
  enter(submit_at(now));
  EXPECT_FALSE(fits(ten));
}

TEST_F(LedgerTest, admits_nothing_beside_a_submit_of_unknown_cost) {
  enter(submit_at(now - a_day - 1, {}));
  EXPECT_TRUE(fits(ten));
  enter(submit_at(now, {}));
  EXPECT_FALSE(fits(1000 * ten));
}

TEST_F(LedgerTest, cannot_add_another_currency) {
  enter(submit_at(now, Money{1, "USD"}));
  EXPECT_FALSE(fits(1000 * ten));
}

TEST_F(LedgerTest, takes_a_damaged_file_for_a_submit_of_unknown_cost) {
  const auto path = file_of(enter(submit_at(now)));
  const auto whole = read_file(path);
  for (const auto& text : {whole.substr(0, whole.size() - 5), std::string(),
                           std::string("\xff\0", 2), std::string(100'000, '#')}) {
    write_file(path, text);
    EXPECT_FALSE(fits(1000 * ten));
    const auto read = account();
    EXPECT_TRUE(read.submits.empty());
    ASSERT_EQ(read.damaged.size(), 1u);
    EXPECT_EQ(read.damaged[0], (std::pair<std::string, std::string>("2026-11-30", path)));
  }
}

TEST_F(LedgerTest, admits_nothing_where_a_listing_is_cut) {
  enter(submit_at(now)).withdraw();
  listings_are_cut = true;
  const auto entering = ledger.enter(submit_at(now), ten);
  listings_are_cut = false;
  ASSERT_FALSE(entering);
  EXPECT_EQ(entering.error().code, ErrorCode::open_read);
  EXPECT_TRUE(account().submits.empty());
}

TEST_F(LedgerTest, takes_no_file_that_cannot_be_read_for_a_damaged_one) {
  enter(submit_at(now));
  // For a directory, not for a file in it.
  const test_support::DescriptorsTaken all_but(1);
  const auto sum = sum_since(ledger.directory(), "", now - a_day, "CNY", now);
  ASSERT_FALSE(sum);
  EXPECT_EQ(sum.error().code, ErrorCode::too_many_files);
}

TEST_F(LedgerTest, is_busy_while_another_process_checks) {
  ASSERT_TRUE(fits(ten));
  std::filesystem::create_directories(ledger.directory());
  const HolderProcess holder(ledger.directory());
  ASSERT_TRUE(holder.has_lock());
  EXPECT_TRUE(std::holds_alternative<Ledger::Busy>(try_enter(submit_at(now), ten)));
  EXPECT_TRUE(std::holds_alternative<EnteredSubmit>(try_enter(submit_at(now))));
}

// Another machine's, which has not decided yet.
TEST_F(LedgerTest, waits_for_a_submit_that_may_be_withdrawn) {
  enter(submit_at(now)).withdraw();
  const auto reserved = month() + "/" + new_submit_name(now) + ".new";
  write_file(reserved, encode_entry(submit_at(now)));
  EXPECT_TRUE(std::holds_alternative<Ledger::Busy>(try_enter(submit_at(now), ten)));
  EXPECT_TRUE(fits(2 * ten));
  const timespec long_ago[2] = {{1, 0}, {1, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, reserved.c_str(), long_ago, 0), 0);
  EXPECT_TRUE(fits(ten));
  EXPECT_TRUE(account().submits.empty());
}

// Another machine's, between steps 1 and 3.
TEST_F(LedgerTest, counts_a_submit_that_is_entered_during_the_look) {
  enter(submit_at(now)).withdraw();
  constexpr int rounds = 30, submits = 100;
  for (int round = 0; round < rounds; ++round) {
    const auto there = month() + "/";
    for (int i = 0; i < submits; ++i)
      write_file(there + new_submit_name(now) + ".new", encode_entry(submit_at(now)));
    auto names = names_in(month());
    std::latch start(2);
    std::thread other([&] {
      // In another order than the look: they meet often.
      std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) {
        return std::hash<std::string>()(a) < std::hash<std::string>()(b);
      });
      start.arrive_and_wait();
      for (const auto& name : names)
        std::filesystem::rename(there + name, there + name.substr(0, name.find('.')) + ".submit");
    });
    start.arrive_and_wait();
    const auto sum = sum_since(ledger.directory(), "", now - a_day, "CNY", 0);
    other.join();
    ASSERT_TRUE(sum);
    ASSERT_EQ(sum->together().submits, unsigned{submits}) << round;
    std::filesystem::remove_all(month());
    std::filesystem::create_directory(month());
  }
}

TEST_F(LedgerTest, starts_again_after_a_suspend) {
  enter(submit_at(now)).withdraw();
  for (const int looks : {1, 2}) {  // before the renaming and after it
    looks_before_suspend = looks;
    EXPECT_TRUE(std::holds_alternative<Ledger::Busy>(try_enter(submit_at(now), ten)));
    EXPECT_LT(looks_before_suspend, 0);
    EXPECT_TRUE(names_in(month()).empty());
  }
}

TEST_F(LedgerTest, enters_nothing_where_the_disk_is_full) {
  TinyDisk disk("size=64k");
  if (!disk.why_not().empty())
    GTEST_SKIP() << disk.why_not();
  const Ledger there(disk.path());
  ASSERT_TRUE(there.enter(submit_at(now), {}));

  disk.fill_up();
  const auto entering = there.enter(submit_at(now), {});
  ASSERT_FALSE(entering);
  EXPECT_EQ(entering.error().code, ErrorCode::open_write);
  disk.free_up();
  EXPECT_EQ(there.read()->submits.size(), 1u);
}

}  // namespace
}  // namespace modelverse::store
