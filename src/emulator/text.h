// SPDX-License-Identifier: LGPL-2.1-or-later
// Small text tools: digests, random ids, and what must not be shown.
#pragma once

#include <string>
#include <string_view>

namespace emulator {

std::string sha256_hex(const void* data, std::size_t size);
// 32 hexadecimal digits, never the same twice.
std::string random_id();
// The query with the value of `Signature` masked.
std::string mask_signature(std::string_view query);
void replace_all(std::string& text, std::string_view what, std::string_view with);

}  // namespace emulator
