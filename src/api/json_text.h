// SPDX-License-Identifier: LGPL-2.1-or-later
// JSON text for the modules that do not see json-glib.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/value.h"

namespace modelverse::api {

// Laid out for a person, with a newline at the end. Every character comes back as it was; those
// that cannot be printed are escaped, so that the text does no harm to a terminal either.
std::string json_text(const Array& items);

// In one line, as it stands in a URI. What JSON does not have becomes null.
std::string json_from_object(const Object& object);
// Nothing where `text` is not one JSON object of at most 64 KiB and 32 levels whose integers fit
// into 64 bits.
std::optional<Object> object_from_json(std::string_view text);

}  // namespace modelverse::api
