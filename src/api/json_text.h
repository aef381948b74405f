// SPDX-License-Identifier: LGPL-2.1-or-later
// Values as JSON for programs and pipes, for those who do not see json-glib.
#pragma once

#include <string>

#include "core/value.h"

namespace modelverse::api {

// Laid out for a person, with a newline at the end. Every character comes back as it was; those
// that cannot be printed are escaped, so that the text does no harm to a terminal either.
std::string json_text(const Array& items);

}  // namespace modelverse::api
