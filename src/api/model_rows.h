// SPDX-License-Identifier: LGPL-2.1-or-later
// Rows of models as JSON text: the built-in models.json, and the user's file.
//
//   {"models": [ROW, ...]}
//
// Members of a row; all but `model` are optional.
//   model               its name, as in the `model` property
//   like                an earlier model whose row is the base of this one; the base of a known
//                       model's row is its existing row
//   body                the request's body without the model's name: the objects `input` and
//                       `parameters`, with placeholders for the request's values, see
//                       body_template.h. Required without a base
//   picture             "required" (default) or "optional", if the body has a placeholder for one
//   picture-forms       the accepted forms, of "link", "data-uri", "base64" (default: all); bytes
//                       are sent in the first form that is not "link"
//   needs-prompt        true or false (default)
//   max-prompt          characters
//   resolutions         list of names, or of {"name", "frames": ["1280x720", ...], "durations"}:
//                       the exact sizes that the picture must have, and the durations at this
//                       resolution, if it does not have all of the model's
//   default-resolution  one of them (default: that of the base, else the first)
//   durations           list of seconds and of ranges such as "4-12"
//   default-duration    one of them (likewise)
//   media-types         of the picture, such as "image/jpeg"
//   max-bytes           of the picture, before any Base64
//   max-body-bytes      of the whole request
//   min-side            of the picture's shorter side, pixels
//   max-aspect          of the picture, longer side / shorter side
//   external-id         the member of `parameters` for an id of the caller's own, by which the
//                       status route finds the task: a random id is sent, and finds the task of a
//                       submit whose response was lost
//   price               what a clip costs, or null: unknown. {"currency": "CNY", "date":
//   "2026-04-15"
//                       (when it was taken), "source": the vendor's page, "cases": [CASE, ...]};
//                       the first case that applies counts. `like` does not hand it on. Members of
//                       a case: resolution  a name or a list of names (default: all) durations list
//                       as above (default: all) audio       true: with sound, false: silent
//                       (default: both) per-second  the price of a second of video per-clip    the
//                       price of a clip, added to that of its seconds; a list has
//                                   one for each of `durations`
//   usual-seconds       usual time of a generation at the default duration (default: 90)
//   page, note          not used, for readers
// 0 means no limit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/profile.h"
#include "core/result.h"

namespace modelverse::api {

// Returns `known`, with the rows of `text` replaced or appended.
Result<std::vector<Profile>> read_model_rows(std::string_view text, const std::string& file,
                                             std::vector<Profile> known);

}  // namespace modelverse::api
