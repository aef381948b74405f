// SPDX-License-Identifier: LGPL-2.1-or-later
// Entries of a TIFF's directory (TIFF 6.0, section 2).
#include "picture/tiff.h"

#include "picture/bytes.h"

namespace modelverse::picture {
namespace {

using namespace std::string_view_literals;

// Numbers in the byte order that the first bytes say.
class Numbers {
 public:
  explicit Numbers(std::string_view bytes) : bytes_(bytes), is_big_(bytes.starts_with("MM\0*"sv)) {}
  bool is_readable() const { return is_big_ || bytes_.starts_with("II*\0"sv); }
  bool has(std::size_t pos, std::size_t size) const {
    return pos <= bytes_.size() && size <= bytes_.size() - pos;
  }
  std::uint32_t two(std::size_t pos) const {
    return is_big_ ? big_endian_16(bytes_, pos) : little_endian_16(bytes_, pos);
  }
  std::uint32_t four(std::size_t pos) const {
    return is_big_ ? big_endian_32(bytes_, pos) : little_endian_32(bytes_, pos);
  }

 private:
  std::string_view bytes_;
  bool is_big_;
};

}  // namespace

std::optional<std::uint32_t> tiff_number(std::string_view tiff, std::uint32_t tag) {
  constexpr std::uint32_t type_short = 3;
  constexpr std::uint32_t type_long = 4;
  constexpr std::size_t entry_size = 12;
  const Numbers numbers(tiff);
  if (!numbers.is_readable() || !numbers.has(4, 4))
    return {};
  std::size_t pos = numbers.four(4);
  if (!numbers.has(pos, 2))
    return {};
  const auto entries = numbers.two(pos);
  pos += 2;
  for (std::uint32_t i = 0; i < entries && numbers.has(pos, entry_size); ++i, pos += entry_size) {
    const auto type = numbers.two(pos + 2);
    if (numbers.two(pos) != tag)
      continue;
    if (type == type_short)
      return numbers.two(pos + 8);
    if (type == type_long)
      return numbers.four(pos + 8);
    return {};
  }
  return {};
}

}  // namespace modelverse::picture
