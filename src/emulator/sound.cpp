// SPDX-License-Identifier: LGPL-2.1-or-later
// A soft melody.
#include "emulator/sound.h"

#include <cmath>
#include <numbers>

namespace emulator {
namespace {

constexpr double notes[] = {523.25, 587.33, 659.26, 783.99, 880.0, 783.99, 659.26, 587.33};
constexpr int note_length = sample_rate / 2;
constexpr double loudness = 6000;  // of 32767

double sample_at(int index) {
  const double frequency = notes[(index / note_length) % std::size(notes)];
  const double t = static_cast<double>(index % note_length) / sample_rate;
  const double attack = std::min(1.0, t * 100);
  const double tone = std::sin(2 * std::numbers::pi * frequency * t) +
                      0.3 * std::sin(4 * std::numbers::pi * frequency * t);
  return loudness * attack * std::exp(-4 * t) * tone;
}

}  // namespace

std::vector<std::int16_t> chime(int seconds) {
  const int count = seconds * sample_rate;
  std::vector<std::int16_t> samples;
  samples.reserve(static_cast<std::size_t>(count) * channel_count);
  for (int i = 0; i < count; ++i)
    samples.insert(samples.end(), channel_count, static_cast<std::int16_t>(sample_at(i)));
  return samples;
}

}  // namespace emulator
