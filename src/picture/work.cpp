// SPDX-License-Identifier: LGPL-2.1-or-later
// What a loader would be lost in. A size that it tells before it decodes is not among it: see
// decode.cpp.
#include "picture/work.h"

#include <algorithm>

#include "picture/decode.h"
#include "picture/facts.h"
#include "picture/heif.h"
#include "picture/heif_load.h"
#include "picture/segments.h"
#include "picture/tiff.h"

namespace modelverse::picture {
namespace {

// Each is a pass over the whole picture, and may have no more than some bytes. Encoders make ten.
constexpr std::size_t most_scans = 100;

Status check_size(FrameSize size) {
  return is_too_large(size) ? Status(too_many_pixels(size)) : Done{};
}

// The frame may be larger than the screen, whose size the loader tells.
Status check_gif(const PictureBytes& picture) {
  const auto frame = first_frame_in(picture.bytes);
  // Its loader complains with criticals of one without pixels.
  if (!frame || frame->width == 0 || frame->height == 0)
    return undecodable(picture.media_type, "decode: the first frame is not all there");
  return check_size({frame->width, frame->height});
}

// The frame may claim to be larger than the canvas, whose size was looked at. RFC 9649 (2.7.1.1)
// has no such frames.
Status check_webp(const PictureBytes& picture, const std::optional<FirstFrame>& first) {
  if (!first || first->canvas == FrameSize{})
    return Done{};
  const auto frame = inspect({picture.media_type, first->bytes});
  const auto [width, height] = first->canvas;
  if (frame && (frame->stored.width > width || frame->stored.height > height))
    return undecodable(picture.media_type, "decode: the first frame is larger than its canvas");
  return Done{};
}

Error too_large_parts(const std::string& parts, double taken, double most, const char* unit) {
  static constexpr double most_told = 1e15;
  const auto million = [](double number) {
    return std::to_string(static_cast<std::uint64_t>(std::min(number, most_told)) >> 20);
  };
  return {.code = ErrorCode::settings,
          .text = "The picture is too large: " + parts + " as much to decode as " + million(taken) +
                  " million " + unit + ", and up to " + million(most) +
                  " are decoded. Make it smaller, or convert it to JPEG or PNG.",
          .debug = "decode: " + std::to_string(taken) + " " + unit};
}

// Its loader tells a size when it has decoded everything.
Status check_heif(const PictureBytes& picture) {
  // What tiles jut out over their canvas is decoded, too.
  constexpr double most_together = 1.25 * max_pixels;
  const auto load = heif_load(picture.bytes);
  if (!load)
    return undecodable(picture.media_type, "decode: the coded pictures cannot be told apart");
  if (is_too_large(load->largest))
    return too_many_pixels(load->largest);
  if (load->pixels <= most_together)
    return Done{};
  return too_large_parts("its tiles, its depth and its alpha take", load->pixels, most_together,
                         "pixels");
}

// All of it in one piece, with 16 bits of each of red, green, blue and alpha, or a tile beyond it.
Status check_tiff(const PictureBytes& picture) {
  constexpr double most_of_a_pixel = 8;
  constexpr double least_most = 64 << 20;
  const auto facts = inspect(picture);
  if (!facts)
    return facts.error();
  const auto taken = tiff_block_bytes(picture.bytes, facts->stored);
  if (!taken)
    return undecodable(picture.media_type, "decode: the size of its strips cannot be told");
  const double most = most_of_a_pixel * static_cast<double>(pixels_in(facts->stored)) + least_most;
  if (*taken <= most)
    return Done{};
  return too_large_parts("one of its strips or tiles takes", *taken, most, "bytes");
}

}  // namespace

Status check_work(const PictureBytes& picture, const std::optional<FirstFrame>& first) {
  const auto& type = picture.media_type;
  if (type == "image/jpeg" && scans_in(picture.bytes) > most_scans)
    return undecodable(type, "decode: more than " + std::to_string(most_scans) + " scans");
  if (type == "image/gif")
    return check_gif(picture);
  if (type == "image/webp")
    return check_webp(picture, first);
  if (type == "image/tiff")
    return check_tiff(picture);
  return is_heif(type) ? check_heif(picture) : Done{};
}

}  // namespace modelverse::picture
