// SPDX-License-Identifier: LGPL-2.1-or-later
// From the primary item to what it is made of.
//
// libheif 1.15 holds the sizes that the boxes tell against a limit, and then decodes what is there:
// a coded picture of any size, up to four tiles of a grid at a time, an item that is made of
// itself.
#include "picture/heif_load.h"

#include <algorithm>

#include "picture/coded.h"
#include "picture/facts.h"
#include "picture/heif_items.h"

namespace modelverse::picture {
namespace {

// An identity of a grid of tiles that have alpha.
constexpr int most_levels = 4;
// A grid has up to 256 times 256 tiles; its alpha may be another.
constexpr int most_visits = 1 << 18;

// Version, flags (1: four bytes a number) and, of a grid, the counts of its rows and columns or, of
// an overlay, its ground's colour, stand before.
std::optional<FrameSize> canvas_in(std::string_view data, std::size_t before) {
  constexpr std::uint32_t most = 1 << 30;
  Cursor cursor(data);
  cursor.number(1);
  const std::size_t size = (cursor.number(1) & 1) != 0 ? 4 : 2;
  cursor.take(before);
  const auto width = cursor.number(size);
  const auto height = cursor.number(size);
  if (width == 0 || height == 0 || width > most || height > most)
    return {};
  return FrameSize{static_cast<int>(width), static_cast<int>(height)};
}

std::string_view config_in(const std::vector<Box>& properties, std::string_view type) {
  return payload_of(properties, type == "hvc1" ? "hvcC" : "av1C");
}

class Sum {
 public:
  Sum(const HeifItems& items, std::size_t file_size) : items_(items), file_size_(file_size) {}

  bool add(ItemId item, int level = 0) {
    if (level > most_levels || ++visits_ > most_visits || !add_own(item))
      return false;
    return add_all(items_.sources, item, level + 1) && add_all(items_.helpers, item, level + 1);
  }
  HeifLoad load() const { return load_; }

 private:
  bool add_all(const std::map<ItemId, std::vector<ItemId>>& references, ItemId item, int level) {
    const auto found = references.find(item);
    return found == references.end() ||
           std::all_of(found->second.begin(), found->second.end(),
                       [&](ItemId other) { return add(other, level); });
  }

  bool add_own(ItemId item) {
    auto known = known_.find(item);
    if (known == known_.end())
      known = known_.emplace(item, own_of(item)).first;
    if (!known->second)
      return false;
    const auto& own = *known->second;
    if (pixels_in(own.size) > pixels_in(load_.largest))
      load_.largest = own.size;
    load_.pixels += static_cast<double>(pixels_in(own.size)) * static_cast<double>(own.pictures) *
                    (own.is_deep ? 2 : 1);
    return true;
  }

  // A canvas is no picture that is decoded.
  std::optional<Coded> own_of(ItemId item) const {
    constexpr std::size_t grid_counts = 2;
    constexpr std::size_t overlay_colour = 8;
    const auto found = items_.types.find(item);
    const auto type = found == items_.types.end() ? std::string_view() : found->second;
    if (type == "iden")
      return Coded{};
    const auto data = items_.data_of(item, file_size_);
    if (!data)
      return {};
    const auto properties = items_.properties_of(item);
    if (type == "hvc1")
      return hevc_coded(config_in(properties, type), *data);
    if (type == "av01")
      return av1_coded(config_in(properties, type), *data);
    if (type != "grid" && type != "iovl")
      return {};
    const auto canvas = canvas_in(*data, type == "grid" ? grid_counts : overlay_colour);
    return canvas ? std::optional(Coded{.size = *canvas}) : std::nullopt;
  }

  const HeifItems& items_;
  std::size_t file_size_;
  std::map<ItemId, std::optional<Coded>> known_;
  int visits_ = 0;
  HeifLoad load_;
};

}  // namespace

std::optional<HeifLoad> heif_load(std::string_view bytes) {
  const auto items = heif_items(bytes);
  if (!items)
    return {};
  Sum sum(*items, bytes.size());
  return sum.add(items->primary) ? std::optional(sum.load()) : std::nullopt;
}

}  // namespace modelverse::picture
