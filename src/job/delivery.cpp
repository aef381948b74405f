// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/delivery.h"

#include <algorithm>
#include <iterator>

#include "store/cache.h"

namespace modelverse::job {

namespace {

constexpr std::uint64_t most_unread = 64 * 1024;

}  // namespace

void Delivery::note(std::uint64_t offset, std::uint64_t size) {
  auto begin = offset;
  auto end = offset + size;
  auto run = runs_.upper_bound(begin);
  if (run != runs_.begin() && std::prev(run)->second >= begin)
    --run;
  while (run != runs_.end() && run->first <= end) {
    begin = std::min(begin, run->first);
    end = std::max(end, run->second);
    bytes_ -= run->second - run->first;
    run = runs_.erase(run);
  }
  runs_.emplace(begin, end);
  bytes_ += end - begin;
}

bool Delivery::is_whole(std::uint64_t clip_size) const {
  const auto may_be_missing = std::min(clip_size / 64, most_unread);
  return !runs_.empty() && runs_.rbegin()->second >= clip_size &&
         bytes_ + may_be_missing >= clip_size;
}

void remove_delivered(const CachedClip& cached) {
  const auto entry = store::Cache(cached.cache_dir).entry(cached.key);
  if (const auto locked = entry->lock_soon(); !locked || !*locked)
    return;
  // A process that waits for this clip would otherwise have to pay for its own.
  if (entry->is_waited_for())
    return;
  const auto record = entry->peek();
  if (record && *record && (*record)->task_id == cached.task_id)
    (void)entry->remove();
}

}  // namespace modelverse::job
