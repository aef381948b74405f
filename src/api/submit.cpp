// SPDX-License-Identifier: LGPL-2.1-or-later
// The text of the submit request, and the routes.
#include <glib.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "api/json_text.h"
#include "api/submit_body.h"
#include "api/wire.h"
#include "glib/handles.h"

namespace modelverse::api {
namespace {

// `has_bytes`: else each picture is an empty one.
BodyParts parts_to_send(const Profile& profile, const Request& request, bool has_bytes) {
  BodyParts parts{.has_unkeyed = true};
  for (const auto& [index, picture] : sent_pictures(profile, request)) {
    parts.pictures.resize(index + 1);
    parts.pictures[index] = Value{Base64{.prefix = picture_prefix(profile, request, *picture),
                                         .bytes = has_bytes ? picture->bytes : std::string_view()}};
  }
  return parts;
}

std::size_t size_of_pictures(const Profile& profile, const Request& request) {
  std::size_t size = 0;
  for (const auto& sent : sent_pictures(profile, request))
    size += base64_size(sent.bytes->bytes.size());
  return size;
}

}  // namespace

SubmitRequest encode_submit(const Profile& profile, const Request& request, std::string fresh_id) {
  // Of almost every request more than all else: a text that grows is copied.
  constexpr std::size_t all_else = 64 << 10;
  auto parts = parts_to_send(profile, request, true);
  parts.external_id = choose_external_id(profile, request, std::move(fresh_id));
  return {.external_id = parts.external_id,
          .body = write_json(submit_body(profile, request, parts), JsonLayout::compact,
                             size_of_pictures(profile, request) + all_else)};
}

std::size_t submit_size(const Profile& profile, const Request& request) {
  const auto around =
      write_json(submit_body(profile, request, parts_to_send(profile, request, false)));
  return around.size() + size_of_pictures(profile, request);
}

std::string submit_path() {
  return "/v1/tasks/submit";
}

std::string status_path(std::string_view task_id) {
  const CharPtr escaped(
      g_uri_escape_bytes(reinterpret_cast<const guint8*>(task_id.data()), task_id.size(), nullptr));
  return std::string("/v1/tasks/status?task_id=") + escaped.get();
}

}  // namespace modelverse::api
