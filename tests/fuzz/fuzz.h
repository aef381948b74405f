// SPDX-License-Identifier: LGPL-2.1-or-later
// What the fuzz targets share: libFuzzer's entry, and a check that ends the process.
#pragma once

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// GLib ends the process on a critical by SIGTRAP, of which libFuzzer knows nothing: it would not
// write down the input.
extern "C" [[gnu::used]] inline int LLVMFuzzerInitialize(int*, char***) {
  std::signal(SIGTRAP, [](int) { std::abort(); });
  return 0;
}

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
