// SPDX-License-Identifier: LGPL-2.1-or-later
// Rows of models as JSON text: models.json, which is compiled in, and a user's own file.
//
//   {"models": [ROW, ...]}
//
// Members of a row; all but `model` may be left out.
//   model               its name, as the `model` property gives it
//   like                a model above whose row this one starts from; a row for a model that is
//                       known starts from that one
//   body                what is sent beside the model's name: the objects `input` and `parameters`,
//                       with placeholders for the request's values, see body_template.h. Needed
//                       where there is no row to start from
//   picture             "required" (default) or "optional", where the body has a place for one
//   picture-forms       which of "link", "data-uri", "base64" the model takes (default: all); bytes
//                       are sent in the first form of theirs
//   needs-prompt        true or false (default)
//   max-prompt          characters
//   resolutions         list of names, or of {"name", "frames": ["1280x720", ...], "durations"}:
//                       the exact sizes that the picture must have, and the lengths made at this
//                       resolution, where these are not all of the model's
//   default-resolution  one of them (default: that of the row it starts from, else the first)
//   durations           list of seconds and of ranges such as "4-12"
//   default-duration    one of them (likewise)
//   media-types         of the picture, such as "image/jpeg"
//   max-bytes           of the picture, before any Base64
//   max-body-bytes      of the whole request
//   min-side            of the picture's shorter side, pixels
//   max-aspect          of the picture, longer side / shorter side
//   external-id         the member of `parameters` for an id of the caller's own, by which the
//   status
//                       route finds the task: a random one is sent, and a submit whose response was
//                       lost is asked for by it
//   usual-seconds       that a generation takes, at the default duration (default: 90)
//   page, note          for people
// A number of 0 is no limit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/profile.h"
#include "core/result.h"

namespace modelverse::api {

// `known`, with the rows of `text` in their places or behind them.
Result<std::vector<Profile>> read_model_rows(std::string_view text, const std::string& file,
                                             std::vector<Profile> known);

}  // namespace modelverse::api
