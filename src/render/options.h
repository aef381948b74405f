// SPDX-License-Identifier: LGPL-2.1-or-later
// The command line of modelverse-render.
#pragma once

#include <cstddef>
#include <string>

namespace modelverse::render {

struct Options {
  std::string list;       // path of the shot list
  std::string directory;  // for the clips; empty: they stay in the cache
  std::string film;       // path of the film; empty: none
  double transition = 0;  // s
  int jobs = 4;
  std::size_t shard = 1;  // from 1
  std::size_t shards = 1;
  double max_cost = 0;      // 0: no limit
  double daily_budget = 0;  // 0: no limit of the command line's
  bool is_dry_run = false;
  bool json = false;
  bool version = false;
};

// The error in the command line, or empty. --help prints and exits.
std::string read_options(int argc, char** argv, Options& options);

}  // namespace modelverse::render
