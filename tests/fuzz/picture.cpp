// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture's bytes, and the data: URI that may hold them.
#include "picture/picture.h"
#include "fuzz.h"
#include "picture/accept.h"

using namespace modelverse;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(fuzz::text_of(data, size));
  const auto type = picture::recognise(bytes);
  const auto accepted = picture::accept_bytes(bytes, "The picture");
  if (accepted)
    fuzz::require(type == accepted->media_type && accepted->bytes == bytes);
  else
    fuzz::require(accepted.error().code == ErrorCode::wrong_type);
  const auto loaded = picture::load_uri("data:" + bytes, {});
  if (loaded)
    fuzz::require(std::get<PictureBytes>(*loaded).bytes.size() <= size);
  return 0;
}
