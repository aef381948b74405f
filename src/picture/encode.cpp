// SPDX-License-Identifier: LGPL-2.1-or-later
// gdk-pixbuf's savers, and a limit of bytes.
#include "picture/encode.h"

#include <algorithm>
#include <optional>

#include "picture/facts.h"
#include "picture/scale.h"

namespace modelverse::picture {
namespace {

constexpr const char* jpeg = "image/jpeg";
constexpr const char* png = "image/png";

Error not_encodable(const char* why) {
  return {.code = ErrorCode::failed,
          .text = "The picture cannot be encoded.",
          .debug = std::string("gdk_pixbuf_save_to_bufferv: ") + why};
}

Error too_many_bytes(const PictureRules& rules) {
  return {.code = ErrorCode::settings,
          .text = "The picture cannot be made to fit into the " + std::to_string(rules.max_bytes) +
                  " bytes that the model takes.",
          .debug = "encode: too large at the least quality"};
}

Result<PictureBytes> save(const PixbufPtr& pixels, const char* media_type, int quality) {
  const bool is_png = media_type == png;
  const auto quality_text = std::to_string(quality);
  char quality_key[] = "quality";
  char compression_key[] = "compression";
  char compression[] = "6";
  char* keys[] = {is_png ? compression_key : quality_key, nullptr};
  char* values[] = {is_png ? compression : const_cast<char*>(quality_text.c_str()), nullptr};
  char* buffer = nullptr;
  gsize size = 0;
  ErrorSlot error;
  const bool is_saved = gdk_pixbuf_save_to_bufferv(
      pixels.get(), &buffer, &size, is_png ? "png" : "jpeg", keys, values, error.out());
  const CharPtr owner(buffer);
  if (!is_saved)
    return not_encodable(error.message());
  return PictureBytes{.media_type = media_type, .bytes = std::string(buffer, size)};
}

bool is_taken(const PictureRules& rules, const char* type) {
  const auto& types = rules.media_types;
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

bool fits(const PictureBytes& picture, const PictureRules& rules) {
  return rules.max_bytes == 0 || picture.bytes.size() <= rules.max_bytes;
}

// Nothing: too large even so.
Result<std::optional<PictureBytes>> save_as_jpeg(const PixbufPtr& pixels,
                                                 const PictureRules& rules) {
  for (const int quality : {jpeg_quality, 90, 85, 75, 60}) {
    auto saved = save(pixels, jpeg, quality);
    if (!saved)
      return std::move(saved).error();
    if (fits(*saved, rules))
      return std::optional(std::move(saved).value());
  }
  return std::optional<PictureBytes>();
}

}  // namespace

Result<PictureBytes> encode(PixbufPtr pixels, bool is_lossless, const PictureRules& rules) {
  constexpr int least_side = 64;
  if ((is_lossless && is_taken(rules, png)) || !is_taken(rules, jpeg)) {
    auto saved = save(pixels, png, 0);
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
      return too_many_bytes(rules);
    auto reduced = scaled(pixels, {0, 0, size.width, size.height}, smaller);
    if (!reduced)
      return std::move(reduced).error();
    pixels = std::move(reduced).value();
  }
}

}  // namespace modelverse::picture
