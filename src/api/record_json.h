// SPDX-License-Identifier: LGPL-2.1-or-later
// A Record as JSON text that a person can read, versioned.
#pragma once

#include <string>
#include <string_view>

#include "core/record.h"
#include "core/result.h"

namespace modelverse::api {

inline constexpr int record_version = 1;

std::string encode_record(const Record& record);
// Error (ErrorCode::wrong_type, `debug` says what is wrong): not JSON, another version, a missing,
// mistyped, unknown or repeated member, values that contradict each other (a task id while
// submitting or none afterwards, complete without size, a sha256 before).
Result<Record> decode_record(std::string_view text);

}  // namespace modelverse::api
