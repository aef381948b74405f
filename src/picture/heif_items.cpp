// SPDX-License-Identifier: LGPL-2.1-or-later
// The boxes within "meta". Of several that say the same libheif takes the first; with two "meta" it
// takes the last.
#include "picture/heif_items.h"

#include <algorithm>

namespace modelverse::picture {
namespace {

// libheif's own limits.
constexpr std::uint32_t most_items = 20000;
constexpr std::uint32_t most_extents = 32;

// Where the places begin that an item's extents say, by its way of construction.
struct Grounds {
  std::string_view file;
  std::string_view idat;
};

std::uint64_t number_of(Cursor& cursor, std::uint32_t size) {
  return size == 8 ? cursor.long_number() : size == 4 ? cursor.number(4) : 0;
}

// Nothing: none of the bytes that there are.
std::optional<std::string_view> part_of(std::string_view ground, std::uint64_t offset,
                                        std::uint64_t size) {
  if (offset > ground.size() || size > ground.size() - offset)
    return {};
  return ground.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

class Locations {
 public:
  Locations(std::string_view iloc, const Grounds& grounds) : cursor_(iloc), grounds_(grounds) {}

  bool read(HeifItems& items) {
    version_ = cursor_.number(4) >> 24;
    const auto sizes = cursor_.number(2);
    offset_size_ = sizes >> 12;
    length_size_ = sizes >> 8 & 0xf;
    base_size_ = sizes >> 4 & 0xf;
    index_size_ = version_ > 1 ? sizes & 0xf : 0;
    const auto count = cursor_.number(version_ < 2 ? 2 : 4);
    if (count > most_items)
      return false;
    for (std::uint32_t i = 0; i < count && !cursor_.is_at_end(); ++i) {
      if (!read_item(items))
        return false;
    }
    return true;
  }

 private:
  bool read_item(HeifItems& items) {
    const ItemId id = cursor_.number(version_ < 2 ? 2 : 4);
    const auto way = version_ >= 1 ? cursor_.number(2) & 0xf : 0;
    cursor_.number(2);
    const auto base = number_of(cursor_, base_size_);
    const auto count = cursor_.number(2);
    if (count > most_extents)
      return false;
    bool is_there = way <= 1;
    std::vector<std::string_view> extents;
    for (std::uint32_t i = 0; i < count; ++i) {
      number_of(cursor_, index_size_);
      const auto offset = base + number_of(cursor_, offset_size_);
      const auto size = number_of(cursor_, length_size_);
      const auto extent = part_of(way == 0 ? grounds_.file : grounds_.idat, offset, size);
      is_there &= extent && offset >= base;
      extents.push_back(extent.value_or(std::string_view()));
    }
    if (!is_there)
      extents.clear();
    items.extents.emplace(id, std::move(extents));
    return true;
  }

  Cursor cursor_;
  Grounds grounds_;
  std::uint32_t version_ = 0;
  std::uint32_t offset_size_ = 0;
  std::uint32_t length_size_ = 0;
  std::uint32_t base_size_ = 0;
  std::uint32_t index_size_ = 0;
};

void read_types(std::string_view iinf, HeifItems& items) {
  Cursor cursor(iinf);
  const auto version = cursor.number(4) >> 24;
  cursor.number(version == 0 ? 2 : 4);
  const std::size_t head = version == 0 ? 6 : 8;
  for (const auto& box : boxes_in(iinf.substr(std::min(iinf.size(), head)))) {
    if (box.type != "infe")
      continue;
    Cursor entry(box.payload);
    const auto entry_version = entry.number(4) >> 24;
    const ItemId id = entry.number(entry_version < 3 ? 2 : 4);
    entry.number(2);
    items.types.emplace(id, entry_version < 2 ? std::string_view() : entry.take(4));
  }
}

// libheif reads on after the last number, wherever the box says that it ends.
bool read_references(std::string_view iref, HeifItems& items) {
  Cursor whole(iref);
  const std::size_t id_size = whole.number(4) >> 24 == 0 ? 2 : 4;
  std::size_t read = std::min<std::size_t>(iref.size(), 4);
  for (const auto& box : boxes_in_full(iref)) {
    Cursor cursor(box.payload);
    const ItemId from = cursor.number(id_size);
    std::vector<ItemId> to(cursor.number(2));
    if (box.payload.size() != id_size + 2 + to.size() * id_size)
      return false;
    for (auto& id : to)
      id = cursor.number(id_size);
    for (const auto id : box.type == "auxl" ? to : std::vector<ItemId>())
      items.helpers[id].push_back(from);
    if (box.type == "dimg")
      items.sources.emplace(from, std::move(to));
    read = static_cast<std::size_t>(box.payload.data() + box.payload.size() - iref.data());
  }
  return read == iref.size();
}

ItemId primary_item(std::string_view pitm) {
  Cursor cursor(pitm);
  const auto version = cursor.number(4) >> 24;
  return cursor.number(version == 0 ? 2 : 4);
}

// Only of items that there are, however many more it says something of.
void read_associations(std::string_view ipma, HeifItems& items) {
  Cursor cursor(ipma);
  const auto head = cursor.number(4);
  const std::size_t id_size = head >> 24 == 0 ? 2 : 4;
  const bool is_wide = head & 1;
  const auto entries = cursor.number(4);
  for (std::uint32_t i = 0; i < entries && !cursor.is_at_end(); ++i) {
    const ItemId id = cursor.number(id_size);
    std::vector<std::uint32_t> places(cursor.number(1));
    for (auto& place : places)
      place = is_wide ? cursor.number(2) & 0x7fff : cursor.number(1) & 0x7f;
    if (id == items.primary || items.types.contains(id))
      items.places.emplace(id, std::move(places));
  }
}

}  // namespace

std::vector<Box> HeifItems::properties_of(ItemId item) const {
  std::vector<Box> own;
  const auto found = places.find(item);
  for (const auto place : found == places.end() ? std::vector<std::uint32_t>() : found->second) {
    if (place >= 1 && place <= properties.size())
      own.push_back(properties[place - 1]);
  }
  return own;
}

std::optional<std::string> HeifItems::data_of(ItemId item, std::size_t most) const {
  const auto found = extents.find(item);
  if (found == extents.end())
    return {};
  std::size_t size = 0;
  for (const auto extent : found->second)
    size += extent.size();
  if (size == 0 || size > most)
    return {};
  std::string data;
  data.reserve(size);
  for (const auto extent : found->second)
    data += extent;
  return data;
}

std::optional<HeifItems> heif_items(std::string_view bytes) {
  const auto tops = boxes_in(bytes);
  const auto metas =
      std::count_if(tops.begin(), tops.end(), [](const Box& box) { return box.type == "meta"; });
  const auto parts = boxes_in_full(payload_of(tops, "meta"));
  if (metas != 1 || tops.size() >= most_boxes || parts.size() >= most_boxes)
    return {};
  HeifItems items;
  items.primary = primary_item(payload_of(parts, "pitm"));
  const auto properties = boxes_in(payload_of(parts, "iprp"));
  items.properties = boxes_in(payload_of(properties, "ipco"));
  read_types(payload_of(parts, "iinf"), items);
  for (const auto& box : properties) {
    if (box.type == "ipma")
      read_associations(box.payload, items);
  }
  Locations locations(payload_of(parts, "iloc"), {bytes, payload_of(parts, "idat")});
  if (!locations.read(items) || !read_references(payload_of(parts, "iref"), items))
    return {};
  return items;
}

}  // namespace modelverse::picture
