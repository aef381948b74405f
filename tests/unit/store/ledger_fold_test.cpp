// SPDX-License-Identifier: LGPL-2.1-or-later
// Months that are more than 13 months old become sums; a crash at any step loses and doubles none.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <numeric>
#include <set>
#include <string>
#include <string_view>

#include "store/ledger.h"
#include "store_support.h"

namespace {
bool sums_are_late = false;
}  // namespace

// Instead of libc's: what another machine has written may not be visible yet.
int lstat(const char* path, struct stat* info) noexcept {
  if (sums_are_late && std::string_view(path).ends_with(".sum")) {
    errno = ENOENT;
    return -1;
  }
  return ::fstatat(AT_FDCWD, path, info, AT_SYMLINK_NOFOLLOW);
}

namespace modelverse::store {
namespace {

using namespace test;

constexpr std::int64_t today = 1'796'033'505;      // 2026-11-30
constexpr std::int64_t october = 1'761'955'199;    // 2025-10-31 23:59:59
constexpr std::int64_t september = 1'759'276'799;  // 2025-09-30 23:59:59

struct Folding : testing::Test {
  void submit(std::int64_t time, std::optional<Money> cost, SubmitOutcome outcome) {
    auto entering = ledger.enter(
        {.time = time, .key = key_of('a'), .model = "acme/x", .cost = std::move(cost)}, {});
    ASSERT_TRUE(entering);
    ASSERT_TRUE(std::get<EnteredSubmit>(*entering).settle(outcome, "t"));
  }
  void fill_september() {
    submit(september, Money{3, "CNY"}, SubmitOutcome::accepted);
    submit(september, Money{4, "CNY"}, SubmitOutcome::unknown);
    submit(september, Money{5, "CNY"}, SubmitOutcome::refused);
    submit(september, {}, SubmitOutcome::accepted);
    make_september_old();
  }
  // As if it had been written long ago.
  void make_september_old() {
    const auto path = ledger.directory() + "/2025-09";
    for (const auto& name : names_in(path))
      set_time(path + "/" + name, 1);
    set_time(path, 1);
  }
  std::vector<std::string> names() const { return names_in(ledger.directory()); }
  // Sorted, and the number of the other submits.
  std::string sums() {
    auto account = ledger.read();
    EXPECT_TRUE(account);
    std::set<std::string> lines;
    for (const auto& [month, sum] : account->months)
      lines.insert(month + " " + sum.model + " " + sum.currency + " " +
                   std::to_string(sum.submits) + "/" + std::to_string(sum.submits_unknown) + " " +
                   std::to_string(sum.micros) + "; ");
    return std::accumulate(lines.begin(), lines.end(), std::string()) +
           std::to_string(account->submits.size());
  }

  TemporaryDirectory directory;
  Ledger ledger{directory.path()};
};

constexpr const char* folded = "2025-09 acme/x  1/0 0; 2025-09 acme/x CNY 2/1 7; ";

TEST_F(Folding, keeps_the_last_13_months_and_sums_up_the_rest) {
  fill_september();
  submit(october, Money{1, "CNY"}, SubmitOutcome::accepted);
  submit(today, Money{1, "CNY"}, SubmitOutcome::accepted);
  ledger.fold(today);
  EXPECT_EQ(sums(), std::string(folded) + "2");
  EXPECT_EQ(names().size(), 3u);
  ledger.fold(today);
  EXPECT_EQ(sums(), std::string(folded) + "2");
}

TEST_F(Folding, leaves_a_month_that_is_old_only_by_a_wrong_clock) {
  submit(september, Money{1, "CNY"}, SubmitOutcome::accepted);
  ledger.fold(today);
  EXPECT_EQ(sums(), "1");
  EXPECT_EQ(names(), std::vector<std::string>{"2025-09"});
  // The newest decides.
  fill_september();
  submit(september, Money{1, "CNY"}, SubmitOutcome::accepted);
  ledger.fold(today);
  EXPECT_EQ(sums(), "5");
}

TEST_F(Folding, goes_on_where_a_crash_left_it) {
  fill_september();
  const auto month = ledger.directory() + "/2025-09";
  const auto aside = month + ".0123456789abcdef";
  std::filesystem::rename(month, aside);
  EXPECT_EQ(sums(), "3");
  // The files of a directory with a sum no longer count, removed or not.
  std::filesystem::copy(aside, month);
  make_september_old();
  ledger.fold(today);
  std::filesystem::remove_all(ledger.directory() + "/2025-09");
  EXPECT_EQ(names().size(), 2u);  // one sum each
  for (const auto& name : names())
    if (name.starts_with("2025-09.") && !name.starts_with("2025-09.0123"))
      std::filesystem::remove(ledger.directory() + "/" + name);
  EXPECT_EQ(sums(), std::string(folded) + "0");
  std::filesystem::create_directory(aside);
  write_file(aside + "/001759276799-0123456789abcdef.submit", "rest");
  EXPECT_EQ(sums(), std::string(folded) + "0");
  ledger.fold(today);
  EXPECT_FALSE(is_there(aside));
  EXPECT_EQ(sums(), std::string(folded) + "0");
}

// It would be one of the files that the other one has not removed yet.
TEST_F(Folding, replaces_no_sum_of_another_machine) {
  fill_september();
  const auto month = ledger.directory() + "/2025-09";
  const auto aside = month + ".0123456789abcdef";
  std::filesystem::rename(month, aside);
  ledger.fold(today);
  ASSERT_EQ(sums(), std::string(folded) + "0");
  std::filesystem::create_directory(aside);
  const LedgerEntry last{.time = september, .key = key_of('a'), .model = "acme/x"};
  write_file(aside + "/" + new_submit_name(last) + ".submit", encode_entry(last));
  sums_are_late = true;
  ledger.fold(today);
  sums_are_late = false;
  EXPECT_EQ(sums(), std::string(folded) + "0");
  EXPECT_FALSE(is_there(aside));
}

TEST_F(Folding, waits_where_a_file_cannot_be_read) {
  fill_september();
  const auto unreadable =
      ledger.directory() + "/2025-09/" + new_submit_name({.time = september}) + ".submit";
  std::filesystem::create_directory(unreadable);
  make_september_old();
  ledger.fold(today);
  EXPECT_EQ(sums(), "3");
  const auto aside = names().front();
  std::filesystem::remove(ledger.directory() + "/" + aside +
                          unreadable.substr(unreadable.rfind('/')));
  ledger.fold(today);
  EXPECT_EQ(sums(), std::string(folded) + "0");
}

TEST_F(Folding, counts_a_damaged_file) {
  fill_september();
  const auto month = ledger.directory() + "/2025-09/";
  const auto files = names_in(month);
  write_file(month + *std::ranges::find_if(
                         files, [](const auto& name) { return name.ends_with("CNY.submit"); }),
             "?");
  make_september_old();
  ledger.fold(today);
  const auto account = ledger.read();
  const auto nameless = std::ranges::find(
      account->months, "", [](const auto& month_and_sum) { return month_and_sum.second.model; });
  ASSERT_NE(nameless, account->months.end());
  EXPECT_EQ(nameless->second.submits, 1u);
  EXPECT_EQ(nameless->second.submits_without_cost, 1u);
}

}  // namespace
}  // namespace modelverse::store
