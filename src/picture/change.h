// SPDX-License-Identifier: LGPL-2.1-or-later
// Changes a picture to meet the model's rules.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "core/picture_rules.h"
#include "core/request.h"
#include "core/result.h"

namespace modelverse::picture {

struct Change {
  FrameSize before;  // upright
  FrameSize after;
  ImageFit fit = ImageFit::crop;  // crop or pad; crop if both give the same result
  // Describes the change; equal for equal pixels. It is part of the request's key, together with
  // the source's bytes. The changed bytes are not part of it: another version of a library encodes
  // them differently, and the clip would be paid for again. IT MUST NEVER CHANGE, like the key.
  std::string text() const;
};

struct Decision {
  std::optional<Change> change;  // nothing: sent unchanged
  FrameSize sent;                // the size that is sent; zero if not needed
};

// Reads only the headers, so it is fast. Errors: wrong_type (no size, or no decoder for the
// change), settings (beyond the limits with image-fit=none; too many pixels).
Result<Decision> decide_change(const PictureBytes& picture, const PictureRules& rules,
                               ImageFit fit);

// Decodes, scales, rotates, converts and encodes, in a separate process. Errors: wrong_type (also
// if the decoder crashes, or takes too long or too much memory), settings, not_found (no helper
// program), failed, cancelled.
Result<PictureBytes> apply_change(const PictureBytes& picture, const Change& change,
                                  const PictureRules& rules, std::stop_token stop);

// The warning about the change; nothing for a raw frame that was only encoded.
std::optional<Error> change_warning(const PictureBytes& before, const Change& change,
                                    const PictureBytes& after);

}  // namespace modelverse::picture
