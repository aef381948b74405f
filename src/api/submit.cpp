// SPDX-License-Identifier: LGPL-2.1-or-later
// The text of the submit request, and the routes.
#include <glib.h>

#include <string>
#include <utility>

#include "api/json.h"
#include "api/streamed_body.h"
#include "api/submit_body.h"
#include "api/wire.h"
#include "glib/handles.h"

namespace modelverse::api {
namespace {

// Returns a word that does not occur in `text`.
std::string unused_word(const std::string& text) {
  for (unsigned number = 0;; ++number) {
    std::string word = "picture" + std::to_string(number);
    if (text.find(word) == std::string::npos)
      return word;
  }
}

}  // namespace

// A picture may have 40 MB, and json-glib copies every string several times. So it writes a short
// word in the picture's place, and StreamedBody replaces the word by the Base64.
std::shared_ptr<const ByteSource> encode_submit(const Profile& profile, Request request,
                                                const std::string& external_id) {
  const auto write = [&](const std::optional<std::string>& place) {
    return write_json(submit_body(profile, request, place, external_id), JsonLayout::compact);
  };
  const auto* picture = sent_picture(profile, request);
  if (!picture)
    return std::make_shared<StreamedBody>(write({}), "", "");
  const auto prefix = picture_prefix(profile, request, *picture);
  const auto word = unused_word(write(prefix));
  const auto frame = write(prefix + word);
  const auto place = frame.find(word);
  return std::make_shared<StreamedBody>(frame.substr(0, place),
                                        std::move(std::get<PictureBytes>(request.picture).bytes),
                                        frame.substr(place + word.size()));
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
