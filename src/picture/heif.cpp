// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the primary item, its associations and their properties (ISO/IEC 14496-12, section 8.11).
#include "picture/heif.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "picture/boxes.h"

namespace modelverse::picture {
namespace {

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

std::vector<Box> parts_of(std::string_view bytes) {
  return boxes_in_full(payload_of(boxes_in(bytes), "meta"));
}

std::uint32_t primary_item(std::string_view pitm) {
  Cursor cursor(pitm);
  const auto version = cursor.number(4) >> 24;
  return cursor.number(version == 0 ? 2 : 4);
}

using Places = std::vector<std::uint32_t>;

// The indices of the item's properties among all, from 1. The first of several entries counts.
std::optional<Places> places_in(std::string_view ipma, std::uint32_t item) {
  Cursor cursor(ipma);
  const auto head = cursor.number(4);
  const std::size_t id_size = head >> 24 == 0 ? 2 : 4;
  const bool is_wide = head & 1;
  const auto entries = cursor.number(4);
  for (std::uint32_t i = 0; i < entries && !cursor.is_at_end(); ++i) {
    const auto id = cursor.number(id_size);
    Places places(cursor.number(1));
    for (auto& place : places)
      place = is_wide ? cursor.number(2) & 0x7fff : cursor.number(1) & 0x7f;
    if (id == item)
      return places;
  }
  return {};
}

Places places_of(const std::vector<Box>& groups, std::uint32_t item) {
  for (const auto& box : groups) {
    if (auto places = box.type == "ipma" ? places_in(box.payload, item) : std::nullopt)
      return *std::move(places);
  }
  return {};
}

}  // namespace

bool heif_is_premultiplied(std::string_view bytes) {
  const auto references = boxes_in_full(payload_of(parts_of(bytes), "iref"));
  return std::any_of(references.begin(), references.end(),
                     [](const Box& box) { return box.type == "prem"; });
}

std::optional<FrameSize> heif_size(std::string_view bytes) {
  const auto parts = parts_of(bytes);
  const auto item = primary_item(payload_of(parts, "pitm"));
  const auto groups = boxes_in(payload_of(parts, "iprp"));
  const auto properties = boxes_in(payload_of(groups, "ipco"));
  FrameSize size;
  for (const auto place : places_of(groups, item)) {
    if (place >= 1 && place <= properties.size())
      apply(properties[place - 1], size);
  }
  if (size.width <= 0 || size.height <= 0)
    return {};
  return size;
}

}  // namespace modelverse::picture
