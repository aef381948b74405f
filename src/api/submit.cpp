// SPDX-License-Identifier: LGPL-2.1-or-later
// The submit request as text, and the routes.
#include <cstdint>
#include <string>

#include "api/json.h"
#include "api/submit_body.h"
#include "api/wire.h"

namespace modelverse::api {
namespace {

// A word that does not occur in `text`.
std::string unused_word(const std::string& text) {
  for (unsigned number = 0;; ++number) {
    std::string word = "picture" + std::to_string(number);
    if (text.find(word) == std::string::npos)
      return word;
  }
}

void append_base64(std::string& text, const std::string& bytes) {
  const auto start = text.size();
  text.resize(start + (bytes.size() / 3 + 1) * 4 + 4);  // g_base64_encode_step's stated need
  char* const out = text.data() + start;
  gint state = 0;
  gint save = 0;
  gsize written = g_base64_encode_step(reinterpret_cast<const guchar*>(bytes.data()), bytes.size(),
                                       FALSE, out, &state, &save);
  written += g_base64_encode_close(FALSE, out + written, &state, &save);
  text.resize(start + written);
}

}  // namespace

// A picture may have 40 MB, and json-glib copies every string several times. So it writes a short
// word in the picture's place, and the Base64 is encoded straight into the one buffer that is
// returned: of the Base64 there is never more than this one copy.
std::string encode_submit(const Profile& profile, const Request& request) {
  const auto* picture = sent_picture(profile, request);
  if (!picture)
    return write_json(submit_body(profile, request, {}), JsonLayout::compact);
  const auto prefix = picture_prefix(profile, request, *picture);
  const auto word =
      unused_word(write_json(submit_body(profile, request, prefix), JsonLayout::compact));
  const auto frame = write_json(submit_body(profile, request, prefix + word), JsonLayout::compact);
  const auto place = frame.find(word);
  std::string text;
  text.reserve(frame.size() + (picture->bytes.size() / 3 + 1) * 4 + 4);
  text.append(frame, 0, place);
  append_base64(text, picture->bytes);
  text.append(frame, place + word.size());
  return text;
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
