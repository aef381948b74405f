// SPDX-License-Identifier: LGPL-2.1-or-later
// Rows of models as JSON text: the built-in models.json, and the user's file.
//
// clang-format off
//   {"models": [ROW, ...]}
//
// Members of a row; all but `model` are optional.
//   model                its name, as in the `model` property
//   like                 an earlier model whose row is the base of this one; the base of a known
//                        model's row is its existing row
//   page, note           not used, for readers
//   withdrawn            {"date": "2026-09-24", "successor": MODEL}: the service may refuse the model
//                        from that day on, or null. `like` does not hand it on
//   body                 the request's body without the model's name: the objects `input` and
//                        `parameters`, with placeholders for the request's values, see
//                        body_template.h. Required without a base. A property whose placeholder is
//                        missing is refused
//   unkeyed              such a body of members that are sent, but are no part of the request's key:
//                        for switches that a row gets after its clips have been cached
//   headers              of the submit: {"NAME": "VALUE"}
//   external-id          the member of `parameters` for an id of the caller's own, by which the
//                        status route finds the task: a random id is sent, and finds the task of a
//                        submit whose response was lost
//   modes                list of {"pictures": [...], ...}: the pictures that make a clip together, of
//                        "first", "last" and "references", and the members of the row that differ
//                        with them. A row without modes takes a last frame beside a first one, and
//                        references beside any. A row with a `body` of its own does not inherit modes
//   picture              "required" (default) or "optional", if the body has a placeholder for one
//   references           "optional" (default) or "required", likewise
//   max-references       the number of reference pictures
//   picture-forms        the accepted forms, of "link", "data-uri", "base64" (default: all); bytes
//                        are sent in the first form that is not "link"
//   needs-prompt         true or false (default)
//   max-prompt           characters
//   max-negative-prompt  characters
//   resolutions          list of names, or of {"name", "frames": ["1280x720", ...], "durations",
//                        "sizes": {"16:9": "1280x720", ...}}: the exact sizes that the first and the
//                        last frame must have, the durations at this resolution, if it does not have
//                        all of the model's, and the value of {size} for each aspect ratio
//   default-resolution   one of them (default: that of the base, else the first)
//   durations            list of seconds and of ranges such as "4-12"
//   default-duration     one of them (likewise)
//   aspect-ratios        list of names such as "16:9"; the first is the service's own default
//   default-aspect-ratio one of them, to be sent if none is set
//   aspect-ratio-follows true: if none is set, the one nearest to the first frame's is sent, unless
//                        it is the service's own default
//   seeds                [LOWEST, HIGHEST]
//   audio                {"on": VALUE, "off": VALUE, "default": "on" or "off"}: what is sent for sound
//                        and silence (default: true and false); a model without one of the two has
//                        not this member. Without a default, nothing is sent for audio=auto
//   media-types          of the pictures, such as "image/jpeg"
//   max-bytes            of a picture, before any Base64
//   max-body-bytes       of the whole request
//   min-side             of a picture's shorter side, pixels
//   max-aspect           of a picture, longer side / shorter side
//   max-frames-ratio     how many times larger the first frame may be than the last one, or smaller; a
//                        last frame beyond is brought to the size of the first
//   price                what a clip costs, or null: unknown. {"currency": "CNY",
//                        "date": "2026-04-15" (when it was taken), "source": the vendor's page,
//                        "cases": [CASE, ...]}; the first case that applies counts. `like` does not
//                        hand it on. Members of a case:
//                          resolution  a name or a list of names (default: all)
//                          durations   list as above (default: all)
//                          audio       true: with sound, false: silent (default: both)
//                          references  true: with reference pictures, false: without (default:
//                                      both)
//                          per-second  the price of a second of video
//                          per-clip    the price of a clip, added to that of its seconds; a list has
//                                      one for each of `durations`
//   usual-seconds        usual time of a generation at the default duration (default: 90), or
//                        {"720p": [5, 9, ...]}: of clips of 1, 2, ... s at this resolution. A longer
//                        clip takes as long for each second as the last of them, another
//                        resolution as long as the default one
// 0 means no limit.
//
// The shapes in which the vendor's schemas take pictures, as parts of a body:
//   direct-url           "first_frame_url": "{picture}"
//   raw-base64-or-url    "image": "{picture}", with "picture-forms": ["link", "base64"]
//   url-array            "images": ["{reference}"]
//   base64-object        "image": {"bytesBase64Encoded": "{picture}", "mimeType": "{media-type}"}
//   array-object         "image_list": [{"image_url": "{picture}", "type": "first_frame"}]
//   tagged-content-array "content": [{"type": "image_url", "image_url": {"url": "{picture}"},
//                        "role": "first_frame"}]
// {last-picture} and {reference} stand in all of them likewise.
// clang-format on
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
