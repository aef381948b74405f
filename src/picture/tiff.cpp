// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the entries of a TIFF's directory (TIFF 6.0, section 2).
#include "picture/tiff.h"

#include "picture/bytes.h"

namespace modelverse::picture {
namespace {

using namespace std::string_view_literals;

// Reads numbers in the byte order of the first bytes.
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

struct Entry {
  std::uint32_t type = 0;
  std::uint32_t count = 0;
  std::size_t pos = 0;  // of its values, or of their offset if they need more than four bytes
};

// libtiff uses the first of several.
std::optional<Entry> find_entry(const Numbers& numbers, std::uint32_t tag) {
  constexpr std::size_t entry_size = 12;
  if (!numbers.is_readable() || !numbers.has(4, 4))
    return {};
  std::size_t pos = numbers.four(4);
  if (!numbers.has(pos, 2))
    return {};
  const auto entries = numbers.two(pos);
  pos += 2;
  for (std::uint32_t i = 0; i < entries && numbers.has(pos, entry_size); ++i, pos += entry_size) {
    if (numbers.two(pos) == tag)
      return Entry{numbers.two(pos + 2), numbers.four(pos + 4), pos + 8};
  }
  return {};
}

std::optional<std::uint32_t> first_number(const Numbers& numbers, const Entry& entry) {
  constexpr std::uint32_t type_short = 3;
  constexpr std::uint32_t type_long = 4;
  if (entry.type != type_short && entry.type != type_long)
    return {};
  const std::size_t size = entry.type == type_short ? 2 : 4;
  const std::size_t pos = entry.count > 4 / size ? numbers.four(entry.pos) : entry.pos;
  if (!numbers.has(pos, size))
    return {};
  return entry.type == type_short ? numbers.two(pos) : numbers.four(pos);
}

}  // namespace

std::optional<std::uint32_t> tiff_number(std::string_view tiff, std::uint32_t tag) {
  const Numbers numbers(tiff);
  const auto entry = find_entry(numbers, tag);
  return entry ? first_number(numbers, *entry) : std::nullopt;
}

}  // namespace modelverse::picture
