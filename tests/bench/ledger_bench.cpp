// SPDX-License-Identifier: LGPL-2.1-or-later
// A ledger of ten thousand submits: how long the check of the daily budget takes before a submit,
// and how long the whole account takes to read, also for modelverse-tasks.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "record.h"
#include "store/ledger.h"
#include "store/ledger_walk.h"
#include "support/process.h"
#include "support/scratch_directory.h"

namespace {

using namespace modelverse::store;

constexpr int submits = 10'000;
constexpr std::int64_t now = 1'796'033'505;  // 2026-11-30
constexpr std::int64_t a_day = 24 * 3600;

void fill(const std::string& directory, std::int64_t seconds) {
  for (int i = 0; i < submits; ++i) {
    LedgerEntry entry{.time = now - seconds * i / submits,
                      .key = std::string(64, 'a'),
                      .model = "openai/sora-2/image-to-video-pro",
                      .cost = modelverse::Money{8'560'000, "CNY"},
                      .outcome = SubmitOutcome::accepted,
                      .task_id = "0123456789abcdef0123456789abcdef"};
    const auto month = directory + "/" + month_of(entry.time) + "/";
    std::filesystem::create_directories(month);
    std::ofstream(month + new_submit_name(entry) + submit_suffix) << encode_entry(entry);
  }
}

struct Times {
  double wall = 0;  // ms
  double processor = 0;
};

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

double processor_ms() {
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage = {};
    ::getrusage(who, &usage);
    sum += milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
  }
  return sum;
}

// Medians.
template <typename Work>
Times measure(Work work) {
  constexpr std::size_t rounds = 21;
  std::vector<double> walls, processors;
  for (std::size_t i = 0; i < rounds; ++i) {
    const auto before = std::chrono::steady_clock::now();
    const auto processor_before = processor_ms();
    work();
    processors.push_back(processor_ms() - processor_before);
    walls.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - before)
            .count());
  }
  for (auto* times : {&walls, &processors})
    std::nth_element(times->begin(), times->begin() + rounds / 2, times->end());
  return {walls[rounds / 2], processors[rounds / 2]};
}

void report(const char* ledger, const char* what, Times times) {
  std::printf("%-18s %-28s %7.2f ms, of the processor %7.2f ms\n", ledger, what, times.wall,
              times.processor);
  test_support::record("\"bench\": \"ledger\", \"name\": \"" + std::string(ledger) + ": " + what +
                       "\", \"wall_ms\": " + std::to_string(times.wall) +
                       ", \"processor_ms\": " + std::to_string(times.processor));
}

// The program as a person calls it.
void run_costs(const std::string& cache, const std::vector<std::string>& more) {
  std::vector<std::string> command = {std::getenv("MODELVERSE_TASKS"), "costs", "--cache-dir",
                                      cache};
  command.insert(command.end(), more.begin(), more.end());
  if (test_support::Process(command, {}).wait().exit_code != 0)
    std::abort();
}

void measure_ledger(const char* name, std::int64_t seconds) {
  const test_support::ScratchDirectory directory;
  const Ledger ledger(directory.path());
  fill(ledger.directory(), seconds);
  report(name, "budget check",
         measure([&] { (void)sum_since(ledger.directory(), {}, now - a_day, "CNY", now); }));
  report(
      name, "check and entry on the disk", measure([&] {
        auto entering = ledger.enter({.time = now, .cost = modelverse::Money{1, "CNY"}}, INT64_MAX);
        std::get<EnteredSubmit>(*entering).withdraw();
      }));
  report(name, "whole account", measure([&] { (void)ledger.read(); }));
  report(name, "modelverse-tasks costs", measure([&] { run_costs(directory.path(), {}); }));
  report(name, "costs --by=day --json", measure([&] {
           run_costs(directory.path(), {"--by=day", "--json"});
         }));
}

}  // namespace

int main() {
  std::printf("%d submits\n", submits);
  measure_ledger("in a year", 365 * a_day);
  measure_ledger("in 24 hours", a_day);
  return 0;
}
