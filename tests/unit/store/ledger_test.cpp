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
#include <utility>

#include "store/ledger_walk.h"
#include "store_support.h"
#include "support/descriptors.h"

namespace {
bool listings_are_cut = false;
bool next_name_is_missed = false;  // as one that is renamed during the listing may be
std::function<void()> after_next_listing;
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
  dirent* file = next(directory);
  if (next_name_is_missed && file && file->d_name[0] != '.') {
    next_name_is_missed = false;
    file = next(directory);
  }
  if (listings_are_cut && !file)
    errno = EIO;
  if (const auto call = file ? nullptr : std::exchange(after_next_listing, nullptr))
    call();
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

  // As versions before this one named it: without the estimate.
  std::string leave_earlier(const LedgerEntry& entry) const {
    const auto name = "2026-11/" + new_submit_name({.time = entry.time});
    std::filesystem::create_directories(month());
    write_file(directory.in("ledger/" + name + ".submit"), encode_entry(entry));
    return name;
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
  const auto before = file_content(directory.in("x.submit"));
  for (const char* name : {"../x", "2026-11/../../x", "x", "", "2026-11/x"})
    EXPECT_TRUE(ledger.settle(name, {.usage_seconds = 1})) << name;
  EXPECT_EQ(file_content(directory.in("x.submit")), before);
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
  ASSERT_TRUE(enter(submit_at(now)).settle(SubmitOutcome::refused, {}));
  EXPECT_TRUE(fits(ten));
  EXPECT_TRUE(account().submits.empty());
  ASSERT_EQ(names_in(month()).size(), 1u);
  const auto file = month() + "/" + names_in(month()).front();
  EXPECT_EQ(decode_entry(file_content(file))->outcome, SubmitOutcome::refused);
  // A crash may leave it so.
  write_file(file, encode_entry(submit_at(now)));
  EXPECT_TRUE(fits(ten));
  EXPECT_TRUE(account().submits.empty());
  const auto name = enter(submit_at(now)).name();
  EXPECT_FALSE(fits(ten));
  ASSERT_TRUE(ledger.settle(name, {.outcome = SubmitOutcome::refused}));
  EXPECT_TRUE(fits(ten));
}

TEST_F(LedgerTest, counts_by_the_names_of_the_files_alone) {
  enter(submit_at(now - 5));
  enter(submit_at(now - 4, Money{1, "USD"}));
  const test_support::DescriptorsTaken all_but(1);  // for a directory, not for a file in it
  const auto sum = sum_since(ledger.directory(), "", now - a_day, "CNY", now);
  ASSERT_TRUE(sum);
  EXPECT_EQ(sum->entered.submits, 2u);
  EXPECT_EQ(sum->entered.micros, ten);
  EXPECT_EQ(sum->entered.unknown, 1u);
}

TEST_F(LedgerTest, reads_the_files_of_earlier_versions) {
  const auto name = leave_earlier(submit_at(now));
  enter(submit_at(now));
  EXPECT_FALSE(fits(3 * ten - 1));
  EXPECT_TRUE(fits(3 * ten));
  EXPECT_EQ(account().submits.size(), 2u);
  ASSERT_TRUE(ledger.settle(name, {.outcome = SubmitOutcome::refused}));
  EXPECT_TRUE(fits(2 * ten));
  EXPECT_EQ(account().submits.size(), 1u);
  auto refused = submit_at(now);
  refused.outcome = SubmitOutcome::refused;
  leave_earlier(refused);
  EXPECT_TRUE(fits(2 * ten));
}

TEST_F(LedgerTest, takes_an_estimate_in_a_name_only_if_it_is_one) {
  constexpr const char* valid = "001796033505-0123456789abcdef-8560000CNY.submit";
  const auto parsed = parse_submit_name(valid);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->time, now);
  EXPECT_EQ(parsed->random, 0x0123456789abcdefu);
  EXPECT_EQ(parsed->micros, 8'560'000);
  EXPECT_EQ(parsed->currency, "CNY");
  EXPECT_EQ(parsed->submit, "001796033505-0123456789abcdef-8560000CNY");
  EXPECT_EQ(parsed->suffix, ".submit");
  for (const char* more : {"", "-", "-CNY", "-5", "-5cny", "-5CNYX", "--5CNY", "- 5CNY", "x5CNY",
                           "-99999999999999999999CNY"}) {
    const auto other = parse_submit_name(
        ("001796033505-0123456789abcdef" + std::string(more) + ".submit").c_str());
    ASSERT_TRUE(other) << more;
    EXPECT_FALSE(other->micros) << more;
  }
  for (const char* other : {"", "lock", "1796033505-0123456789abcdef.submit",
                            "001796033505-0123456789abcdeg.submit", "001796033505.submit"})
    EXPECT_FALSE(parse_submit_name(other)) << other;
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
  const auto path = directory.in("ledger/" + leave_earlier(submit_at(now)) + ".submit");
  const auto whole = file_content(path);
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

TEST_F(LedgerTest, knows_the_cost_of_a_damaged_file_by_its_name) {
  const auto path = file_of(enter(submit_at(now)));
  write_file(path, "?");
  EXPECT_FALSE(fits(2 * ten - 1));
  EXPECT_TRUE(fits(2 * ten));
  ASSERT_EQ(account().damaged.size(), 1u);
  EXPECT_EQ(account().damaged[0].second, path);
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
  leave_earlier(submit_at(now));
  const test_support::DescriptorsTaken all_but(1);  // for a directory, not for a file in it
  const auto sum = sum_since(ledger.directory(), "", now - a_day, "CNY", now);
  ASSERT_FALSE(sum);
  EXPECT_EQ(sum.error().code, ErrorCode::too_many_files);
}

// A directory, since the tests may run as root, who can read all files.
TEST_F(LedgerTest, names_a_file_that_cannot_be_read_and_what_to_do) {
  const auto path = month() + "/" + new_submit_name({.time = now}) + ".submit";
  std::filesystem::create_directories(path);
  const auto entering = ledger.enter(submit_at(now), 1000 * ten);
  ASSERT_FALSE(entering);
  EXPECT_EQ(entering.error().code, ErrorCode::open_read);
  for (const auto& word : {path, std::string("daily-budget"), std::string("move it out")})
    EXPECT_NE(entering.error().text.find(word), std::string::npos) << entering.error().text;
  EXPECT_TRUE(ledger.enter(submit_at(now), {}));
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
  const auto reserved = month() + "/" + new_submit_name(submit_at(now)) + ".new";
  write_file(reserved, encode_entry(submit_at(now)));
  EXPECT_TRUE(std::holds_alternative<Ledger::Busy>(try_enter(submit_at(now), ten)));
  EXPECT_TRUE(fits(2 * ten));
  set_time(reserved, 1);
  EXPECT_TRUE(fits(ten));
  EXPECT_TRUE(account().submits.empty());
}

TEST_F(LedgerTest, counts_a_submit_that_a_listing_misses) {
  const auto entered = enter(submit_at(now));
  after_next_listing = [] { next_name_is_missed = true; };  // behind that of the months
  const auto sum = sum_since(ledger.directory(), "", now - a_day, "CNY", now);
  EXPECT_FALSE(std::exchange(next_name_is_missed, false));
  ASSERT_TRUE(sum);
  EXPECT_EQ(sum->entered.submits, 1u);
}

TEST_F(LedgerTest, counts_a_submit_once_that_is_entered_between_the_listings) {
  enter(submit_at(now)).withdraw();
  const auto name = month() + "/" + new_submit_name(submit_at(now));
  write_file(name + ".new", encode_entry(submit_at(now)));
  // Behind the months, and behind the first look at the files.
  after_next_listing = [&] {
    after_next_listing = [&] { std::filesystem::rename(name + ".new", name + ".submit"); };
  };
  const auto sum = sum_since(ledger.directory(), "", now - a_day, "CNY", now);
  EXPECT_TRUE(is_there(name + ".submit"));
  ASSERT_TRUE(sum);
  EXPECT_EQ(sum->together().submits, 1u);
  EXPECT_EQ(sum->entered.micros, ten);
}

// Another machine's, between steps 1 and 3.
TEST_F(LedgerTest, counts_a_submit_that_is_entered_during_the_look) {
  enter(submit_at(now)).withdraw();
  constexpr int rounds = 30, submits = 100;
  for (int round = 0; round < rounds; ++round) {
    const auto there = month() + "/";
    for (int i = 0; i < submits; ++i)
      write_file(there + new_submit_name(submit_at(now)) + ".new", encode_entry(submit_at(now)));
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
