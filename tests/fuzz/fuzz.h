// SPDX-License-Identifier: LGPL-2.1-or-later
// What the fuzz targets share: libFuzzer's entry, and a check that ends the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// What must hold whatever the input is.
inline void require(bool holds) {
  if (!holds)
    std::abort();
}

}  // namespace fuzz
