// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads one row of a list of models.
#pragma once

#include <json-glib/json-glib.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/profile.h"

namespace modelverse::api {

class RowReader {
 public:
  // `where` is the prefix of each fault: "models[2] (acme/x)".
  RowReader(JsonObject* row, std::string where) : row_(row), where_(std::move(where)) {}

  // Changes the fields that the row contains. fault() returns the first error.
  void read(Profile& profile);
  const std::string& fault() const { return fault_; }

 private:
  using Take = void (RowReader::*)(Profile& profile, JsonNode* node);
  struct Known {
    const char* name;
    Take take;
  };
  static const Known known_members[];

  void take_nothing(Profile& profile, JsonNode* node);
  void take_body(Profile& profile, JsonNode* node);
  void take_picture(Profile& profile, JsonNode* node);
  void take_picture_forms(Profile& profile, JsonNode* node);
  void take_resolutions(Profile& profile, JsonNode* node);
  void take_durations(Profile& profile, JsonNode* node);
  void take_media_types(Profile& profile, JsonNode* node);
  void take_price(Profile& profile, JsonNode* node);
  template <auto member>
  void take_text(Profile& profile, JsonNode* node);
  template <auto member>
  void take_truth(Profile& profile, JsonNode* node);
  template <auto member, std::int64_t least>
  void take_number(Profile& profile, JsonNode* node);
  template <auto member>
  void take_limit(Profile& profile, JsonNode* node);

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
  void settle_picture(Profile& profile);
  void settle_resolutions(Profile& profile);
  void settle_durations(Profile& profile);
  void settle_price(const Profile& profile);
  bool has(const char* name) const { return json_object_has_member(row_, name) != FALSE; }
  void fail(const std::string& what);

  JsonObject* row_;
  std::string where_;
  std::string name_;  // of the current member
  std::string fault_;
  bool is_optional_ = false;
};

template <typename Visitor>
void RowReader::each_item(JsonNode* node, const Visitor& take) {
  if (!JSON_NODE_HOLDS_ARRAY(node))
    return fail("must be a list");
  JsonArray* items = json_node_get_array(node);
  const auto name = name_;
  for (guint i = 0; i < json_array_get_length(items); ++i) {
    name_ = name + "[" + std::to_string(i) + "]";
    take(json_array_get_element(items, i));
  }
  name_ = name;
}

}  // namespace modelverse::api
