// SPDX-License-Identifier: LGPL-2.1-or-later
// The text of the submit request, and the routes.
#include <glib.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
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

// The index of a picture in the body, as text of a fixed length.
constexpr std::size_t digits = 4;

std::string number_of(std::size_t index) {
  char text[digits + 1] = {};
  std::snprintf(text, sizeof text, "%04u", static_cast<unsigned>(index % 10'000));
  return text;
}

std::size_t index_of(const std::string& number) {
  return std::strtoul(number.c_str(), nullptr, 10);
}

}  // namespace

// A picture may have 40 MB, and json-glib copies every string several times. So it writes a random
// word in each picture's place, which the Base64 then replaces: "WORD0000" for the first of them.
std::string encode_submit(const Profile& profile, const Request& request,
                          const std::string& external_id) {
  const auto pictures = sent_pictures(profile, request);
  const CharPtr word(g_uuid_string_random());
  BodyParts parts{.external_id = external_id, .has_unkeyed = true};
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const auto& [index, picture] = pictures[i];
    parts.pictures.resize(index + 1);
    parts.pictures[index] = picture_prefix(profile, request, *picture) + word.get() + number_of(i);
    bytes += base64_size(picture->bytes.size());
  }
  const auto frame = write_json(submit_body(profile, request, parts), JsonLayout::compact);
  std::string body;
  body.reserve(frame.size() + bytes);
  std::size_t done = 0;
  for (auto place = frame.find(word.get()); place != std::string::npos;
       place = frame.find(word.get(), done)) {
    const auto number = place + std::strlen(word.get());
    body.append(frame, done, place - done);
    append_base64(body, pictures[index_of(frame.substr(number, digits))].bytes->bytes);
    done = number + digits;
  }
  body.append(frame, done);
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
