// SPDX-License-Identifier: LGPL-2.1-or-later
// The command line of modelverse-tasks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tool/costs.h"

namespace modelverse::tool {

struct Options {
  std::string command;             // a valid command, unless `version` or `help`
  std::vector<std::string> names;  // keys, beginnings of keys, task ids
  std::string cache_dir;           // as the elements' property; empty: the default
  bool json = false;
  bool tsv = false;
  bool force = false;
  bool dry_run = false;
  bool markdown = false;
  bool rows = false;
  bool version = false;
  bool help = false;
  CostsQuery costs;
  std::optional<std::uint64_t> max_size;   // bytes
  std::optional<std::int64_t> older_than;  // s
};

// The error in the command line, or empty.
std::string read_options(int argc, char** argv, Options& options);
// At most 24 lines of 80 columns.
std::string help_text();

}  // namespace modelverse::tool
