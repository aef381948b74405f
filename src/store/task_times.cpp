// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/task_times.h"

#include <algorithm>
#include <cstdint>
#include <sstream>

#include "api/sha256.h"
#include "store/io.h"
#include "store/ledger_walk.h"

namespace modelverse::store {
namespace {

constexpr std::size_t kept_times = 100;
constexpr std::int64_t a_day = 24 * 3600;  // a longer time comes from a wrong clock

struct Times {
  std::int64_t submit = 0;
  std::int64_t finish = 0;
  bool operator==(const Times&) const = default;
  bool is_plausible() const { return submit > 0 && finish > submit && finish - submit < a_day; }
};

std::string directory_of(const std::string& cache_dir) {
  return cache_dir + "/times";
}

std::string file_name(const Record& like) {
  api::Sha256 sum;
  for (const auto& part : {like.origin, like.model, like.resolution, std::to_string(like.duration)})
    sum.feed(part + '\n');
  return sum.hex();
}

std::vector<Times> read(const std::string& directory, const Record& like) {
  const Fd fd = try_open_directory(directory);
  const Result<std::string> text =
      fd ? read_small_file(fd.get(), file_name(like), directory) : Result<std::string>("");
  std::vector<Times> all;
  std::istringstream lines(text ? *text : "");
  for (Times next; lines >> next.submit >> next.finish;) {
    if (next.is_plausible())
      all.push_back(next);
  }
  return lines.eof() ? all : std::vector<Times>();
}

}  // namespace

std::vector<double> read_task_times(const std::string& cache_dir, const Record& like) {
  std::vector<double> seconds;
  for (const Times& times : read(directory_of(cache_dir), like))
    seconds.push_back(static_cast<double>(times.finish - times.submit));
  return seconds;
}

void add_task_time(const std::string& cache_dir, const Record& task) {
  const Times latest{task.submit_time, task.finish_time};
  const std::string directory = directory_of(cache_dir);
  if (task.model.empty() || !latest.is_plausible() || !make_directories(directory))
    return;
  std::vector<Times> all = read(directory, task);
  // A resumed task was added when its success was first seen.
  if (std::ranges::find(all, latest) != all.end())
    return;
  all.push_back(latest);
  std::ostringstream text;
  for (auto times = all.end() - static_cast<std::ptrdiff_t>(std::min(all.size(), kept_times));
       times != all.end(); ++times)
    text << times->submit << ' ' << times->finish << '\n';
  if (const Fd fd = try_open_directory(directory))
    (void)replace_file(fd.get(), file_name(task), directory, text.str());
}

}  // namespace modelverse::store
