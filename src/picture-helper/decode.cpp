// SPDX-License-Identifier: LGPL-2.1-or-later
// Uses gdk-pixbuf instead of GStreamer's decoders, because it decodes a JPEG at a half, a quarter
// or an eighth of its size, converts CMYK, returns ICC profiles, and has loaders for HEIC and AVIF.
// The recognised type selects the loader: gdk-pixbuf's type detection would pass hostile bytes to
// every loader of the system (SVG, XPM, ANI, ...).
#include "picture-helper/decode.h"

#include <algorithm>
#include <optional>

#include "picture-helper/first_frame.h"
#include "picture/heif.h"

namespace modelverse::picture {
namespace {

// gdk-pixbuf logs a warning about a loader that was not closed.
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

// The sizes that libjpeg supports. At least twice the wanted size is left for the better filter.
FrameSize reduced(FrameSize stored, FrameSize wanted) {
  const auto is_enough = [&](FrameSize size) {
    return size.width / 2 >= wanted.width && size.height / 2 >= wanted.height;
  };
  int divisor = 1;
  while (divisor < 8 && is_enough(divided(stored, divisor * 2)))
    divisor *= 2;
  return divided(stored, divisor);
}

struct Feed {
  const std::string& type;
  std::string_view bytes;
  FrameSize wanted;
  // The last row that a progressive loader has reported.
  std::optional<int> bottom = {};
};

void on_size(GdkPixbufLoader* loader, int width, int height, gpointer data) {
  const FrameSize stored = {width, height};
  const auto decoded = reduced(stored, static_cast<const Feed*>(data)->wanted);
  if (decoded != stored)
    gdk_pixbuf_loader_set_size(loader, decoded.width, decoded.height);
}

// Do not change the pixels here: glycin (gdk-pixbuf 2.43.2 and later) has already written them.
void on_prepared(GdkPixbufLoader*, gpointer data) {
  static_cast<Feed*>(data)->bottom = 0;
}

void on_updated(GdkPixbufLoader*, int, int y, int, int height, gpointer data) {
  auto& feed = *static_cast<Feed*>(data);
  if (feed.bottom)
    feed.bottom = std::max(*feed.bottom, y + height);
}

// Other loaders report a picture after they have decoded it.
bool is_prepared_first(const std::string& type) {
  return type == "image/jpeg" || type == "image/png" || type == "image/webp" ||
         type == "image/bmp" || type == "image/tiff";
}

// A loader may accept half a picture; the rest would be uninitialised memory. Call before the
// loader is closed: closing reports all rows. Not for BMP, whose last row is first.
bool is_whole(const Feed& feed, GdkPixbufLoader* loader) {
  return !feed.bottom || feed.type == "image/bmp" ||
         *feed.bottom >= gdk_pixbuf_get_height(gdk_pixbuf_loader_get_pixbuf(loader));
}

// False: see `error`, which some loaders leave empty. All bytes at once: the GIF loader reports the
// first frame again after each part.
bool run(const Feed& feed, GdkPixbufLoader* loader, ErrorSlot& error) {
  return gdk_pixbuf_loader_write(loader, reinterpret_cast<const guchar*>(feed.bytes.data()),
                                 feed.bytes.size(), error.out()) &&
         is_whole(feed, loader) && gdk_pixbuf_loader_close(loader, error.out());
}

void connect(GdkPixbufLoader* loader, Feed& feed) {
  if (feed.type == "image/jpeg")
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

HelperError no_decoder(const std::string& type) {
  return {HelperFault::no_decoder, "gdk-pixbuf has no loader for " + type};
}

}  // namespace

bool can_decode(const std::string& media_type) {
  GSList* formats = gdk_pixbuf_get_formats();
  const bool can = has_loader(formats, media_type);
  g_slist_free(formats);
  return can;
}

// gdk-pixbuf's TIFF loader reports in an option the rotation that libtiff did not apply. glycin
// applies none.
int remaining_orientation(const PixbufPtr& decoded, const PictureBytes& picture, int orientation) {
  if (picture.media_type != "image/tiff" || has_glycin())
    return orientation;
  const char* left = gdk_pixbuf_get_option(decoded.get(), "orientation");
  return left && *left >= '1' && *left <= '8' ? *left - '0' : 1;
}

// libtiff premultiplies straight alpha.
Alpha alpha_of(const PictureBytes& picture) {
  const auto& type = picture.media_type;
  const bool is_heif = type == "image/heic" || type == "image/avif";
  return type == "image/tiff" || (is_heif && heif_is_premultiplied(picture.bytes))
             ? Alpha::premultiplied
             : Alpha::straight;
}

HelperResult<PixbufPtr> decode(const PictureBytes& picture, FrameSize wanted) {
  // Checked first: for an unknown type, gdk-pixbuf would fall back to type detection.
  if (!can_decode(picture.media_type))
    return no_decoder(picture.media_type);
  const auto first = first_frame_of(picture.bytes, picture.media_type);
  // Must outlive the loader, which emits signals when it is closed.
  Feed feed{
      .type = picture.media_type, .bytes = first ? first->bytes : picture.bytes, .wanted = wanted};
  ErrorSlot error;
  const Loader loader(
      gdk_pixbuf_loader_new_with_mime_type(picture.media_type.c_str(), error.out()));
  if (!loader.get())
    return no_decoder(picture.media_type);
  connect(loader.get(), feed);
  auto* pixels =
      run(feed, loader.get(), error) ? gdk_pixbuf_loader_get_pixbuf(loader.get()) : nullptr;
  if (!pixels)
    return HelperError{
        HelperFault::undecodable,
        std::string("gdk-pixbuf: ") + (*error.message() ? error.message() : "no reason given")};
  auto decoded = PixbufPtr::retain(pixels);
  return first ? put_in_place(std::move(decoded), *first) : decoded;
}

}  // namespace modelverse::picture
