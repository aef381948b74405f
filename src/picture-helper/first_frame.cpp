// SPDX-License-Identifier: LGPL-2.1-or-later
// Truncates a GIF after its first frame, and makes a still WebP from an animated one.
#include "picture-helper/first_frame.h"

#include "picture/bytes.h"
#include "picture/segments.h"

namespace modelverse::picture {
namespace {

constexpr std::uint32_t webp_has_alpha = 0x10;
constexpr std::uint32_t webp_is_animated = 0x02;

std::optional<FirstFrame> first_of_gif(std::string_view gif) {
  constexpr char trailer = ';';
  const auto end = first_frame_end(gif);
  if (!end || *end == gif.size() || gif[*end] == trailer)
    return {};
  return FirstFrame{.bytes = std::string(gif.substr(0, *end)) + trailer};
}

std::uint32_t three_bytes(std::string_view bytes, std::size_t pos) {
  return little_endian_16(bytes, pos) | byte_at(bytes, pos + 2) << 16;
}

std::string number(std::size_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i)
    text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

std::string chunk(std::string_view type, std::string_view payload) {
  return std::string(type) + number(payload.size(), 4) + std::string(payload) +
         std::string(payload.size() % 2, '\0');
}

// `frame` is an ANMF chunk's payload (RFC 9649, section 2.7.1.1): a header of 16 bytes, then the
// chunks of a still picture.
FirstFrame still_of(std::string_view head, std::string_view frame) {
  constexpr std::size_t frame_head = 16;
  if (frame.size() < frame_head)
    return {};
  const auto image = frame.substr(frame_head);
  const bool has_alpha = (byte_at(head, 0) & webp_has_alpha) != 0 || image.starts_with("ALPH");
  const std::string size(frame.substr(6, 6));  // same format as in VP8X: each side minus one
  const auto chunks =
      "WEBP" + chunk("VP8X", number(has_alpha ? webp_has_alpha : 0, 4) + size) + std::string(image);
  FirstFrame still{.bytes = chunk("RIFF", chunks)};
  if (head.substr(4, 6) == size)
    return still;
  still.canvas = {static_cast<int>(three_bytes(head, 4)) + 1,
                  static_cast<int>(three_bytes(head, 7)) + 1};
  still.x = static_cast<int>(three_bytes(frame, 0)) * 2;
  still.y = static_cast<int>(three_bytes(frame, 3)) * 2;
  return still;
}

std::optional<FirstFrame> first_of_webp(std::string_view webp) {
  constexpr std::size_t head_size = 10;
  WebpChunks chunks(webp);
  const auto head = chunks.next();
  if (!head || head->type != "VP8X" || head->payload.size() < head_size ||
      !(byte_at(head->payload, 0) & webp_is_animated))
    return {};
  while (const auto next = chunks.next()) {
    if (next->type == "ANMF")
      return still_of(head->payload, next->payload);
  }
  return FirstFrame{};
}

}  // namespace

std::optional<FirstFrame> first_frame_of(std::string_view bytes, std::string_view media_type) {
  if (media_type == "image/gif")
    return first_of_gif(bytes);
  if (media_type == "image/webp")
    return first_of_webp(bytes);
  return {};
}

HelperResult<PixbufPtr> put_in_place(PixbufPtr pixels, const FirstFrame& frame) {
  if (frame.canvas == FrameSize{})
    return pixels;
  const auto [width, height] = frame.canvas;
  const auto size = size_of(pixels);
  auto canvas = PixbufPtr::adopt(gdk_pixbuf_new(GDK_COLORSPACE_RGB, TRUE, 8, width, height));
  if (!canvas || frame.x + size.width > width || frame.y + size.height > height)
    return HelperError{HelperFault::large_first_frame,
                       "put_in_place: the first frame is larger than its canvas"};
  gdk_pixbuf_fill(canvas.get(), 0);
  gdk_pixbuf_copy_area(pixels.get(), 0, 0, size.width, size.height, canvas.get(), frame.x, frame.y);
  return canvas;
}

}  // namespace modelverse::picture
