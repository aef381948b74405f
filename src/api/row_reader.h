// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads one row of a list of models.
#pragma once

#include <json-glib/json-glib.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/profile.h"
#include "glib/text.h"

namespace modelverse::api {

// "2026-04-15"
bool is_date(const std::string& text);

class RowReader {
 public:
  // `where` is the prefix of each fault: "models[2] (acme/x)".
  RowReader(JsonObject* row, std::string where) : row_(row), where_(std::move(where)) {}

  // Changes the fields that the row contains. fault() returns the first error, in the user's
  // language.
  void read(Profile& profile);
  // Likewise for the changes of a mode, whose base is its row.
  void read_mode(Profile& profile, const PictureRoles& pictures);
  const std::string& fault() const { return fault_; }

 private:
  using Take = void (RowReader::*)(Profile& profile, JsonNode* node);
  struct Known {
    const char* name;
    Take take;
  };
  static const Known known_members[];
  static const Known members_of_rows[];

  void read_members(Profile& profile, bool is_mode);

  void take_body(Profile& profile, JsonNode* node);
  void take_picture_forms(Profile& profile, JsonNode* node);
  void take_resolutions(Profile& profile, JsonNode* node);
  void take_durations(Profile& profile, JsonNode* node);
  void take_media_types(Profile& profile, JsonNode* node);
  void take_price(Profile& profile, JsonNode* node);
  void take_modes(Profile& profile, JsonNode* node);
  void take_aspect_ratios(Profile& profile, JsonNode* node);
  void take_seeds(Profile& profile, JsonNode* node);
  void take_audio(Profile& profile, JsonNode* node);
  void take_unkeyed(Profile& profile, JsonNode* node);
  void take_withdrawn(Profile& profile, JsonNode* node);
  void take_headers(Profile& profile, JsonNode* node);
  void take_usual_seconds(Profile& profile, JsonNode* node);
  template <PictureUse Profile::*member>
  void take_use(Profile& profile, JsonNode* node);
  template <auto member>
  void take_text(Profile& profile, JsonNode* node);
  template <auto member>
  void take_truth(Profile& profile, JsonNode* node);
  template <auto member, std::int64_t least>
  void take_number(Profile& profile, JsonNode* node);
  template <auto member>
  void take_limit(Profile& profile, JsonNode* node);

  // The objects `input` and `parameters`.
  std::optional<Object> read_sections(JsonNode* node);
  std::optional<Mode> read_pictures_of_mode(JsonNode* node);
  std::vector<Member> read_texts(JsonNode* node);
  Resolution read_resolution(JsonNode* node);
  std::optional<FrameSize> read_frame(JsonNode* node);
  std::vector<int> read_durations(JsonNode* node);
  std::int64_t read_amount(JsonNode* node);
  std::vector<std::string> read_price_resolutions(JsonNode* node);
  void read_price_member(PriceCase& one, const std::string& member, JsonNode* node);
  PriceCase read_price_case(JsonNode* node);
  // Calls `take` with each item, with `name_` set to its name.
  template <typename Visitor>
  void each_item(JsonNode* node, const Visitor& take);

  // Checks members against each other.
  void settle(Profile& profile);
  void settle_modes(Profile& profile);
  void settle_picture(Profile& profile);
  void settle_last_picture(Profile& profile);
  void settle_references(Profile& profile);
  void settle_mode(Profile& profile);
  void settle_aspect_ratio(Profile& profile);
  void settle_resolutions(Profile& profile);
  void settle_durations(Profile& profile);
  void settle_usual_seconds(Profile& profile);
  void settle_price(const Profile& profile);
  bool has(const char* name) const { return json_object_has_member(row_, name) != FALSE; }
  // Keeps the first fault: fail(_("%s must be a list"), here().c_str()).
  [[gnu::format(printf, 2, 3)]] void fail(const char* format, ...);
  // "models[2] (acme/x).durations"
  std::string here() const { return where_ + "." + name_; }

  JsonObject* row_;
  std::string where_;
  std::string name_;  // of the current member
  std::string fault_;
};

template <typename Visitor>
void RowReader::each_item(JsonNode* node, const Visitor& take) {
  if (!JSON_NODE_HOLDS_ARRAY(node))
    return fail(_("%s must be a list"), here().c_str());
  JsonArray* items = json_node_get_array(node);
  const auto name = name_;
  for (guint i = 0; i < json_array_get_length(items); ++i) {
    name_ = name + "[" + std::to_string(i) + "]";
    take(json_array_get_element(items, i));
  }
  name_ = name;
}

}  // namespace modelverse::api
