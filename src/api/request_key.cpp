// SPDX-License-Identifier: LGPL-2.1-or-later
// The names of cache entries on disk.
//
// THIS FORMAT MUST NEVER CHANGE: with any other byte, every cached clip and unfinished task is
// lost, that is, paid for again. A key is the SHA-256 of the following sequence of items. Each item
// is self-delimiting, so two different sequences never have the same bytes.
//
//   text      s<length in bytes, decimal>:<the bytes>
//   integer   i<decimal>;
//   double    d<its IEEE 754 bits as 16 hex digits>;
//   boolean   t or f
//   null      n
//   list      a<number of items>:<the items>
//   object    o<number of members>:<name as text, value> for each, sorted by the names' bytes
//
// request_key:      text "modelverse request 1", text origin, integer take,
//                   object body without the picture (defaults filled in, extras merged);
//                   and if bytes of a picture are sent: text of its position
//                   ("input.first_frame_url", "input.content[].image_url.url"), text of the
//                   prefix of the Base64, text of the bytes themselves (not of their Base64);
//                   or, if a picture is changed before it is sent: text of its position, text
//                   "changed", text of the prefix of the source's Base64, text of the change
//                   ("fit 1 crop 1280x720"), text of the source's type if the prefix is empty (a
//                   prefix names the type, and bytes of raw frames do not), text of the source's
//                   bytes. The changed bytes are not part of it: another version of a library
//                   encodes them differently.
//                   The bytes of a last frame and of reference pictures follow in this order, each
//                   as above, after text "last" or text "reference" and its integer index. The
//                   body has no members of the row's `unkeyed`.
// adopted_task_key: text "modelverse task 1", text origin, text task id.
// further_clip_key: text "modelverse clip 1", text origin, text task id, integer url index.
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "api/body_template.h"
#include "api/sha256.h"
#include "api/submit_body.h"
#include "api/wire.h"

namespace modelverse::api {
namespace {

class Hasher {
 public:
  explicit Hasher(std::stop_token stop = {}) : stop_(std::move(stop)) {}

  void operator()(std::nullptr_t) { raw("n"); }
  void operator()(bool flag) { raw(flag ? "t" : "f"); }
  void operator()(std::int64_t number) { raw("i" + std::to_string(number) + ";"); }
  void operator()(double number) {
    char hex[17];
    std::snprintf(hex, sizeof hex, "%016llx",
                  static_cast<unsigned long long>(std::bit_cast<std::uint64_t>(number)));
    raw(std::string("d") + hex + ";");
  }
  void operator()(std::string_view text) {
    raw("s" + std::to_string(text.size()) + ":");
    raw(text);
  }
  void operator()(const Array& items) {
    raw("a" + std::to_string(items.size()) + ":");
    for (const auto& item : items)
      std::visit(*this, item.data);
  }
  void operator()(const Foreign&) { raw("n"); }  // refused earlier
  void operator()(const Base64&) {}              // hashed apart: hash_picture()
  void operator()(const Object& object) {
    std::vector<const Member*> members;
    for (const auto& member : object)
      members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return a->name < b->name; });
    raw("o" + std::to_string(members.size()) + ":");
    for (const auto* member : members) {
      (*this)(std::string_view(member->name));
      std::visit(*this, member->value.data);
    }
  }
  std::string hex() const { return sum_.hex(); }

 private:
  // A picture in memory may have hundreds of megabytes.
  void raw(std::string_view bytes) {
    constexpr std::size_t between_looks = 1 << 20;
    for (; !bytes.empty() && !stop_.stop_requested();
         bytes.remove_prefix(std::min(between_looks, bytes.size())))
      sum_.feed(bytes.substr(0, between_looks));
  }

  const std::stop_token stop_;
  Sha256 sum_;
};

void hash_picture(Hasher& hasher, const Profile& profile, const Request& request,
                  const SentPicture& sent) {
  const auto role = role_of_picture(sent.index);
  const auto& picture = *sent.bytes;
  if (role == PictureRole::last)
    hasher(std::string_view("last"));
  if (role == PictureRole::reference) {
    hasher(std::string_view("reference"));
    hasher(static_cast<std::int64_t>(sent.index - index_of_references));
  }
  hasher(std::string_view(find_placeholder(profile.body, placeholder_of(role)).path));
  if (!picture.change.empty())
    hasher(std::string_view("changed"));
  const auto prefix = picture_prefix(profile, request, picture);
  hasher(std::string_view(prefix));
  if (!picture.change.empty())
    hasher(std::string_view(picture.change));
  if (!picture.change.empty() && prefix.empty())
    hasher(std::string_view(picture.media_type));
  hasher(std::string_view(picture.bytes));
}

}  // namespace

// A picture's bytes are hashed in a separate pass over their only copy. Hashing while reading the
// file is impossible: the preceding items (their number, and the change, which depends on headers
// that may be last in HEIC and TIFF) are known only after reading. Hashing while sending is
// impossible, too: the key decides whether they are sent.
std::string request_key(const Profile& profile, const Request& request, std::string_view origin,
                        std::stop_token stop) {
  Hasher hasher(std::move(stop));
  hasher(std::string_view("modelverse request 1"));
  hasher(origin);
  hasher(std::int64_t{request.take});
  hasher(submit_body(profile, request, {}));
  for (const auto& sent : sent_pictures(profile, request))
    hash_picture(hasher, profile, request, sent);
  return hasher.hex();
}

std::string adopted_task_key(std::string_view task_id, std::string_view origin) {
  Hasher hasher;
  hasher(std::string_view("modelverse task 1"));
  hasher(origin);
  hasher(task_id);
  return hasher.hex();
}

std::string further_clip_key(std::string_view task_id, std::string_view origin,
                             unsigned url_index) {
  Hasher hasher;
  hasher(std::string_view("modelverse clip 1"));
  hasher(origin);
  hasher(task_id);
  hasher(std::int64_t{url_index});
  return hasher.hex();
}

}  // namespace modelverse::api
