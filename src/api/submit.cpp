// SPDX-License-Identifier: LGPL-2.1-or-later
// The text of the submit request, and the routes.
#include <glib.h>

#include <cstddef>
#include <cstring>
#include <optional>
#include <string>

#include "api/json.h"
#include "api/submit_body.h"
#include "api/wire.h"
#include "glib/handles.h"

namespace modelverse::api {
namespace {

std::size_t base64_size(std::size_t size) {
  return (size + 2) / 3 * 4;
}

// Into the text itself: g_base64_encode() would need as much memory again.
void append_base64(std::string& text, const std::string& bytes) {
  const auto start = text.size();
  constexpr std::size_t most_extra = 4;  // of the two calls
  text.resize(start + base64_size(bytes.size()) + most_extra);
  gint state = 0;
  gint save = 0;
  auto size = g_base64_encode_step(reinterpret_cast<const guchar*>(bytes.data()), bytes.size(),
                                   FALSE, text.data() + start, &state, &save);
  size += g_base64_encode_close(FALSE, text.data() + start + size, &state, &save);
  text.resize(start + size);
}

}  // namespace

// A picture may have 40 MB, and json-glib copies every string several times. So it writes a random
// word in the picture's place, which the Base64 then replaces.
std::string encode_submit(const Profile& profile, const Request& request,
                          const std::string& external_id) {
  const auto write = [&](const std::optional<std::string>& place) {
    return write_json(submit_body(profile, request, place, external_id), JsonLayout::compact);
  };
  const auto* picture = sent_picture(profile, request);
  if (!picture)
    return write({});
  const CharPtr word(g_uuid_string_random());
  const auto frame = write(picture_prefix(profile, request, *picture) + word.get());
  const auto place = frame.find(word.get());
  std::string body;
  body.reserve(frame.size() + base64_size(picture->bytes.size()));
  body.append(frame, 0, place);
  append_base64(body, picture->bytes);
  body.append(frame, place + std::strlen(word.get()));
  return body;
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
