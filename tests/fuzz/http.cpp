// SPDX-License-Identifier: LGPL-2.1-or-later
// What a server says beside its JSON: chunks, ranges, packed answers, links and places to go on.
#include <algorithm>
#include <vector>

#include "core/redact.h"
#include "fuzz.h"
#include "glib/handles.h"
#include "http/chunked.h"
#include "job/content_range.h"
#include "job/inflate.h"
#include "job/url_rules.h"

using namespace modelverse;

namespace {

// In pieces of `step` bytes, as the line may bring them.
std::vector<std::byte> decoded(std::span<const std::byte> wire, std::size_t step, bool& is_whole) {
  http::ChunkDecoder decoder;
  std::vector<std::byte> body;
  for (std::size_t at = 0; at < wire.size(); at += step) {
    const auto piece = wire.subspan(at, std::min(step, wire.size() - at));
    std::vector<std::byte> buffer(piece.begin(), piece.end());
    const auto size = decoder.decode(buffer);
    fuzz::require(size <= buffer.size());
    body.insert(body.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
  }
  is_whole = decoder.complete();
  return body;
}

bool is_own_machine(const std::string& link) {
  const UriPtr uri(g_uri_parse(link.c_str(), G_URI_FLAGS_NONE, nullptr));
  const char* host = uri ? g_uri_get_host(uri.get()) : nullptr;
  return host && std::string_view(host) == "127.0.0.1";
}

void check_link(const std::string& link) {
  constexpr const char* api = "https://api.service.example";
  const bool is_allowed = job::check_result_link(link, api, false).ok();
  fuzz::require(!is_allowed || job::origin_of(link).has_value());
  fuzz::require(!is_allowed || !is_own_machine(link));
  fuzz::require(without_secrets(link).find('?') == std::string::npos);
  if (const auto next = job::resolve_location("https://store.example/a?b", link))
    job::is_same_origin(*next, api);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span wire(reinterpret_cast<const std::byte*>(data), size);
  bool is_whole = false;
  bool is_whole_bytewise = false;
  fuzz::require(decoded(wire, std::max<std::size_t>(size, 1), is_whole) ==
                decoded(wire, 1, is_whole_bytewise));
  fuzz::require(is_whole == is_whole_bytewise);
  if (const auto range = job::parse_content_range(fuzz::text_of(data, size)))
    fuzz::require(range->first <= range->last && (!range->total || range->last < *range->total));
  const std::string link(std::string(fuzz::text_of(data, size)).c_str());
  check_link(link);
  const auto sendable = job::sendable_url(link);
  fuzz::require(std::ranges::all_of(sendable, [](char c) { return c > ' ' && c < 0x7f; }));
  fuzz::require(job::sendable_url(sendable) == sendable);
  check_link(sendable);
  for (const auto* encoding : {"gzip", "deflate"}) {
    const auto plain = job::inflate(fuzz::text_of(data, size), encoding, 1000);
    fuzz::require(!plain || plain->size() <= 1001);
  }
  return 0;
}
