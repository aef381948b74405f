// SPDX-License-Identifier: LGPL-2.1-or-later
// The command line of modelverse-tasks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace modelverse::tool {

struct Options {
  std::string command;             // one that is known, unless `version`
  std::vector<std::string> names;  // keys, beginnings of keys, tasks
  std::string cache_dir;           // as the property of the elements; empty: the usual one
  bool json = false;
  bool tsv = false;
  bool force = false;
  bool dry_run = false;
  bool markdown = false;
  bool rows = false;
  bool version = false;
  std::optional<std::uint64_t> max_size;   // bytes
  std::optional<std::int64_t> older_than;  // s
};

// What is wrong with the command line, or nothing. --help prints and exits.
std::string read_options(int argc, char** argv, Options& options);

}  // namespace modelverse::tool
