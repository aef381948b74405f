// SPDX-License-Identifier: LGPL-2.1-or-later
// What is known of each origin.
#include "job/pace.h"

#include <algorithm>
#include <map>

#include "core/guarded.h"
#include "job/url_rules.h"

namespace modelverse::job {

namespace {

struct Refusals {
  int in_a_row = 0;
  Clock::Duration wait{};
  Clock::TimePoint until{};
};

// Never freed: a job's thread may outlive the static destructors.
Guarded<std::map<std::string, Refusals>>& refusals_by_origin() {
  static auto* const all = new Guarded<std::map<std::string, Refusals>>;
  return *all;
}

}  // namespace

Pace::Pace(const std::string& url, RetryLimits limits)
    : origin_(origin_of(url).value_or(url)), limits_(limits) {}

void Pace::note(unsigned status, std::optional<std::chrono::seconds> retry_after,
                Clock::TimePoint now) {
  constexpr unsigned too_many_requests = 429;
  auto all = refusals_by_origin().lock();
  if (status != too_many_requests) {
    const auto known = all->find(origin_);
    if (known != all->end() && known->second.until <= now)
      all->erase(known);
    return;
  }
  auto& refusals = (*all)[origin_];
  const bool is_of_before = now < refusals.until;
  if (!is_of_before)
    ++refusals.in_a_row;
  else if (!retry_after)
    return;
  refusals.wait = backoff(limits_, refusals.in_a_row, retry_after);
  refusals.until = std::max(refusals.until, now + refusals.wait);
}

Clock::Duration Pace::wait(Clock::TimePoint now, const Random& random) const {
  Refusals refusals;
  {
    auto all = refusals_by_origin().lock();
    const auto known = all->find(origin_);
    if (known == all->end() || known->second.until <= now)
      return {};
    refusals = known->second;
  }
  return refusals.until - now +
         std::chrono::duration_cast<Clock::Duration>(refusals.wait * random());
}

}  // namespace modelverse::job
