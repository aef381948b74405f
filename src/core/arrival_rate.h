// SPDX-License-Identifier: LGPL-2.1-or-later
// Rate at which a clip arrives, for estimates of the time to go.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace modelverse {

class ArrivalRate {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // `bytes` of the clip are here. The first call sets the start, so that bytes of an earlier run do
  // not count. Fewer bytes than before: the download has started again.
  void note(std::uint64_t bytes, TimePoint now);
  // Bytes per second over the last seconds, including a stall that lasts until `now`. Empty: not
  // known yet.
  std::optional<double> bytes_per_second(TimePoint now) const;

 private:
  struct Mark {
    TimePoint time;
    std::uint64_t bytes;
  };
  std::optional<Mark> since_;  // the rate is measured from here
  Mark next_ = {};             // replaces since_ when it is old enough
  std::uint64_t bytes_ = 0;
};

}  // namespace modelverse
