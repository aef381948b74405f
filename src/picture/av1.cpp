// SPDX-License-Identifier: LGPL-2.1-or-later
// Sequence headers and the beginnings of frames (AV1 Bitstream & Decoding Process Specification,
// section 5).
#include <algorithm>

#include "picture/bits.h"
#include "picture/coded.h"
#include "picture/facts.h"

namespace modelverse::picture {
namespace {

// What a sequence header says that matters to a frame's size.
struct Sequence {
  FrameSize size;      // of a frame that says no other
  FrameSize greatest;  // that a frame may say
  bool is_one_still = false;
  bool is_deep = false;
  bool has_frame_times = false;
  std::uint32_t frame_time_bits = 0;
  std::uint32_t frame_id_bits = 0;
  bool is_screen_content_chosen = false;  // by each frame
  bool is_screen_content = false;
  bool is_integer_motion_chosen = false;
};

// Of timing_info() and decoder_model_info().
struct Timing {
  bool has_model = false;
  std::uint32_t delay_bits = 0;
};

Timing read_timing(Bits& bits, Sequence& sequence) {
  Timing timing;
  if (!bits.flag())
    return timing;
  bits.skip(64);
  const bool is_even = bits.flag();
  if (is_even)
    bits.exp_golomb();
  timing.has_model = bits.flag();
  if (!timing.has_model)
    return timing;
  timing.delay_bits = bits.number(5) + 1;
  bits.skip(37);
  sequence.frame_time_bits = bits.number(5) + 1;
  sequence.has_frame_times = !is_even;
  return timing;
}

void skip_operating_points(Bits& bits, const Timing& timing) {
  constexpr std::uint32_t last_without_tier = 7;
  const bool has_delays = bits.flag();
  for (auto points = bits.number(5) + 1; points > 0; --points) {
    bits.skip(12);
    if (bits.number(5) > last_without_tier)
      bits.flag();
    if (timing.has_model && bits.flag())
      bits.skip(std::size_t{2} * timing.delay_bits + 1);
    if (has_delays && bits.flag())
      bits.skip(4);
  }
}

void read_sizes(Bits& bits, Sequence& sequence) {
  const auto width_bits = bits.number(4) + 1;
  const auto height_bits = bits.number(4) + 1;
  sequence.greatest = {1 << width_bits, 1 << height_bits};
  sequence.size.width = static_cast<int>(bits.number(width_bits)) + 1;
  sequence.size.height = static_cast<int>(bits.number(height_bits)) + 1;
}

void read_tools(Bits& bits, Sequence& sequence) {
  bits.skip(4);
  const bool has_order = bits.flag();
  if (has_order)
    bits.skip(2);
  sequence.is_screen_content_chosen = bits.flag();
  sequence.is_screen_content = sequence.is_screen_content_chosen || bits.flag();
  if (sequence.is_screen_content) {
    sequence.is_integer_motion_chosen = bits.flag();
    if (!sequence.is_integer_motion_chosen)
      bits.flag();
  }
  if (has_order)
    bits.skip(3);
}

std::optional<Sequence> read_sequence(std::string_view payload) {
  Sequence sequence;
  Bits bits(payload);
  bits.skip(4);
  sequence.is_one_still = bits.flag();
  if (sequence.is_one_still)
    bits.skip(5);
  else
    skip_operating_points(bits, read_timing(bits, sequence));
  read_sizes(bits, sequence);
  if (!sequence.is_one_still && bits.flag()) {
    const auto difference = bits.number(4) + 2;
    sequence.frame_id_bits = bits.number(3) + difference + 1;
  }
  bits.skip(3);
  if (!sequence.is_one_still)
    read_tools(bits, sequence);
  bits.skip(3);
  sequence.is_deep = bits.flag();
  return bits.is_exceeded() ? std::nullopt : std::optional(sequence);
}

// Up to the flag that says that it has a size of its own.
bool has_own_size(std::string_view payload, const Sequence& sequence) {
  constexpr std::uint32_t key_frame = 0;
  constexpr std::uint32_t switch_frame = 3;
  Bits bits(payload);
  if (sequence.is_one_still || bits.flag())
    return false;
  const auto type = bits.number(2);
  const bool is_shown = bits.flag();
  if (!is_shown)
    bits.flag();
  else if (sequence.has_frame_times)
    bits.skip(sequence.frame_time_bits);
  if (type != switch_frame && !(type == key_frame && is_shown))
    bits.flag();
  bits.flag();
  const bool is_screen_content =
      sequence.is_screen_content_chosen ? bits.flag() : sequence.is_screen_content;
  if (is_screen_content && sequence.is_integer_motion_chosen)
    bits.flag();
  bits.skip(sequence.frame_id_bits);
  return type == switch_frame || bits.flag();
}

struct Unit {
  std::uint32_t type = 0;
  std::string_view payload;
};

// The first one, which is taken off. Nothing: it is not all there.
std::optional<Unit> take_unit(std::string_view& bytes) {
  constexpr std::size_t longest_length = 8;
  const auto head = byte_at(bytes, 0);
  std::size_t pos = (head & 4) != 0 ? 2 : 1;
  std::uint64_t length = bytes.size() - std::min(bytes.size(), pos);
  if ((head & 2) != 0) {
    length = 0;
    for (std::size_t i = 0; i < longest_length && pos < bytes.size(); ++i) {
      const auto digit = byte_at(bytes, pos++);
      length |= std::uint64_t{digit & 0x7f} << (7 * i);
      if (digit < 0x80)
        break;
    }
  }
  if (pos > bytes.size() || length > bytes.size() - pos)
    return {};
  const Unit unit = {head >> 3 & 0xf, bytes.substr(pos, static_cast<std::size_t>(length))};
  bytes.remove_prefix(pos + unit.payload.size());
  return unit;
}

class Reader {
 public:
  // A decoder stops as well where a unit is not all there.
  void read(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto unit = take_unit(bytes);
      if (!unit)
        return;
      read(*unit);
    }
  }
  std::optional<Coded> coded() const {
    return is_readable_ && sequence_ ? std::optional(coded_) : std::nullopt;
  }

 private:
  static constexpr std::uint32_t sequence_header = 1;
  static constexpr std::uint32_t frame_header = 3;
  static constexpr std::uint32_t frame = 6;
  static constexpr std::uint32_t spare_frame_header = 7;

  void read(const Unit& unit) {
    if (unit.type == sequence_header) {
      sequence_ = read_sequence(unit.payload);
      is_readable_ &= sequence_.has_value();
      if (sequence_) {
        coded_.is_deep |= sequence_->is_deep;
        enlarge(sequence_->size);
      }
    } else if (sequence_ && (unit.type == frame_header || unit.type == frame ||
                             unit.type == spare_frame_header)) {
      ++coded_.pictures;
      if (has_own_size(unit.payload, *sequence_))
        enlarge(sequence_->greatest);
    }
  }
  void enlarge(FrameSize size) {
    if (pixels_in(size) > pixels_in(coded_.size))
      coded_.size = size;
  }

  Coded coded_;
  std::optional<Sequence> sequence_;
  bool is_readable_ = true;
};

}  // namespace

std::optional<Coded> av1_coded(std::string_view config, std::string_view data) {
  constexpr std::size_t before_units = 4;
  Reader reader;
  reader.read(config.substr(std::min(config.size(), before_units)));
  reader.read(data);
  return reader.coded();
}

}  // namespace modelverse::picture
