// SPDX-License-Identifier: LGPL-2.1-or-later
// Small helpers on text.
#include "emulator/text.h"

#include <algorithm>

#include "emulator/handles.h"

namespace emulator {

std::string sha256_hex(const void* data, std::size_t size) {
  CharPtr digest(g_compute_checksum_for_data(G_CHECKSUM_SHA256,
                                             static_cast<const unsigned char*>(data), size));
  return digest.get();
}

std::string random_id() {
  CharPtr uuid(g_uuid_string_random());
  std::string id = uuid.get();
  std::erase(id, '-');
  return id;
}

std::string mask_signature(std::string_view query) {
  constexpr std::string_view name = "Signature=";
  std::string masked;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view item = query.substr(0, end);
    masked += item.starts_with(name) ? std::string(name) + "***" : std::string(item);
    if (end < query.size())
      masked += '&';
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return masked;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace emulator
