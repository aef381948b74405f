// SPDX-License-Identifier: LGPL-2.1-or-later
// Inspects encoded pictures by the table of formats, raw frames by their caps.
#include "picture/facts.h"

#include <gst/video/video.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "glib/text.h"
#include "picture/exif.h"
#include "picture/formats.h"
#include "picture/handles.h"
#include "picture/sizes.h"

namespace modelverse::picture {
namespace {

// The visible part of a raw frame. Nothing: no part is visible.
std::optional<FrameSize> read_crop(const GstStructure* caps, FrameSize frame, Facts& facts) {
  FrameSize size = frame;
  gst_structure_get_int(caps, "crop-x", &facts.x);
  gst_structure_get_int(caps, "crop-y", &facts.y);
  gst_structure_get_int(caps, "crop-width", &size.width);
  gst_structure_get_int(caps, "crop-height", &size.height);
  if (facts.x < 0 || facts.y < 0 || facts.x >= frame.width || facts.y >= frame.height)
    return {};
  return size_if_any(static_cast<std::uint32_t>(std::min(size.width, frame.width - facts.x)),
                     static_cast<std::uint32_t>(std::min(size.height, frame.height - facts.y)));
}

std::optional<FrameSize> read_raw(const std::string& caps_text, Facts& facts) {
  GstVideoInfo info;
  const CapsPtr caps(gst_caps_from_string(caps_text.c_str()));
  if (!caps || !gst_video_info_from_caps(&info, caps.get()))
    return {};
  // A more extreme value is an error.
  constexpr double most = 16;
  if (info.par_n > 0 && info.par_d > 0)
    facts.pixel_aspect = std::clamp(static_cast<double>(info.par_n) / info.par_d, 1 / most, most);
  const auto* structure = gst_caps_get_structure(caps.get(), 0);
  gst_structure_get_int(structure, "orientation", &facts.orientation);
  return read_crop(structure, {info.width, info.height}, facts);
}

std::optional<FrameSize> read_encoded(const PictureBytes& picture, Facts& facts) {
  const auto* format = find_format(picture.media_type);
  if (!format)
    return {};
  if (format->exif_of)
    facts.orientation = orientation_in(format->exif_of(picture.bytes));
  facts.is_plain = !format->is_plain || format->is_plain(picture.bytes);
  return format->size_of(picture.bytes);
}

}  // namespace

bool is_raw(const PictureBytes& picture) {
  return picture.media_type.starts_with(raw_type);
}

std::string type_name(const PictureBytes& picture) {
  return is_raw(picture) ? std::string(raw_type) : picture.media_type;
}

FrameSize Facts::shown() const {
  auto size = stored;
  // The shorter side is enlarged, so that no pixel is lost.
  if (pixel_aspect > 1)
    size.width = static_cast<int>(std::lround(size.width * pixel_aspect));
  if (pixel_aspect < 1)
    size.height = static_cast<int>(std::lround(size.height / pixel_aspect));
  return is_sideways() ? transposed(size) : size;
}

std::string to_text(FrameSize size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

Result<Facts> inspect(const PictureBytes& picture) {
  Facts facts;
  const auto size =
      is_raw(picture) ? read_raw(picture.media_type, facts) : read_encoded(picture, facts);
  if (!size)
    return Error{.code = ErrorCode::wrong_type,
                 .text = _("The picture is damaged: its header has no size. Try another file."),
                 .debug = "inspect: no size in " + picture.media_type};
  facts.stored = *size;
  return facts;
}

}  // namespace modelverse::picture
