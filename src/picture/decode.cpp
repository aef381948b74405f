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
#include "picture/first_frame.h"
#include "picture/heif.h"
#include "picture/work.h"

namespace modelverse::picture {
namespace {

// What stop waits for.
constexpr std::size_t chunk_bytes = 64 << 10;
// The loader of GIF shows the first frame anew after each.
constexpr std::size_t gif_chunk_bytes = 512 << 10;

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

// How the bytes are shown to the loader, and what it may make of them.
struct Feed {
  const std::string& type;
  std::string_view bytes;
  std::size_t chunk = chunk_bytes;
  FrameSize wanted;
  bool is_reducible = false;
  std::optional<FrameSize> too_large;
  // Of a loader that shows its pixels while they come: down to which row they did.
  std::optional<int> bottom;
};

void on_size(GdkPixbufLoader* loader, int width, int height, gpointer data) {
  auto& feed = *static_cast<Feed*>(data);
  const FrameSize stored = {width, height};
  const auto decoded = feed.is_reducible ? reduced(stored, feed.wanted) : stored;
  if (is_too_large(decoded)) {
    feed.too_large = stored;
    gdk_pixbuf_loader_set_size(loader, 0, 0);  // ends the loading here
  } else if (decoded != stored) {
    gdk_pixbuf_loader_set_size(loader, decoded.width, decoded.height);
  }
}

// Before there are any pixels: what a loader takes for a whole picture may be half of one, and the
// rest would be what the memory held before.
void on_prepared(GdkPixbufLoader* loader, gpointer data) {
  // webp-pixbuf-loader 0.2.1 goes on with what was found too large.
  if (static_cast<Feed*>(data)->too_large)
    return;
  gdk_pixbuf_fill(gdk_pixbuf_loader_get_pixbuf(loader), 0xffffffff);
  static_cast<Feed*>(data)->bottom = 0;
}

void on_updated(GdkPixbufLoader*, int, int y, int, int height, gpointer data) {
  auto& feed = *static_cast<Feed*>(data);
  if (feed.bottom)
    feed.bottom = std::max(*feed.bottom, y + height);
}

// The others prepare what they have decoded.
bool is_prepared_first(const std::string& type) {
  return type == "image/jpeg" || type == "image/png" || type == "image/webp" ||
         type == "image/bmp" || type == "image/tiff";
}

// Asked before the loader is closed, which then shows all of it. Not of BMP, whose last row comes
// first.
bool is_whole(const Feed& feed, GdkPixbufLoader* loader) {
  return !feed.bottom || feed.type == "image/bmp" ||
         *feed.bottom >= gdk_pixbuf_get_height(gdk_pixbuf_loader_get_pixbuf(loader));
}

// False: see `error`, which some loaders leave empty, or a size that is too large.
bool run(const Feed& feed, GdkPixbufLoader* loader, const std::stop_token& stop, ErrorSlot& error) {
  auto bytes = feed.bytes;
  while (!bytes.empty()) {
    if (stop.stop_requested())
      return false;
    const auto part = bytes.substr(0, feed.chunk);
    bytes.remove_prefix(part.size());
    if (!gdk_pixbuf_loader_write(loader, reinterpret_cast<const guchar*>(part.data()), part.size(),
                                 error.out()) ||
        feed.too_large)
      return false;
  }
  return is_whole(feed, loader) && gdk_pixbuf_loader_close(loader, error.out());
}

void connect(GdkPixbufLoader* loader, Feed& feed) {
  g_signal_connect(loader, "size-prepared", G_CALLBACK(on_size), &feed);
  if (!is_prepared_first(feed.type))
    return;
  g_signal_connect(loader, "area-prepared", G_CALLBACK(on_prepared), &feed);
  g_signal_connect(loader, "area-updated", G_CALLBACK(on_updated), &feed);
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

Error undecodable(const std::string& type, const std::string& why) {
  return {.code = ErrorCode::wrong_type,
          .text = "The picture is damaged: it cannot be decoded as " + type + ". Try another file.",
          .debug = why};
}

Error no_decoder(const std::string& type) {
  const std::string package = is_heif(type)          ? "heif-gdk-pixbuf"
                              : type == "image/webp" ? "webp-pixbuf-loader"
                                                     : "a gdk-pixbuf loader for it";
  return {.code = ErrorCode::wrong_type,
          .text = "The picture is " + type + ", which cannot be decoded here: install " + package +
                  ", or convert the picture to JPEG or PNG.",
          .debug = "gdk-pixbuf has no loader for " + type};
}

bool is_too_large(FrameSize size) {
  return pixels_in(size) > max_pixels || std::max(size.width, size.height) > max_decoded_side;
}

Error too_many_pixels(FrameSize size) {
  return {.code = ErrorCode::settings,
          .text = "The picture is too large: it has " + to_text(size) + " pixels, and up to " +
                  std::to_string(max_pixels >> 20) + " million, and " +
                  std::to_string(max_decoded_side) + " a side, are decoded. Make it smaller.",
          .debug = "decode: " + to_text(size)};
}

bool can_decode(const std::string& media_type) {
  GSList* formats = gdk_pixbuf_get_formats();
  const bool can = has_loader(formats, media_type);
  g_slist_free(formats);
  return can;
}

// gdk-pixbuf's loader of TIFF says in an option what libtiff left to be done.
int remaining_orientation(const PixbufPtr& decoded, const PictureBytes& picture, int orientation) {
  if (picture.media_type != "image/tiff")
    return orientation;
  const char* left = gdk_pixbuf_get_option(decoded.get(), "orientation");
  return left && *left >= '1' && *left <= '8' ? *left - '0' : 1;
}

// libtiff multiplies what is not multiplied yet.
Alpha alpha_of(const PictureBytes& picture) {
  const auto& type = picture.media_type;
  return type == "image/tiff" || (is_heif(type) && heif_is_premultiplied(picture.bytes))
             ? Alpha::premultiplied
             : Alpha::straight;
}

Result<PixbufPtr> decode(const PictureBytes& picture, FrameSize wanted, std::stop_token stop) {
  // Asked for first: for a type that it does not know gdk-pixbuf would fall back to its guess.
  if (!can_decode(picture.media_type))
    return no_decoder(picture.media_type);
  const auto first = first_frame_of(picture.bytes, picture.media_type);
  if (auto checked = check_work(picture, first); !checked)
    return std::move(checked).error();
  // Outlives the loader, which still tells it things when it is closed.
  Feed feed{.type = picture.media_type,
            .bytes = first ? first->bytes : picture.bytes,
            .chunk = picture.media_type == "image/gif" ? gif_chunk_bytes : chunk_bytes,
            .wanted = wanted,
            .is_reducible = picture.media_type == "image/jpeg",
            .too_large = {},
            .bottom = {}};
  ErrorSlot error;
  const Loader loader(
      gdk_pixbuf_loader_new_with_mime_type(picture.media_type.c_str(), error.out()));
  if (!loader.get())
    return no_decoder(picture.media_type);
  connect(loader.get(), feed);
  const bool is_fed = run(feed, loader.get(), stop, error);
  if (stop.stop_requested())
    return cancelled();
  if (feed.too_large)
    return too_many_pixels(*feed.too_large);
  auto* pixels = is_fed ? gdk_pixbuf_loader_get_pixbuf(loader.get()) : nullptr;
  if (!pixels)
    return undecodable(
        picture.media_type,
        std::string("gdk-pixbuf: ") + (*error.message() ? error.message() : "no reason given"));
  auto decoded = PixbufPtr::retain(pixels);
  return first ? put_in_place(std::move(decoded), *first) : decoded;
}

}  // namespace modelverse::picture
