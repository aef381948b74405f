// SPDX-License-Identifier: LGPL-2.1-or-later
// Loads the picture of `image-sample`.
#include <gst/gst.h>

#include <algorithm>
#include <string_view>

#include "glib/sentences.h"
#include "picture/accept.h"
#include "picture/facts.h"
#include "picture/handles.h"
#include "picture/picture.h"
#include "picture/sample.h"

namespace modelverse::picture {
namespace {

// The start of an error.
std::string the_picture() {
  return _("The picture in memory");
}

// The limit of a raw frame, like that of decoded pictures.
constexpr gsize max_frame_bytes = gsize{512} << 20;

Result<PictureBytes> load_encoded(GstBuffer* buffer) {
  const auto size = gst_buffer_get_size(buffer);
  if (size > max_picture_bytes)
    return too_large(the_picture(), std::to_string(size) + " bytes");
  std::string bytes(size, '\0');
  bytes.resize(gst_buffer_extract(buffer, 0, bytes.data(), size));
  auto accepted = accept_bytes(std::move(bytes), the_picture());
  if (!accepted && accepted.error().code == ErrorCode::wrong_type)
    accepted.error().text = two_sentences(
        accepted.error().text,
        _("A buffer must contain one complete picture: use a parser such as jpegparse."));
  return accepted;
}

// GStreamer parses four numbers as values of its own enums, not as those of ISO/IEC 23091-4.
std::string colorimetry_text(const GstVideoColorimetry& colorimetry) {
  return std::to_string(static_cast<int>(colorimetry.range)) + ":" +
         std::to_string(static_cast<int>(colorimetry.matrix)) + ":" +
         std::to_string(static_cast<int>(colorimetry.transfer)) + ":" +
         std::to_string(static_cast<int>(colorimetry.primaries));
}

// Not written by GStreamer: the text is part of the request's key, so it must never change.
std::string caps_text(const GstVideoInfo& info, int orientation, GstBuffer* buffer) {
  std::string text = std::string(raw_type) + ", format=(string)" +
                     gst_video_format_to_string(GST_VIDEO_INFO_FORMAT(&info)) + ", width=(int)" +
                     std::to_string(info.width) + ", height=(int)" + std::to_string(info.height) +
                     ", framerate=(fraction)0/1" + ", pixel-aspect-ratio=(fraction)" +
                     std::to_string(info.par_n) + "/" + std::to_string(info.par_d) +
                     ", colorimetry=(string)" + colorimetry_text(info.colorimetry);
  const CharPtr site(gst_video_chroma_site_to_string(info.chroma_site));
  if (site)
    text += std::string(", chroma-site=(string)") + site.get();
  if (orientation != 1)
    text += ", orientation=(int)" + std::to_string(orientation);
  if (const auto* crop = gst_buffer_get_video_crop_meta(buffer))
    text += ", crop-x=(int)" + std::to_string(crop->x) + ", crop-y=(int)" +
            std::to_string(crop->y) + ", crop-width=(int)" + std::to_string(crop->width) +
            ", crop-height=(int)" + std::to_string(crop->height);
  return text;
}

// Not system memory: mapping it may download from a GPU and wait for a thread of the application,
// or give tiles.
std::string foreign_memory(const GstCaps* caps) {
  constexpr std::string_view kind = "memory:";
  const auto* features = gst_caps_get_features(caps, 0);
  for (guint i = 0; features && i < gst_caps_features_get_size(features); ++i) {
    const std::string_view feature = gst_caps_features_get_nth(features, i);
    if (feature.starts_with(kind) && feature != GST_CAPS_FEATURE_MEMORY_SYSTEM_MEMORY)
      return std::string(feature.substr(kind.size()));
  }
  return {};
}

// The padding between rows must not become part of the request's key: if both strides are equal,
// gst_video_frame_copy() copies it too (1.26; 1.22 does not).
void clear_padding(const GstVideoFrame* frame) {
  const auto* format = frame->info.finfo;
  // A tile has no rows. The second plane of a palette format is the palette.
  const guint planes = GST_VIDEO_FORMAT_INFO_IS_TILED(format)      ? 0
                       : GST_VIDEO_FORMAT_INFO_HAS_PALETTE(format) ? 1
                                                                   : format->n_planes;
  for (guint plane = 0; plane < planes; ++plane) {
    gint components[GST_VIDEO_MAX_COMPONENTS];
    gst_video_format_info_component(format, plane, components);
    const auto row = GST_VIDEO_FRAME_COMP_WIDTH(frame, components[0]) *
                     GST_VIDEO_FRAME_COMP_PSTRIDE(frame, components[0]);
    const auto stride = GST_VIDEO_FRAME_PLANE_STRIDE(frame, plane);
    // 0: grouped pixels, such as v210; every version copies these rows whole.
    if (row == 0)
      continue;
    auto* start = static_cast<guint8*>(GST_VIDEO_FRAME_PLANE_DATA(frame, plane));
    for (gint y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(frame, components[0]); ++y)
      std::fill(start + std::ptrdiff_t{y} * stride + row, start + std::ptrdiff_t{y + 1} * stride,
                guint8{0});
  }
}

Result<PictureBytes> load_frame(GstBuffer* buffer, const GstCaps* caps, int orientation) {
  if (const auto memory = foreign_memory(caps); !memory.empty())
    return wrong_type(
        format_text(_("The sample's frame is in %s, which is not supported: put gldownload, "
                      "vapostproc or another element that converts to system memory before it."),
                    memory.c_str()),
        "gst_caps_get_features: " + memory);
  GstVideoInfo info;
  GstVideoInfo packed;
  if (!gst_video_info_from_caps(&info, caps) ||
      !gst_video_info_set_format(&packed, GST_VIDEO_INFO_FORMAT(&info),
                                 static_cast<guint>(info.width), static_cast<guint>(info.height)))
    return wrong_type(_("The sample's video/x-raw caps have no valid format and size."),
                      "gst_video_info_from_caps");
  if (GST_VIDEO_INFO_INTERLACE_MODE(&info) == GST_VIDEO_INTERLACE_MODE_ALTERNATE)
    return wrong_type(_("The sample contains a single field: put deinterlace before it."),
                      "interlace-mode=alternate");
  if (packed.size > max_frame_bytes)
    return too_large(the_picture(), to_text({info.width, info.height}));
  PictureBytes picture{caps_text(info, orientation, buffer), std::string(packed.size, '\0')};
  const BufferPtr copy(gst_buffer_new_wrapped_full(static_cast<GstMemoryFlags>(0),
                                                   picture.bytes.data(), packed.size, 0,
                                                   packed.size, nullptr, nullptr));
  MappedFrame from(info, buffer, GST_MAP_READ);
  MappedFrame into(packed, copy.get(), GST_MAP_WRITE);
  if (!from || !into || !gst_video_frame_copy(into.get(), from.get()))
    return wrong_type(
        _("The sample's frame is shorter than its caps require, or in unreadable memory: put "
          "videoconvert before it, after gldownload or vapostproc for a frame from a GPU."),
        "gst_video_frame_map");
  clear_padding(into.get());
  return picture;
}

int orientation_of(GstSample* sample) {
  int orientation = 1;
  if (const auto* info = gst_sample_get_info(sample))
    gst_structure_get_int(info, orientation_field, &orientation);
  return orientation;
}

}  // namespace

Result<PictureBytes> load_sample(_GstSample* sample) {
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  if (!buffer)
    return settings_error(_("The sample has no buffer."), "gst_sample_get_buffer");
  const GstCaps* caps = gst_sample_get_caps(sample);
  if (!caps || gst_caps_get_size(caps) == 0)
    return load_encoded(buffer);
  const std::string_view name = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  if (name == raw_type)
    return load_frame(buffer, caps, orientation_of(sample));
  if (name.starts_with("image/"))
    return load_encoded(buffer);
  return wrong_type(
      format_text(_("The sample is %s: expected an encoded image/* or a frame of video/x-raw."),
                  std::string(name).c_str()),
      "load_sample: caps");
}

}  // namespace modelverse::picture
