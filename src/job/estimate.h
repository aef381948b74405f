// SPDX-License-Identifier: LGPL-2.1-or-later
// Words and numbers for a person who waits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/record.h"

namespace modelverse::job {

// How long this user's tasks of the same service, model, resolution and duration took: the median
// of the latest ones, in seconds. Nothing where none has finished yet.
std::optional<int> learned_seconds(const std::vector<Record>& earlier, const Record& like);

// 0 to 99: steady up to 95 at the usual time, then ever slower, never 100 before it is true.
int generation_percent(std::int64_t elapsed_seconds, int usual_seconds);

// "Generating: Running, 35 s of about 90 s", or "..., 120 s, longer than the usual 90 s".
std::string generation_text(const std::string& status, std::int64_t elapsed_seconds,
                            int usual_seconds);

// "Downloading: 3.2 of 14.0 MB", or "Downloading: 3.2 MB" where `size` is 0.
std::string download_text(std::uint64_t bytes, std::uint64_t size);

}  // namespace modelverse::job
