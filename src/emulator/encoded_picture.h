// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture in a request: a URL, a data URI, or bare Base64.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "emulator/handles.h"

namespace emulator {

struct EncodedPicture {
  const char* encoding = "";  // url, data-uri or base64; empty: no picture
  std::string url;            // of the encoding url only
  Blob bytes;                 // of the others
  std::string media_type;     // of the data URI, unchecked
};

// Nothing if the text is none of the three. Does not check the bytes.
std::optional<EncodedPicture> read_encoded_picture(std::string_view text);

}  // namespace emulator
