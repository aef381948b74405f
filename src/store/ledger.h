// SPDX-License-Identifier: LGPL-2.1-or-later
// The account of all submits, in `ledger` in the cache directory: what each was estimated to cost,
// and what came of it. It outlives the cache entries: neither eviction nor modelverse-tasks removes
// anything of it.
//
// Each submit has a file of its own, in a directory for each month (UTC). Its name is its time,
// random digits, the estimate where it is known, and a suffix: a look at the last day reads names,
// and opens only the files whose names have no estimate, and those in step 1. The protocol needs
// nothing but what all file systems do alike, also for machines that share the directory: exclusive
// creation, rename(2) and fsync(2).
//
//   step                        what is done                                  a crash after it
//   1 reserve                   2026-11/TIME-RANDOM-COST.new is created with  not a submit; counts
//                               O_EXCL, written and synced                    for a minute
//   2 check, with a budget      the files of the last day are summed, those   the same
//                               in step 1 included: of two that reserve at
//                               the same time, one at least sees the other
//   3 enter                     the file for step 5 is created, with its      a submit of unknown
//                               space reserved; .new is renamed to .submit;   outcome
//                               the directory is synced
//   4 POST                                                                    the same
//   5 settle                    of a refused one, .submit is renamed to       refused
//                               .refused, which does not count
//                               .next is written with the outcome and the     settled
//                               task's id, synced, and replaces .submit or
//                               .refused
//   or withdraw                 .next and .submit are removed: there was no   not a submit
//                               POST
//   fold, after 13 months       2025-10 is renamed to 2025-10.RANDOM, its     the next one that
//                               sums are written to 2025-10.RANDOM.sum, then  folds goes on here
//                               its files are removed. Once the .sum exists,
//                               the directory does not count
//
// One that is over the budget only because of another's step 1 withdraws, waits and tries again:
// the other may withdraw as well. Processes of one machine take turns (flock(2) on `lock`), so this
// is rare. A step 1 that is older than a minute by the file server's clock does not count, and
// whoever needed more than half of that up to the renaming, suspended or not, starts again.
//
// The day is the last 24 hours of the wall clock. A time in the future, after the clock went back,
// counts. A damaged file is a submit of unknown cost, unless its name has the estimate, which is
// all that the budget needs; one that must be read and cannot is an error. A month is folded only
// if its files are more than 13 months old by the file server's clock as well.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/result.h"
#include "store/ledger_file.h"
#include "store/prepared_file.h"

namespace modelverse::store {

// The submits since some time that were not refused.
struct Spent {
  std::int64_t micros = 0;  // their known costs
  std::uint64_t submits = 0;
  std::uint64_t unknown = 0;  // of unknown cost, or in another currency
  std::string unknown_model;  // of one of these, where a file of it was read
};

// A submit between steps 3 and 5. Left alone, it stays of unknown outcome.
class EnteredSubmit {
 public:
  EnteredSubmit(LedgerEntry entry, std::string name, PreparedFile prepared)
      : entry_(std::move(entry)), name_(std::move(name)), prepared_(std::move(prepared)) {}

  // For Ledger::settle(): "2026-11/TIME-RANDOM".
  const std::string& name() const { return name_; }
  // Needs neither a descriptor nor disk space. May be called once.
  Status settle(SubmitOutcome outcome, const std::string& task_id);
  void withdraw();

 private:
  LedgerEntry entry_;
  std::string name_;
  PreparedFile prepared_;
};

// All that the ledger holds.
struct Account {
  std::vector<LedgerEntry> submits;
  std::vector<std::pair<std::string, LedgerSum>> months;     // folded: "2025-10" and a sum of it
  std::vector<std::pair<std::string, std::string>> damaged;  // day or month, and path
};

class Ledger {
 public:
  explicit Ledger(const std::string& cache_dir) : directory_(cache_dir + "/ledger") {}
  const std::string& directory() const { return directory_; }

  struct OverBudget {
    Spent spent;  // without this submit
  };
  struct Busy {};  // another one checks its budget: try again soon
  using Entering = std::variant<EnteredSubmit, OverBudget, Busy>;
  // Steps 1 to 3. `budget` (empty: none) is in millionths of the currency of the entry, whose cost
  // must then be known. Errors: open_write, too_many_files; nothing is entered then.
  Result<Entering> enter(const LedgerEntry& entry, std::optional<std::int64_t> budget) const;

  // Later news of a submit: an outcome that was unknown, or the usage. False: it has no such file.
  struct News {
    std::optional<SubmitOutcome> outcome = {};
    std::string task_id = {};
    double usage_seconds = 0;
  };
  Status settle(const std::string& name, const News& news) const;

  // Error only if the ledger exists and cannot be read.
  Result<Account> read() const;
  // Replaces the files of months that are more than 13 months old by their sums. Errors leave the
  // rest as it is.
  void fold(std::int64_t now) const;

 private:
  struct Reserved;
  Result<Entering> check_and_enter(const LedgerEntry& entry, std::optional<std::int64_t> budget,
                                   Reserved& reserved) const;
  Result<Entering> finish(const LedgerEntry& entry, Reserved& reserved) const;
  void finish_folding(const std::string& name) const;

  std::string directory_;
};

}  // namespace modelverse::store
