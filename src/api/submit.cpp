// SPDX-License-Identifier: LGPL-2.1-or-later
// The text of the submit request, and the routes.
#include <glib.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "api/json_text.h"
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

// The body without the pictures' bytes. A picture may have 40 MB: a random word is in its place,
// with the number of the picture, "WORD0000" for the first of them.
struct Frame {
  std::vector<SentPicture> pictures;
  std::string word;
  std::string text;

  std::size_t mark_size() const { return word.size() + digits; }
  std::size_t whole_size() const {
    auto size = text.size() - pictures.size() * mark_size();
    for (const auto& picture : pictures)
      size += base64_size(picture.bytes->bytes.size());
    return size;
  }
};

Frame make_frame(const Profile& profile, const Request& request, const std::string& external_id) {
  Frame frame{.pictures = sent_pictures(profile, request),
              .word = CharPtr(g_uuid_string_random()).get(),
              .text = {}};
  BodyParts parts{.external_id = external_id, .has_unkeyed = true};
  for (std::size_t i = 0; i < frame.pictures.size(); ++i) {
    const auto& [index, picture] = frame.pictures[i];
    parts.pictures.resize(index + 1);
    parts.pictures[index] = picture_prefix(profile, request, *picture) + frame.word + number_of(i);
  }
  frame.text = write_json(submit_body(profile, request, parts));
  return frame;
}

}  // namespace

std::string encode_submit(const Profile& profile, const Request& request,
                          const std::string& external_id) {
  const auto frame = make_frame(profile, request, external_id);
  std::string body;
  body.reserve(frame.whole_size() + 4);  // what append_base64() needs
  std::size_t done = 0;
  for (auto mark = frame.text.find(frame.word); mark != std::string::npos;
       mark = frame.text.find(frame.word, done)) {
    body.append(frame.text, done, mark - done);
    done = mark + frame.mark_size();
    const auto number = frame.text.substr(done - digits, digits);
    append_base64(body, frame.pictures[index_of(number)].bytes->bytes);
  }
  body.append(frame.text, done);
  return body;
}

std::size_t submit_size(const Profile& profile, const Request& request) {
  return make_frame(profile, request, {}).whole_size();
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
