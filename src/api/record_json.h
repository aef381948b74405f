// SPDX-License-Identifier: LGPL-2.1-or-later
// A Record as JSON text that a person can read, versioned.
#pragma once

#include <optional>
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

// What decode_record() refuses may still tell of a task that is paid for: one of a later version,
// or one that a person has edited. Its key and task id where it is JSON and has both, or that a
// submit was under way (its outcome is not known then); the rest as far as it can be believed:
// `complete` with size and SHA-256 only, and without what would save hashing the clip. Nothing
// where it tells of no task.
std::optional<Record> salvage_record(std::string_view text);

}  // namespace modelverse::api
