// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/colour.h"

#include <lcms2.h>

#include <memory>

#include "picture/segments.h"

namespace modelverse::picture {
namespace {

struct ProfileCloser {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using ProfilePtr = std::unique_ptr<void, ProfileCloser>;
struct TransformDeleter {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using TransformPtr = std::unique_ptr<void, TransformDeleter>;

// The input format for a profile; 0: unusable. A grey picture has its value in each of red, green
// and blue.
cmsUInt32Number format_for(cmsHPROFILE profile) {
  constexpr cmsUInt32Number first_of_three =
      COLORSPACE_SH(PT_GRAY) | CHANNELS_SH(1) | EXTRA_SH(2) | BYTES_SH(1);
  switch (cmsGetColorSpace(profile)) {
    case cmsSigRgbData:
      return TYPE_RGB_8;
    case cmsSigGrayData:
      return first_of_three;
    default:
      return 0;
  }
}

}  // namespace

std::string icc_profile_of(const PictureBytes& picture, const PixbufPtr& decoded) {
  // webp-pixbuf-loader 0.2.1 returns no profile. Neither does glycin, which has converted the
  // colours.
  if (picture.media_type == "image/webp" && !has_glycin())
    return std::string(payload_of<WebpChunks>(picture.bytes, "ICCP"));
  const char* text = gdk_pixbuf_get_option(decoded.get(), "icc-profile");
  if (!text)
    return {};
  gsize size = 0;
  const std::unique_ptr<guchar, Freer<g_free>> bytes(g_base64_decode(text, &size));
  return {reinterpret_cast<const char*>(bytes.get()), size};
}

void convert_to_srgb(const PixbufPtr& pixels, const std::string& icc_profile) {
  if (icc_profile.empty())
    return;
  const ProfilePtr from(
      cmsOpenProfileFromMem(icc_profile.data(), static_cast<cmsUInt32Number>(icc_profile.size())));
  const auto format = from ? format_for(from.get()) : 0;
  if (format == 0)
    return;
  const ProfilePtr srgb(cmsCreate_sRGBProfile());
  const TransformPtr transform(
      cmsCreateTransform(from.get(), format, srgb.get(), TYPE_RGB_8, INTENT_PERCEPTUAL, 0));
  if (!transform)
    return;
  const auto stride = static_cast<cmsUInt32Number>(gdk_pixbuf_get_rowstride(pixels.get()));
  const auto dims = size_of(pixels);
  cmsDoTransformLineStride(transform.get(), gdk_pixbuf_get_pixels(pixels.get()),
                           gdk_pixbuf_get_pixels(pixels.get()),
                           static_cast<cmsUInt32Number>(dims.width),
                           static_cast<cmsUInt32Number>(dims.height), stride, stride, 0, 0);
}

}  // namespace modelverse::picture
