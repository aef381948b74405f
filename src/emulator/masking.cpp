// SPDX-License-Identifier: LGPL-2.1-or-later
// Replacing pictures, wherever they stand.
#include "emulator/masking.h"

#include "emulator/encoded_picture.h"
#include "emulator/json.h"
#include "emulator/text.h"

namespace emulator {
namespace {

// Shorter strings are shown, be they Base64 or not.
constexpr std::size_t min_picture_text = 100;

JsonNodePtr described(const EncodedPicture& picture) {
  JsonObjectPtr object(json_object_new());
  const Blob& bytes = picture.bytes;
  set_text(object.get(), "sha256", sha256_hex(blob_data(bytes), blob_size(bytes)));
  json_object_set_int_member(object.get(), "length", static_cast<gint64>(blob_size(bytes)));
  set_text(object.get(), "media_type", picture.media_type);
  set_text(object.get(), "form", encoding_name(picture.encoding));
  return node_of(std::move(object));
}

}  // namespace

JsonNodePtr without_pictures(JsonNode* node) {
  if (is_text(node)) {
    const std::string_view text = json_node_get_string(node);
    const bool may_be = text.starts_with("data:") || text.size() >= min_picture_text;
    const auto picture = may_be ? read_encoded_picture(text) : std::nullopt;
    if (picture && picture->bytes)
      return described(*picture);
  }
  if (JSON_NODE_HOLDS_OBJECT(node)) {
    JsonObjectPtr copy(json_object_new());
    JsonObject* object = json_node_get_object(node);
    for (const std::string& name : member_names(object)) {
      JsonNode* member = json_object_get_member(object, name.c_str());
      json_object_set_member(copy.get(), name.c_str(), without_pictures(member).release());
    }
    return node_of(std::move(copy));
  }
  if (JSON_NODE_HOLDS_ARRAY(node)) {
    JsonArrayPtr copy(json_array_new());
    JsonArray* array = json_node_get_array(node);
    for (guint i = 0; i < json_array_get_length(array); ++i)
      json_array_add_element(copy.get(),
                             without_pictures(json_array_get_element(array, i)).release());
    return node_of(std::move(copy));
  }
  return JsonNodePtr(json_node_copy(node));
}

}  // namespace emulator
