// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/jpeg.h"

#include <turbojpeg.h>

#include <memory>

namespace modelverse::picture {
namespace {

struct CompressorDestroyer {
  void operator()(void* compressor) const { tjDestroy(compressor); }
};
using CompressorPtr = std::unique_ptr<void, CompressorDestroyer>;
using JpegBytesPtr = std::unique_ptr<unsigned char, Freer<tjFree>>;

}  // namespace

HelperResult<PictureBytes> save_jpeg(const PixbufPtr& pixels, int quality, bool has_full_colours) {
  const CompressorPtr compressor(tjInitCompress());
  const auto size = size_of(pixels);
  const int format = gdk_pixbuf_get_has_alpha(pixels.get()) ? TJPF_RGBX : TJPF_RGB;
  unsigned char* buffer = nullptr;
  unsigned long length = 0;
  const int failed =
      compressor ? tjCompress2(compressor.get(), gdk_pixbuf_read_pixels(pixels.get()), size.width,
                               gdk_pixbuf_get_rowstride(pixels.get()), size.height, format, &buffer,
                               &length, has_full_colours ? TJSAMP_444 : TJSAMP_420, quality, 0)
                 : -1;
  const JpegBytesPtr owner(buffer);
  if (failed)
    return HelperError{HelperFault::not_encodable,
                       std::string("tjCompress2: ") + tjGetErrorStr2(compressor.get())};
  return PictureBytes{.media_type = "image/jpeg",
                      .bytes = std::string(reinterpret_cast<const char*>(buffer), length)};
}

}  // namespace modelverse::picture
