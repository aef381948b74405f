// SPDX-License-Identifier: LGPL-2.1-or-later
// Sequence parameter sets and the beginnings of pictures (ITU-T H.265, section 7.3).
#include <algorithm>
#include <string>

#include "picture/bits.h"
#include "picture/boxes.h"
#include "picture/coded.h"
#include "picture/facts.h"

namespace modelverse::picture {
namespace {

constexpr std::uint32_t sequence_parameters = 33;

int side(std::uint32_t number) {
  constexpr std::uint32_t most = 1 << 30;
  return static_cast<int>(std::min(number, most));
}

// Without the bytes that keep start codes from appearing. The size comes early, however many layers
// the profile is told for.
std::string unescaped(std::string_view nal) {
  constexpr std::size_t enough = 256;
  std::string bytes;
  int zeros = 0;
  for (const char byte : nal.substr(0, enough)) {
    const bool is_escape = zeros >= 2 && byte == 3;
    if (!is_escape)
      bytes += byte;
    zeros = byte == 0 ? zeros + 1 : 0;
  }
  return bytes;
}

void skip_profile(Bits& bits, std::uint32_t more_layers) {
  constexpr std::size_t profile = 88;
  constexpr std::size_t level = 8;
  bits.skip(profile + level);
  std::size_t layers = 0;
  for (std::uint32_t i = 0; i < more_layers; ++i) {
    layers += bits.flag() ? profile : 0;
    layers += bits.flag() ? level : 0;
  }
  if (more_layers > 0)
    bits.skip(std::size_t{2} * (8 - more_layers));
  bits.skip(layers);
}

struct Sequence {
  FrameSize size;
  bool is_deep = false;
};

std::optional<Sequence> sequence_in(std::string_view nal) {
  constexpr std::size_t nal_header = 16;
  constexpr std::uint32_t three_planes = 3;
  const auto bytes = unescaped(nal);
  Bits bits(bytes);
  bits.skip(nal_header + 4);
  const auto more_layers = bits.number(3);
  bits.flag();
  skip_profile(bits, more_layers);
  bits.exp_golomb();  // its id
  if (bits.exp_golomb() == three_planes)
    bits.flag();
  Sequence sequence;
  sequence.size.width = side(bits.exp_golomb());
  sequence.size.height = side(bits.exp_golomb());
  for (int i = bits.flag() ? 4 : 0; i > 0; --i)
    bits.exp_golomb();  // the window that is shown of it
  const auto more_than_8_of_luma = bits.exp_golomb();
  sequence.is_deep = bits.exp_golomb() > 0 || more_than_8_of_luma > 0;
  if (bits.is_exceeded() || sequence.size.width == 0 || sequence.size.height == 0)
    return {};
  return sequence;
}

// libde265 makes up each picture that this one refers to, and that is not there.
std::uint64_t pictures_for(std::uint32_t type) {
  constexpr std::uint32_t idr_with_leading = 19;
  constexpr std::uint32_t idr = 20;
  constexpr std::uint64_t most_references = 16;
  return type == idr || type == idr_with_leading ? 1 : 1 + most_references;
}

class Reader {
 public:
  void read(std::string_view nal) {
    constexpr std::uint32_t first_that_is_no_slice = 32;
    if (nal.size() < 3)
      return;
    const auto type = byte_at(nal, 0) >> 1 & 0x3f;
    const bool is_first_slice = (byte_at(nal, 2) & 0x80) != 0;
    if (type == sequence_parameters)
      read_sequence(nal);
    else if (type < first_that_is_no_slice && is_first_slice)
      coded_.pictures += pictures_for(type);
  }
  std::optional<Coded> coded() const {
    return is_readable_ && coded_.size.width > 0 ? std::optional(coded_) : std::nullopt;
  }

 private:
  void read_sequence(std::string_view nal) {
    const auto sequence = sequence_in(nal);
    is_readable_ &= sequence.has_value();
    if (!sequence)
      return;
    coded_.is_deep |= sequence->is_deep;
    if (pixels_in(sequence->size) > pixels_in(coded_.size))
      coded_.size = sequence->size;
  }

  Coded coded_;
  bool is_readable_ = true;
};

}  // namespace

std::optional<Coded> hevc_coded(std::string_view config, std::string_view data) {
  constexpr std::size_t before_arrays = 22;
  Reader reader;
  Cursor arrays(config);
  arrays.take(before_arrays);
  for (auto left = arrays.number(1); left > 0 && !arrays.is_at_end(); --left) {
    arrays.number(1);
    for (auto nals = arrays.number(2); nals > 0 && !arrays.is_at_end(); --nals)
      reader.read(arrays.take(arrays.number(2)));
  }
  // libheif takes all lengths for four bytes long.
  for (Cursor nals(data); !nals.is_at_end();)
    reader.read(nals.take(nals.number(4)));
  return reader.coded();
}

}  // namespace modelverse::picture
