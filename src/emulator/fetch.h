// SPDX-License-Identifier: LGPL-2.1-or-later
// Fetches a picture that a request names by a loopback URL.
#pragma once

#include <string>
#include <variant>

#include "emulator/handles.h"

namespace emulator {

bool is_loopback_url(const std::string& url);
// Blocks, for 10 s of silence at most; the size is bounded.
std::variant<Blob, std::string> fetch(const std::string& url);

}  // namespace emulator
