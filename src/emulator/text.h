// SPDX-License-Identifier: LGPL-2.1-or-later
// Digests and random ids.
#pragma once

#include <string>

#include "emulator/handles.h"

namespace emulator {

inline std::string sha256_hex(const Blob& bytes) {
  g_autofree char* digest =
      g_compute_checksum_for_data(G_CHECKSUM_SHA256, blob_data(bytes), blob_size(bytes));
  return digest;
}

// 32 random hexadecimal digits.
inline std::string random_id() {
  g_autofree char* uuid = g_uuid_string_random();
  std::string id = uuid;
  std::erase(id, '-');
  return id;
}

inline std::int64_t unix_now() {
  return g_get_real_time() / G_USEC_PER_SEC;
}

}  // namespace emulator
