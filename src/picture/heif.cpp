// SPDX-License-Identifier: LGPL-2.1-or-later
// From the primary item over its associations to its properties.
#include "picture/heif.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "picture/bytes.h"

namespace modelverse::picture {
namespace {

// Numbers from the front. What is not there reads as zero and leaves nothing to be read.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}
  bool is_at_end() const { return rest_.empty(); }
  std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    const auto digits = take(size);
    for (std::size_t i = 0; i < digits.size(); ++i)
      value = value << 8 | byte_at(digits, i);
    return value;
  }
  std::string_view take(std::size_t size) {
    if (size > rest_.size())
      return std::exchange(rest_, {}).substr(0, 0);
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

 private:
  std::string_view rest_;
};

struct Box {
  std::string_view type;
  std::string_view payload;
};

std::vector<Box> boxes_in(std::string_view bytes) {
  constexpr std::size_t most =
      0x8000;  // properties that can be referred to, and far above the rest
  std::vector<Box> boxes;
  Cursor cursor(bytes);
  while (!cursor.is_at_end() && boxes.size() < most) {
    std::uint64_t size = cursor.number(4);
    const auto type = cursor.take(4);
    std::uint64_t head = 8;
    if (size == 1) {
      size = std::uint64_t{cursor.number(4)} << 32;
      size |= cursor.number(4);
      head = 16;
    }
    if (size < head)
      break;  // 0 is "to the end", which only media data is
    boxes.push_back({type, cursor.take(static_cast<std::size_t>(size - head))});
  }
  return boxes;
}

std::string_view payload_of(const std::vector<Box>& boxes, std::string_view type) {
  const auto found =
      std::find_if(boxes.begin(), boxes.end(), [&](const Box& box) { return box.type == type; });
  return found == boxes.end() ? std::string_view() : found->payload;
}

std::uint32_t primary_item(std::string_view pitm) {
  Cursor cursor(pitm);
  const auto version = cursor.number(4) >> 24;
  return cursor.number(version == 0 ? 2 : 4);
}

// The places, counted from 1, of an item's properties.
std::vector<std::uint32_t> properties_of(std::uint32_t item, std::string_view ipma) {
  Cursor cursor(ipma);
  const auto head = cursor.number(4);
  const std::size_t id_size = head >> 24 == 0 ? 2 : 4;
  const bool is_wide = head & 1;
  const auto entries = cursor.number(4);
  for (std::uint32_t i = 0; i < entries && !cursor.is_at_end(); ++i) {
    const auto id = cursor.number(id_size);
    std::vector<std::uint32_t> places(cursor.number(1));
    for (auto& place : places)
      place = is_wide ? cursor.number(2) & 0x7fff : cursor.number(1) & 0x7f;
    if (id == item)
      return places;
  }
  return {};
}

int side(std::uint32_t number, std::uint32_t divisor = 1) {
  return divisor == 0 || number / divisor > std::uint32_t{std::numeric_limits<int>::max()}
             ? 0
             : static_cast<int>(number / divisor);
}

void apply(const Box& property, FrameSize& size) {
  Cursor cursor(property.payload);
  if (property.type == "ispe") {
    cursor.number(4);
    size.width = side(cursor.number(4));
    size.height = side(cursor.number(4));
  } else if (property.type == "clap") {
    const auto width = cursor.number(4);
    size.width = side(width, cursor.number(4));
    const auto height = cursor.number(4);
    size.height = side(height, cursor.number(4));
  } else if (property.type == "irot" && cursor.number(1) % 2 == 1) {
    std::swap(size.width, size.height);
  }
}

// A full box: its version and flags stand before what it holds.
std::vector<Box> boxes_in_full(std::string_view payload) {
  return boxes_in(payload.substr(std::min<std::size_t>(payload.size(), 4)));
}

std::vector<Box> parts_of(std::string_view bytes) {
  return boxes_in_full(payload_of(boxes_in(bytes), "meta"));
}

}  // namespace

bool heif_is_premultiplied(std::string_view bytes) {
  const auto references = boxes_in_full(payload_of(parts_of(bytes), "iref"));
  return std::any_of(references.begin(), references.end(),
                     [](const Box& box) { return box.type == "prem"; });
}

std::optional<FrameSize> heif_size(std::string_view bytes) {
  const auto parts = parts_of(bytes);
  const auto properties = boxes_in(payload_of(parts, "iprp"));
  const auto known = boxes_in(payload_of(properties, "ipco"));
  FrameSize size;
  for (const auto place :
       properties_of(primary_item(payload_of(parts, "pitm")), payload_of(properties, "ipma"))) {
    if (place >= 1 && place <= known.size())
      apply(known[place - 1], size);
  }
  if (size.width <= 0 || size.height <= 0)
    return {};
  return size;
}

}  // namespace modelverse::picture
