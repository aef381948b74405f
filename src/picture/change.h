// SPDX-License-Identifier: LGPL-2.1-or-later
// From the picture that somebody has to the picture that the model takes.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "core/picture_rules.h"
#include "core/request.h"
#include "core/result.h"

namespace modelverse::picture {

struct Change {
  FrameSize before;  // as a person sees it
  FrameSize after;
  ImageFit fit = ImageFit::crop;  // crop or pad; crop where both come to the same
  // What is done, in words that say the same for the same pixels. It stands in the request's key
  // together with the source's bytes, and not the bytes that come out: another version of a library
  // encodes them otherwise, and the clip would be paid for again. HENCE FOR EVER, like the key.
  std::string text() const;
};

struct Decision {
  std::optional<Change> change;  // nothing: sent byte for byte
  FrameSize sent;                // what the model gets; zero where nobody has to know
};

// By its headers alone, so at once. Errors: wrong_type (no size, or no decoder for what has to be
// changed), settings (beyond the limits with image-fit=none; too many pixels).
Result<Decision> decide_change(const PictureBytes& picture, const PictureRules& rules,
                               ImageFit fit);

// Decodes, scales, turns, converts and encodes, in a process of its own. Errors: wrong_type (also
// where the decoder crashes, or takes too long or too much memory), settings, not_found (no such
// program), failed, cancelled.
Result<PictureBytes> apply_change(const PictureBytes& picture, const Change& change,
                                  const PictureRules& rules, std::stop_token stop);

// What a person is told of it; nothing to tell of a raw frame that was only encoded.
std::optional<Error> change_warning(const PictureBytes& before, const Change& change,
                                    const PictureBytes& after);

}  // namespace modelverse::picture
