// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture's bytes, what becomes of them, and the data: URI that may hold them.
#include "picture/picture.h"

#include <gst/gst.h>

#include "fuzz.h"
#include "picture/accept.h"
#include "picture/change.h"
#include "picture/facts.h"
#include "picture/heif_load.h"

using namespace modelverse;

namespace {

constexpr FrameSize frame = {48, 27};

PictureRules one_frame() {
  PictureRules rules;
  rules.frame_sizes = {frame};
  return rules;
}

// The time that a size takes is not what is looked for.
bool is_small(const PictureBytes& picture) {
  constexpr std::uint64_t most_pixels = 1 << 18;
  const auto facts = picture::inspect(picture);
  const auto coded = picture::heif_load(picture.bytes);
  return facts && picture::pixels_in(facts->stored) <= most_pixels &&
         (!coded ||
          (coded->pixels <= most_pixels && picture::pixels_in(coded->largest) <= most_pixels));
}

void fit(const PictureBytes& picture, ImageFit fit) {
  const auto rules = one_frame();
  const auto decided = picture::decide_change(picture, rules, fit);
  if (!decided || !decided->change || !is_small(picture))
    return;
  fuzz::require(!decided->change->text().empty());
  const auto made = picture::apply_change(picture, *decided->change, rules, {});
  if (made)
    fuzz::require(picture::inspect(*made)->stored == frame);
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
  for (const auto way : {ImageFit::crop, ImageFit::pad}) {
    if (accepted)
      fit(*accepted, way);
  }
  const auto loaded = picture::load_uri("data:" + bytes, {});
  if (loaded)
    fuzz::require(std::get<PictureBytes>(*loaded).bytes.size() <= size);
  return 0;
}
