// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the ledger's files: those of the last day, or all. See ledger.h.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/result.h"
#include "store/ledger.h"

namespace modelverse::store {

inline constexpr const char* new_suffix = ".new";
inline constexpr const char* submit_suffix = ".submit";
inline constexpr const char* refused_suffix = ".refused";
inline constexpr const char* next_suffix = ".next";
inline constexpr const char* sum_suffix = ".sum";

inline constexpr int reservation_seconds = 60;

struct SpentParts {
  Spent entered;
  Spent pending;  // in step 1
  Spent together() const;
};

// Without the submit `own`. Error: a directory or a file of them cannot be read. `now` is the time
// by the clock that sets the files' times.
Result<SpentParts> sum_since(const std::string& directory, const std::string& own,
                             std::int64_t since, const std::string& currency, std::int64_t now);

// At most 64 KiB; a larger one is damaged (wrong_type).
Result<std::string> read_small_file(int directory, const std::string& name,
                                    const std::string& directory_path);

// Calls `take` with each submit of a directory that was not refused; with an Error for one that is
// damaged (wrong_type) or cannot be read. Skips files that are removed meanwhile.
using TakeSubmit = std::function<void(const char* name, const Result<LedgerEntry>& entry)>;
Status each_submit(const std::string& path, const TakeSubmit& take);

}  // namespace modelverse::store
