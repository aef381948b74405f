// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture in a request: a URL, a data URI, or bare Base64.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "emulator/handles.h"

namespace emulator {

enum class PictureEncoding { url, data_uri, base64 };

struct EncodedPicture {
  PictureEncoding encoding = PictureEncoding::url;
  std::string url;         // with PictureEncoding::url only
  Blob bytes;              // else
  std::string media_type;  // of the data URI, unchecked
};

// Nothing if the text is none of the three. Does not check the bytes.
std::optional<EncodedPicture> read_encoded_picture(std::string_view text);
const char* encoding_name(PictureEncoding encoding);

}  // namespace emulator
