// SPDX-License-Identifier: LGPL-2.1-or-later
// Whole lives of a job on a disk that fails, or in a process that dies, at a chosen call. The
// service behind it is fair, and counts what it is paid for in memory that a forked child shares.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "bench.h"
#include "support/disk_faults.h"

namespace modelverse::job::test {

struct DiskBench;

// What came of one life.
struct End {
  std::optional<Error> error;
  std::string served;
  std::vector<Error> warnings;
  bool was_cache_hit = false;  // without a request
};

// How a life begins: what an earlier one left, and what is wanted.
struct Scenario {
  const char* name;
  void (*prepare)(DiskBench&);
  CacheMode mode = CacheMode::reuse;
  unsigned url_index = 0;
  bool fails = false;  // the service makes nothing of a new task
  unsigned least_posts = 0;
  unsigned most_posts = 0;
};
void nothing_left(DiskBench&);
void clip_left(DiskBench& bench);
void damaged_clip_left(DiskBench& bench);
inline const Scenario refreshed{
    .name = "refreshed", .prepare = clip_left, .mode = CacheMode::refresh, .most_posts = 1};
inline const Scenario repaired{.name = "repaired", .prepare = damaged_clip_left};
inline const Scenario other_index{.name = "other_index", .prepare = clip_left, .url_index = 1};
// Refused, or the clip of before was served with a warning.
bool is_unknown(const End& end);
inline void PrintTo(const Scenario& scenario, std::ostream* out) {
  *out << scenario.name;
}

struct DiskBench : Bench, testing::WithParamInterface<Scenario> {
  DiskBench();

  // A new key with an empty cache, as the scenario wants it.
  void begin_anew();
  // A life of its own, to its end.
  End live();
  // A life in a process of its own, which dies just before its call of this number. False: it came
  // to its end before.
  bool live_and_die_at(std::size_t number);
  // How many calls change files whose path begins so, in an undisturbed life.
  std::size_t count_calls(const std::string& path);
  // The life after: nothing is wrong any more, and any clip will do.
  End live_well();

  unsigned posts() const { return *posts_; }
  unsigned bought_before() const { return bought_before_; }
  // More than a block of the clip's file, and each other than its neighbour.
  const std::string& clip(unsigned index) const { return clips_.at(index); }

 private:
  Scene serve(const http::HttpRequest& request);

  static constexpr std::size_t least_size = 270'000;
  const std::vector<std::string> clips_ = {mp4(least_size, true), mp4(least_size + 1, true),
                                           mp4(least_size + 2, true), mp4(least_size + 3, true)};
  std::shared_ptr<unsigned> posts_;
  unsigned bought_before_ = 0;
  int lives_ = 0;
};

}  // namespace modelverse::job::test
