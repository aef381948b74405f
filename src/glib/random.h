// SPDX-License-Identifier: LGPL-2.1-or-later
// Names and ids that nobody else has.
#pragma once

#include <glib.h>
#include <sys/random.h>

#include <cerrno>
#include <cstddef>
#include <string>

#include "glib/file.h"

namespace modelverse {

// Hex digits of so many random bytes (at most 256) from the kernel: GLib's random numbers, and the
// UUIDs made of them, are those of the parent in a child of fork(2).
inline std::string random_hex(std::size_t bytes) {
  constexpr const char* digits = "0123456789abcdef";
  std::string random(bytes, '\0');
  if (uninterrupted([&] { return ::getrandom(random.data(), bytes, 0); }) !=
      static_cast<ssize_t>(bytes))
    g_error("getrandom: %s", g_strerror(errno));
  std::string text;
  for (const char byte : random) {
    text += digits[static_cast<unsigned char>(byte) / 16];
    text += digits[static_cast<unsigned char>(byte) % 16];
  }
  return text;
}

}  // namespace modelverse
