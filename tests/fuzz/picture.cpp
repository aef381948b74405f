// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture's bytes and what its headers tell, the data: URI that may hold them, and what the
// helper that decodes it says and is told. Decoders are not fuzzed here: see hostile_test.cpp.
#include "picture/picture.h"

#include <gst/gst.h>

#include "fuzz.h"
#include "picture/accept.h"
#include "picture/change.h"
#include "picture/facts.h"
#include "picture/heif.h"
#include "picture/helper_protocol.h"

using namespace modelverse;

namespace {

void decide(const PictureBytes& picture, ImageFit fit) {
  PictureRules rules;
  rules.frame_sizes = {{48, 27}};
  const auto decided = picture::decide_change(picture, rules, fit);
  if (decided && decided->change)
    fuzz::require(!decided->change->text().empty());
}

void read_messages(std::string_view bytes) {
  const auto response = picture::read_helper_response(bytes);
  if (response && *response)
    fuzz::require(picture::recognise((*response)->bytes) == (*response)->media_type);
  const auto request = picture::read_helper_request(bytes, "");
  if (request)
    fuzz::require(request->change.after.width > 0 && request->change.after.height > 0);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool is_ready = gst_init_check(nullptr, nullptr, nullptr);
  fuzz::require(is_ready);
  const std::string bytes(fuzz::text_of(data, size));
  const auto type = picture::recognise(bytes);
  const auto accepted = picture::accept_bytes(bytes, "The picture");
  if (accepted)
    fuzz::require(type == accepted->media_type && accepted->bytes == bytes);
  else
    fuzz::require(accepted.error().code == ErrorCode::wrong_type);
  for (const auto way : {ImageFit::crop, ImageFit::pad, ImageFit::none}) {
    if (accepted)
      decide(*accepted, way);
  }
  picture::heif_is_premultiplied(bytes);
  read_messages(bytes);
  const auto loaded = picture::load_uri("data:" + bytes, {});
  if (loaded)
    fuzz::require(std::get<PictureBytes>(*loaded).bytes.size() <= size);
  return 0;
}
