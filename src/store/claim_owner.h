// SPDX-License-Identifier: LGPL-2.1-or-later
// The process that made a claim, as the claim's file names it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace modelverse::store {

struct ClaimOwner {
  std::string id;    // random, of one claim; empty: the file could not be read
  std::string host;  // for people
  std::int64_t pid = 0;
  std::chrono::seconds lease = std::chrono::hours(1);  // see claim.h
  // Where the process runs: hashes of the machine and of its boot; the namespace of its pids; its
  // start in clock ticks. A pid alone may be another process by now.
  std::string machine;
  std::string boot;
  std::string pid_namespace;
  std::string start;
};

ClaimOwner this_process(std::chrono::seconds lease);

std::string encode_owner(const ClaimOwner& owner);
// Members that cannot be read keep their defaults.
ClaimOwner decode_owner(const std::string& text);

enum class Life { ended, running, unknown };
// Unknown: of another machine or container.
Life life_of(const ClaimOwner& owner);

// "render-07, pid 4711". In English: also for programs.
std::string shown_owner(const ClaimOwner& owner);

}  // namespace modelverse::store
