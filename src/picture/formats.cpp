// SPDX-License-Identifier: LGPL-2.1-or-later
// Signatures and the table.
#include "picture/formats.h"

#include <algorithm>
#include <initializer_list>

#include "picture/bytes.h"
#include "picture/exif.h"
#include "picture/heif.h"
#include "picture/picture.h"
#include "picture/sizes.h"
#include "picture/truncation.h"

namespace modelverse::picture {
namespace {

using namespace std::string_view_literals;

bool is_jpeg(std::string_view bytes) {
  return bytes.starts_with("\xff\xd8\xff");
}

bool is_png(std::string_view bytes) {
  return bytes.starts_with("\x89PNG\r\n\x1a\n");
}

bool is_webp(std::string_view bytes) {
  return bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP";
}

bool is_gif(std::string_view bytes) {
  return bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a");
}

bool is_tiff(std::string_view bytes) {
  return bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv);
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Text may start with the same two letters, so the size of the following header must be a known
// one.
bool is_bmp(std::string_view bytes) {
  if (!bytes.starts_with("BM") || bytes.size() < 18)
    return false;
  const auto header = little_endian_32(bytes, 14);
  const auto sizes = {12u, 16u, 40u, 52u, 56u, 64u, 108u, 124u};
  return std::find(sizes.begin(), sizes.end(), header) != sizes.end();
}

// HEIF's file type box: size, "ftyp", major brand, minor version, compatible brands. `mif1` and
// `msf1` do not specify the codec; the compatible brands do.
bool is_avif(std::string_view bytes) {
  if (bytes.size() < 16 || bytes.substr(4, 4) != "ftyp")
    return false;
  const auto major = bytes.substr(8, 4);
  if (is_one_of(major, {"avif", "avis"}))
    return true;
  if (!is_one_of(major, {"mif1", "msf1", "mif2", "miaf"}))
    return false;
  const auto end = std::min<std::size_t>(big_endian_32(bytes, 0), bytes.size());
  for (std::size_t pos = 16; pos + 4 <= end; pos += 4)
    if (is_one_of(bytes.substr(pos, 4), {"avif", "avis"}))
      return true;
  return false;
}

bool is_heic(std::string_view bytes) {
  return bytes.size() >= 16 && bytes.substr(4, 4) == "ftyp" && !is_avif(bytes) &&
         is_one_of(bytes.substr(8, 4), {"heic", "heix", "heim", "heis", "hevc", "hevx", "hevm",
                                        "hevs", "mif1", "msf1", "mif2", "miaf"});
}

constexpr std::string_view heif_package = "heif-gdk-pixbuf";

constexpr Format table[] = {
    {.media_type = "image/jpeg",
     .matches = is_jpeg,
     .size_of = jpeg_size,
     .exif_of = exif_of_jpeg,
     .is_truncated = is_truncated_jpeg,
     .is_plain = is_plain_jpeg},
    {.media_type = "image/png",
     .matches = is_png,
     .size_of = png_size,
     .exif_of = exif_of_png,
     .is_truncated = is_truncated_png,
     .is_lossless = true},
    {.media_type = "image/webp",
     .matches = is_webp,
     .size_of = webp_size,
     .exif_of = exif_of_webp,
     .is_truncated = is_truncated_webp,
     .loader_package = "webp-pixbuf-loader"},
    {.media_type = "image/gif", .matches = is_gif, .size_of = gif_size, .is_lossless = true},
    {.media_type = "image/tiff",
     .matches = is_tiff,
     .size_of = tiff_size,
     .exif_of = exif_of_tiff,
     .is_lossless = true},
    {.media_type = "image/bmp",
     .matches = is_bmp,
     .size_of = bmp_size,
     .is_truncated = is_truncated_bmp,
     .is_lossless = true},
    {.media_type = "image/avif",
     .matches = is_avif,
     .size_of = heif_size,
     .loader_package = heif_package},
    {.media_type = "image/heic",
     .matches = is_heic,
     .size_of = heif_size,
     .loader_package = heif_package},
};

}  // namespace

const Format* find_format(std::string_view media_type) {
  const auto* found = std::find_if(std::begin(table), std::end(table), [&](const Format& format) {
    return format.media_type == media_type;
  });
  return found == std::end(table) ? nullptr : found;
}

std::optional<std::string> recognise(std::string_view bytes) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [&](const Format& format) { return format.matches(bytes); });
  return found == std::end(table) ? std::nullopt : std::optional(std::string(found->media_type));
}

}  // namespace modelverse::picture
