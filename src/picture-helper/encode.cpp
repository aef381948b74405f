// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/encode.h"

#include <algorithm>
#include <optional>

#include "picture-helper/jpeg.h"
#include "picture-helper/scale.h"
#include "picture/facts.h"

namespace modelverse::picture {
namespace {

constexpr const char* jpeg = "image/jpeg";
constexpr const char* png = "image/png";

HelperResult<PictureBytes> save_png(const PixbufPtr& pixels) {
  char* buffer = nullptr;
  gsize size = 0;
  ErrorSlot error;
  const bool is_saved = gdk_pixbuf_save_to_buffer(pixels.get(), &buffer, &size, "png", error.out(),
                                                  "compression", "6", nullptr);
  const CharPtr owner(buffer);
  if (!is_saved)
    return HelperError{HelperFault::not_encodable,
                       std::string("gdk_pixbuf_save_to_buffer: ") + error.message()};
  return PictureBytes{.media_type = png, .bytes = std::string(buffer, size)};
}

bool is_taken(const PictureRules& rules, const char* type) {
  const auto& types = rules.media_types;
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

bool fits(const PictureBytes& picture, const PictureRules& rules) {
  return rules.max_bytes == 0 || picture.bytes.size() <= rules.max_bytes;
}

// Nothing: still too large.
HelperResult<std::optional<PictureBytes>> save_as_jpeg(const PixbufPtr& pixels,
                                                       const PictureRules& rules) {
  const int best = rules.frame_sizes.empty() ? jpeg_quality : frame_quality;
  for (const int quality : {frame_quality, jpeg_quality, 90, 85, 75, 60}) {
    if (quality > best)
      continue;
    auto saved = save_jpeg(pixels, quality, quality >= jpeg_quality);
    if (!saved)
      return std::move(saved).error();
    if (fits(*saved, rules))
      return std::optional(std::move(saved).value());
  }
  return std::optional<PictureBytes>();
}

}  // namespace

HelperResult<PictureBytes> encode(PixbufPtr pixels, bool is_lossless, const PictureRules& rules) {
  constexpr int least_side = 64;
  if ((is_lossless && is_taken(rules, png)) || !is_taken(rules, jpeg)) {
    auto saved = save_png(pixels);
    if (!saved || fits(*saved, rules) || !is_taken(rules, jpeg))
      return saved;
  }
  for (;;) {
    auto saved = save_as_jpeg(pixels, rules);
    if (!saved)
      return std::move(saved).error();
    if (*saved)
      return std::move(**saved);
    const auto size = size_of(pixels);
    const FrameSize smaller = {size.width * 3 / 4, size.height * 3 / 4};
    if (!rules.frame_sizes.empty() ||
        std::min(smaller.width, smaller.height) < std::max(rules.min_side, least_side))
      return HelperError{HelperFault::too_many_bytes, "encode: too large at the least quality"};
    auto reduced = scaled(pixels, {0, 0, size.width, size.height}, smaller);
    if (!reduced)
      return std::move(reduced).error();
    pixels = std::move(reduced).value();
  }
}

}  // namespace modelverse::picture
