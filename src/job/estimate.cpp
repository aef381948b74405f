// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/estimate.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace modelverse::job {

namespace {

std::string megabytes(std::uint64_t bytes) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.1f", static_cast<double>(bytes) / 1e6);
  return text.data();
}

}  // namespace

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
