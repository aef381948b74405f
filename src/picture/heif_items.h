// SPDX-License-Identifier: LGPL-2.1-or-later
// What items a HEIF has, where their bytes are and which are made of which (ISO/IEC 14496-12,
// section 8.11).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "picture/boxes.h"

namespace modelverse::picture {

using ItemId = std::uint32_t;

struct HeifItems {
  ItemId primary = 0;
  std::map<ItemId, std::string_view> types;  // "hvc1", "grid", ...
  std::map<ItemId, std::vector<std::string_view>> extents;
  std::map<ItemId, std::vector<ItemId>> sources;  // that an item is derived from
  std::map<ItemId, std::vector<ItemId>> helpers;  // its alpha, its depth, ...
  std::vector<Box> properties;
  std::map<ItemId, std::vector<std::uint32_t>> places;  // of its properties, counted from 1

  std::vector<Box> properties_of(ItemId item) const;
  // Nothing: they are not all there, or more than the file has.
  std::optional<std::string> data_of(ItemId item, std::size_t most) const;
};

// Where a libheif could see other items than these: nothing.
std::optional<HeifItems> heif_items(std::string_view bytes);

}  // namespace modelverse::picture
