// SPDX-License-Identifier: LGPL-2.1-or-later
// A Record as readable, versioned JSON text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/record.h"
#include "core/result.h"

namespace modelverse::api {

inline constexpr int record_version = 1;

std::string encode_record(const Record& record);
// Error (ErrorCode::wrong_type, with the cause in `debug`): not JSON, another version, a missing,
// mistyped, unknown or repeated member, contradicting values (a task id while submitting or none
// afterwards, complete without size, a sha256 before).
Result<Record> decode_record(std::string_view text);

// Recovers a paid task from a record that decode_record() refuses: of a later version, or edited by
// the user. Returns key and task id if it is JSON and has both, or a submit under way (its outcome
// is then unknown). Other members are kept if they are valid: `complete` only with size and
// SHA-256, and without the members that save hashing the clip. Nothing if the text contains no
// task.
std::optional<Record> salvage_record(std::string_view text);

}  // namespace modelverse::api
