// SPDX-License-Identifier: LGPL-2.1-or-later
// Estimates and texts for progress messages.
#pragma once

#include <cstdint>
#include <string>

namespace modelverse::job {

// 0 to 99: linear up to 95 at the usual time, then ever slower. Never 100 before the task ends.
int generation_percent(std::int64_t elapsed_seconds, int usual_seconds);

// "Generating: Running, 35 s of about 90 s", or "..., 120 s, longer than the usual 90 s".
std::string generation_text(const std::string& status, std::int64_t elapsed_seconds,
                            int usual_seconds);

// "Downloading: 3.2 of 14.0 MB", or "Downloading: 3.2 MB" where `size` is 0.
std::string download_text(std::uint64_t bytes, std::uint64_t size);

}  // namespace modelverse::job
