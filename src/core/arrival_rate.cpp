// SPDX-License-Identifier: LGPL-2.1-or-later
// Two marks, so that the rate is that of the last one to two windows.
#include "core/arrival_rate.h"

namespace modelverse {

namespace {

constexpr auto window = std::chrono::seconds(2);
constexpr auto shortest = std::chrono::milliseconds(100);

}  // namespace

void ArrivalRate::note(std::uint64_t bytes, TimePoint now) {
  if (!since_ || bytes < bytes_) {
    next_ = {now, bytes};
    since_ = next_;
  } else if (now - next_.time >= window) {
    since_ = next_;
    next_ = {now, bytes};
  }
  bytes_ = bytes;
}

std::optional<double> ArrivalRate::bytes_per_second(TimePoint now) const {
  if (!since_ || now - since_->time < shortest)
    return std::nullopt;
  return static_cast<double>(bytes_ - since_->bytes) /
         std::chrono::duration<double>(now - since_->time).count();
}

}  // namespace modelverse
