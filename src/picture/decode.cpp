// SPDX-License-Identifier: LGPL-2.1-or-later
// Feeding a loader.
//
// gdk-pixbuf and not GStreamer's decoders, because it decodes a JPEG at a half, a quarter or an
// eighth of its size, converts CMYK, hands out ICC profiles, and has loaders for HEIC and AVIF. The
// loader is chosen by the recognised type: gdk-pixbuf's own guess would show hostile bytes to every
// loader of the system (SVG, XPM, ANI, ...).
#include "picture/decode.h"

#include <algorithm>
#include <optional>

#include "picture/accept.h"
#include "picture/facts.h"

namespace modelverse::picture {
namespace {

constexpr std::size_t chunk_bytes = 64 << 10;  // what stop waits for

// gdk-pixbuf complains about a loader that was not closed.
class Loader {
 public:
  explicit Loader(GdkPixbufLoader* loader) : loader_(ObjectPtr<GdkPixbufLoader>::adopt(loader)) {}
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;
  ~Loader() {
    if (loader_)
      gdk_pixbuf_loader_close(loader_.get(), nullptr);
  }
  GdkPixbufLoader* get() const { return loader_.get(); }

 private:
  ObjectPtr<GdkPixbufLoader> loader_;
};

Error undecodable(const std::string& type, const char* why) {
  return {.code = ErrorCode::wrong_type,
          .text = "The picture is damaged: it cannot be decoded as " + type + ". Try another file.",
          .debug = std::string("gdk-pixbuf: ") + (*why ? why : "no reason given")};
}

FrameSize divided(FrameSize size, int divisor) {
  return {(size.width + divisor - 1) / divisor, (size.height + divisor - 1) / divisor};
}

// libjpeg's sizes to choose from. Twice the wanted size is left for the better filter.
FrameSize reduced(FrameSize stored, FrameSize wanted) {
  const auto is_enough = [&](FrameSize size) {
    return size.width / 2 >= wanted.width && size.height / 2 >= wanted.height;
  };
  int divisor = 1;
  while (divisor < 8 && is_enough(divided(stored, divisor * 2)))
    divisor *= 2;
  return divided(stored, divisor);
}

struct Sizing {
  FrameSize wanted;
  bool is_reducible = false;
  std::optional<FrameSize> too_large;
};

void on_size(GdkPixbufLoader* loader, int width, int height, gpointer data) {
  auto& sizing = *static_cast<Sizing*>(data);
  const FrameSize stored = {width, height};
  const auto decoded = sizing.is_reducible ? reduced(stored, sizing.wanted) : stored;
  if (pixels_in(decoded) > max_pixels) {
    sizing.too_large = stored;
    gdk_pixbuf_loader_set_size(loader, 0, 0);  // ends the loading here
  } else if (decoded != stored) {
    gdk_pixbuf_loader_set_size(loader, decoded.width, decoded.height);
  }
}

// False: see `error`, which some loaders leave empty, or a size that is too large.
bool feed(GdkPixbufLoader* loader, std::string_view bytes, const Sizing& sizing,
          const std::stop_token& stop, ErrorSlot& error) {
  while (!bytes.empty()) {
    if (stop.stop_requested())
      return false;
    const auto part = bytes.substr(0, chunk_bytes);
    bytes.remove_prefix(part.size());
    if (!gdk_pixbuf_loader_write(loader, reinterpret_cast<const guchar*>(part.data()), part.size(),
                                 error.out()) ||
        sizing.too_large)
      return false;
  }
  return gdk_pixbuf_loader_close(loader, error.out());
}

bool has_loader(GSList* formats, const std::string& media_type) {
  for (GSList* item = formats; item; item = item->next) {
    auto* format = static_cast<GdkPixbufFormat*>(item->data);
    gchar** types = gdk_pixbuf_format_get_mime_types(format);
    const bool is_found =
        g_strv_contains(types, media_type.c_str()) && !gdk_pixbuf_format_is_disabled(format);
    g_strfreev(types);
    if (is_found)
      return true;
  }
  return false;
}

}  // namespace

Error no_decoder(const std::string& type) {
  const bool is_heif = type == "image/heic" || type == "image/avif";
  const std::string package = is_heif                ? "heif-gdk-pixbuf"
                              : type == "image/webp" ? "webp-pixbuf-loader"
                                                     : "a gdk-pixbuf loader for it";
  return {.code = ErrorCode::wrong_type,
          .text = "The picture is " + type + ", which cannot be decoded here: install " + package +
                  ", or convert the picture to JPEG or PNG.",
          .debug = "gdk-pixbuf has no loader for " + type};
}

Error too_many_pixels(FrameSize size) {
  return {.code = ErrorCode::settings,
          .text = "The picture is too large: it has " + to_text(size) + " pixels, and up to " +
                  std::to_string(max_pixels >> 20) + " million are decoded. Make it smaller.",
          .debug = "decode: " + to_text(size)};
}

bool can_decode(const std::string& media_type) {
  GSList* formats = gdk_pixbuf_get_formats();
  const bool can = has_loader(formats, media_type);
  g_slist_free(formats);
  return can;
}

Result<PixbufPtr> decode(const PictureBytes& picture, FrameSize wanted, std::stop_token stop) {
  // Asked for first: for a type that it does not know gdk-pixbuf would fall back to its guess.
  if (!can_decode(picture.media_type))
    return no_decoder(picture.media_type);
  ErrorSlot error;
  const Loader loader(
      gdk_pixbuf_loader_new_with_mime_type(picture.media_type.c_str(), error.out()));
  if (!loader.get())
    return no_decoder(picture.media_type);
  Sizing sizing{.wanted = wanted, .is_reducible = picture.media_type == "image/jpeg"};
  g_signal_connect(loader.get(), "size-prepared", G_CALLBACK(on_size), &sizing);
  const bool is_fed = feed(loader.get(), picture.bytes, sizing, stop, error);
  if (stop.stop_requested())
    return cancelled();
  if (sizing.too_large)
    return too_many_pixels(*sizing.too_large);
  auto* pixels = is_fed ? gdk_pixbuf_loader_get_pixbuf(loader.get()) : nullptr;
  if (!pixels)
    return undecodable(picture.media_type, error.message());
  return PixbufPtr::retain(pixels);
}

}  // namespace modelverse::picture
