// SPDX-License-Identifier: LGPL-2.1-or-later
// A ledger of ten thousand submits: how long the check of the daily budget takes before a submit,
// and how long the whole account takes to read.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "record.h"
#include "store/ledger.h"
#include "store/ledger_walk.h"
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
    std::ofstream(month + new_submit_name(entry.time) + submit_suffix) << encode_entry(entry);
  }
}

template <typename Work>
double median_ms(Work work) {
  std::vector<double> times;
  for (int i = 0; i < 21; ++i) {
    const auto before = std::chrono::steady_clock::now();
    work();
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - before)
            .count());
  }
  std::nth_element(times.begin(), times.begin() + 10, times.end());
  return times[10];
}

void measure(const char* name, std::int64_t seconds) {
  const test_support::ScratchDirectory directory;
  const Ledger ledger(directory.path());
  fill(ledger.directory(), seconds);
  const auto check =
      median_ms([&] { (void)sum_since(ledger.directory(), {}, now - a_day, "CNY", now); });
  const auto enter = median_ms([&] {
    auto entering = ledger.enter({.time = now, .cost = modelverse::Money{1, "CNY"}}, INT64_MAX);
    std::get<EnteredSubmit>(*entering).withdraw();
  });
  const auto read = median_ms([&] { (void)ledger.read(); });
  std::printf("%-22s check %.2f ms, check and entry on the disk %.2f ms, whole account %.1f ms\n",
              name, check, enter, read);
  test_support::record("\"bench\": \"ledger\", \"name\": \"" + std::string(name) +
                       "\", \"check_ms\": " + std::to_string(check) + ", \"enter_ms\": " +
                       std::to_string(enter) + ", \"read_ms\": " + std::to_string(read));
}

}  // namespace

int main() {
  std::printf("%d submits\n", submits);
  measure("in a year", 365 * a_day);
  measure("in the last 24 hours", a_day);
  return 0;
}
