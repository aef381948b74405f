// SPDX-License-Identifier: LGPL-2.1-or-later
// Picture types by their first bytes.
#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "picture/bytes.h"
#include "picture/picture.h"

namespace modelverse::picture {
namespace {

using namespace std::string_view_literals;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Two letters alone would make a picture of many a text, so the header that follows must be one of
// the sizes that there are.
bool is_bmp(std::string_view bytes) {
  if (!bytes.starts_with("BM") || bytes.size() < 18)
    return false;
  const auto header = little_endian_32(bytes, 14);
  const auto sizes = {12u, 16u, 40u, 52u, 56u, 64u, 108u, 124u};
  return std::find(sizes.begin(), sizes.end(), header) != sizes.end();
}

// HEIF's file type box: size, "ftyp", major brand, minor version, compatible brands. `mif1` and
// `msf1` say only that there are pictures; the compatible brands say of which kind.
std::optional<std::string> recognise_heif(std::string_view bytes) {
  if (bytes.size() < 16 || bytes.substr(4, 4) != "ftyp")
    return {};
  const auto major = bytes.substr(8, 4);
  if (is_one_of(major, {"avif", "avis"}))
    return "image/avif";
  if (is_one_of(major, {"heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"}))
    return "image/heic";
  if (!is_one_of(major, {"mif1", "msf1", "mif2", "miaf"}))
    return {};
  const auto end = std::min<std::size_t>(big_endian_32(bytes, 0), bytes.size());
  for (std::size_t pos = 16; pos + 4 <= end; pos += 4)
    if (is_one_of(bytes.substr(pos, 4), {"avif", "avis"}))
      return "image/avif";
  return "image/heic";
}

}  // namespace

std::optional<std::string> recognise(std::string_view bytes) {
  if (bytes.starts_with("\xff\xd8\xff"))
    return "image/jpeg";
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"))
    return "image/png";
  if (bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP")
    return "image/webp";
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a"))
    return "image/gif";
  if (bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv))
    return "image/tiff";
  if (is_bmp(bytes))
    return "image/bmp";
  return recognise_heif(bytes);
}

}  // namespace modelverse::picture
