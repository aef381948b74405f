// SPDX-License-Identifier: LGPL-2.1-or-later
// The text of `extra-input` and `extra-parameters` in a URI.
//
// It is GStreamer's notation (`x, seed=(int)7, list=<a, b>, in=[x, deep=true]`), less what JSON
// does not have. A URI comes from anywhere, and GStreamer's own parser is made for texts of one's
// own: that of 1.22 warns of a programming error where a structure's name is none or a range is
// empty, leaks what it had read before a mistake, makes values of every type that is registered,
// and tries each nested bracket as four things, so that its time doubles and doubles again with the
// depth. What it writes itself it reads back to a depth of one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/value.h"

namespace modelverse {

// Letters that stand there without quotes.
bool is_plain_in_structure(char letter);

std::optional<Object> object_from_text(std::string_view text);
// Empty for an empty object; what JSON does not have is left out.
std::string text_from_object(const Object& object);

}  // namespace modelverse
