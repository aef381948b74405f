// SPDX-License-Identifier: LGPL-2.1-or-later
// The clip's sound track: a soft chime that changes its note twice a second.
#pragma once

#include <cstdint>
#include <vector>

namespace emulator {

inline constexpr int sample_rate = 48000;
inline constexpr int channel_count = 2;

// Interleaved samples of the whole track.
std::vector<std::int16_t> chime(int seconds);

}  // namespace emulator
