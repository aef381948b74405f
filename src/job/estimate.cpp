// SPDX-License-Identifier: LGPL-2.1-or-later
// Estimates and texts of progress messages.
#include "job/estimate.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <utility>

namespace modelverse::job {

namespace {

std::string megabytes(std::uint64_t bytes) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.1f", static_cast<double>(bytes) / 1e6);
  return text.data();
}

// Large enough to smooth out a slow evening, small enough to follow a service that became faster.
constexpr std::size_t learned_from = 9;
constexpr std::int64_t a_day = 24 * 3600;  // a longer time comes from a wrong clock

bool is_alike(const Record& one, const Record& other) {
  return one.origin == other.origin && one.model == other.model &&
         one.resolution == other.resolution && one.duration == other.duration;
}

}  // namespace

std::optional<int> learned_seconds(const std::vector<Record>& earlier, const Record& like) {
  std::vector<std::pair<std::int64_t, std::int64_t>> finished;  // when, after how long
  for (const auto& record : earlier) {
    const auto took = record.finish_time - record.submit_time;
    if (record.state == RecordState::complete && record.submit_time > 0 && took > 0 &&
        took < a_day && is_alike(record, like))
      finished.emplace_back(record.finish_time, took);
  }
  if (like.model.empty() || finished.empty())
    return std::nullopt;
  std::sort(finished.begin(), finished.end(), std::greater<>());
  finished.resize(std::min(finished.size(), learned_from));
  const auto middle = finished.begin() + static_cast<std::ptrdiff_t>(finished.size() / 2);
  std::nth_element(finished.begin(), middle, finished.end(),
                   [](const auto& one, const auto& other) { return one.second < other.second; });
  return static_cast<int>(middle->second);
}

int generation_percent(std::int64_t elapsed_seconds, int usual_seconds) {
  const auto elapsed = static_cast<double>(std::max<std::int64_t>(elapsed_seconds, 0));
  const double usual = std::max(usual_seconds, 1);
  if (elapsed <= usual)
    return static_cast<int>(95 * elapsed / usual);
  return std::min(99, static_cast<int>(95 + 5 * (1 - usual / elapsed)));
}

std::string generation_text(const std::string& status, std::int64_t elapsed_seconds,
                            int usual_seconds) {
  const auto seconds = [](std::int64_t value) { return std::to_string(value) + " s"; };
  std::string text = "Generating: " + status + ", " + seconds(elapsed_seconds);
  if (elapsed_seconds <= usual_seconds)
    return text + " of about " + seconds(usual_seconds);
  return text + ", longer than the usual " + seconds(usual_seconds);
}

std::string download_text(std::uint64_t bytes, std::uint64_t size) {
  std::string text = "Downloading: " + megabytes(bytes);
  if (size > 0)
    text += " of " + megabytes(size);
  return text + " MB";
}

}  // namespace modelverse::job
