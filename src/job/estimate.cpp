// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/estimate.h"

#include <algorithm>

#include "glib/text.h"

namespace modelverse::job {

namespace {

// Not printf: its decimal point is the locale's.
std::string megabytes(std::uint64_t bytes) {
  const auto tenths = bytes / 100'000 + (bytes % 100'000 >= 50'000 ? 1 : 0);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
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
  return format_text(elapsed_seconds <= usual_seconds
                         ? _("Generating: %s, %s s of about %d s")
                         : _("Generating: %s, %s s, longer than the usual %d s"),
                     status.c_str(), std::to_string(elapsed_seconds).c_str(), usual_seconds);
}

std::string download_text(std::uint64_t bytes, std::uint64_t size) {
  if (size == 0)
    return format_text(_("Downloading: %s MB"), megabytes(bytes).c_str());
  return format_text(_("Downloading: %s of %s MB"), megabytes(bytes).c_str(),
                     megabytes(size).c_str());
}

}  // namespace modelverse::job
