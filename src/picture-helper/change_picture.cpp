// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/change_picture.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "picture-helper/canvas.h"
#include "picture-helper/colour.h"
#include "picture-helper/decode.h"
#include "picture-helper/encode.h"
#include "picture-helper/scale.h"
#include "picture/facts.h"
#include "picture/formats.h"

namespace modelverse::picture {
namespace {

// The picture as stored, before rotation.
Layout as_stored(Layout layout, const Facts& facts) {
  if (facts.is_sideways()) {
    layout.scaled = transposed(layout.scaled);
    std::swap(layout.part_x, layout.part_y);
  }
  return layout;
}

Area middle(FrameSize size, const Layout& layout) {
  const int width = std::max(1, static_cast<int>(std::lround(size.width * layout.part_x)));
  const int height = std::max(1, static_cast<int>(std::lround(size.height * layout.part_y)));
  return {(size.width - width) / 2, (size.height - height) / 2, width, height};
}

struct Scaled {
  PixbufPtr pixels;
  int orientation = 1;  // rotation still to be applied
  bool had_alpha = false;
};

// The decoded picture, which may be large, is freed on return.
HelperResult<Scaled> decode_scaled(const PictureBytes& picture, const Facts& facts,
                                   const Layout& layout) {
  const FrameSize whole = {static_cast<int>(layout.scaled.width / layout.part_x),
                           static_cast<int>(layout.scaled.height / layout.part_y)};
  const auto decoded = decode(picture, whole);
  if (!decoded)
    return decoded.error();
  const auto profile = icc_profile_of(picture, *decoded);
  flatten(*decoded, alpha_of(picture));
  auto pixels = scaled(*decoded, middle(size_of(*decoded), layout), layout.scaled);
  if (!pixels)
    return std::move(pixels).error();
  convert_to_srgb(*pixels, profile);
  // A JPEG with a fourth channel is CMYK.
  const bool has_alpha =
      gdk_pixbuf_get_has_alpha(decoded->get()) && picture.media_type != "image/jpeg";
  return Scaled{std::move(pixels).value(),
                remaining_orientation(*decoded, picture, facts.orientation), has_alpha};
}

HelperResult<Scaled> read_scaled(const PictureBytes& picture, const Facts& facts,
                                 const Layout& layout) {
  if (!is_raw(picture))
    return decode_scaled(picture, facts, layout);
  auto area = middle(facts.stored, layout);
  area.x += facts.x;
  area.y += facts.y;
  auto pixels = scaled_raw(picture, area, layout.scaled);
  if (!pixels)
    return std::move(pixels).error();
  return Scaled{std::move(pixels).value(), facts.orientation};
}

PixbufPtr turned_upright(const PixbufPtr& pixels, int orientation) {
  gdk_pixbuf_set_option(pixels.get(), "orientation", std::to_string(orientation).c_str());
  return PixbufPtr::adopt(gdk_pixbuf_apply_embedded_orientation(pixels.get()));
}

// Photos are JPEG, WebP, HEIC or AVIF.
bool is_lossless(const PictureBytes& picture) {
  const auto* format = find_format(picture.media_type);
  return !format || format->is_lossless;
}

}  // namespace

HelperResult<PictureBytes> change_picture(const PictureBytes& picture, const Change& change,
                                          const PictureRules& rules) {
  const auto facts = inspect(picture);
  if (!facts)
    return HelperError{HelperFault::undecodable, facts.error().debug};
  const auto layout = lay_out(facts->shown(), change.after, change.fit);
  auto read = read_scaled(picture, *facts, as_stored(layout, *facts));
  if (!read)
    return std::move(read).error();
  auto upright = turned_upright(read->pixels, read->orientation);
  auto framed = put_on_canvas(std::move(upright), layout, change.fit);
  if (!framed)
    return std::move(framed).error();
  return encode(std::move(framed).value(), read->had_alpha || is_lossless(picture), rules);
}

}  // namespace modelverse::picture
