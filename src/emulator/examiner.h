// SPDX-License-Identifier: LGPL-2.1-or-later
// Walks through a submit's body, field by field, and takes what the order needs on the way.
#pragma once

#include <json-glib/json-glib.h>

#include <optional>
#include <string>

#include "emulator/model.h"

namespace emulator {

class Examiner {
 public:
  explicit Examiner(const ModelRow& model) : model_(model) {}

  // What is wrong with the body, or nothing; then order() is what it asks for.
  std::optional<Refusal> examine(JsonObject* body);
  Order order() && { return std::move(order_); }

 private:
  using Complaint = std::optional<Refusal>;

  // `path` is the object's own, with its dot: "", "input.", "input.content[].".
  Complaint check_members(JsonObject* object, const std::string& path);
  Complaint check_required(JsonObject* object, const std::string& path) const;
  Complaint check_inner(JsonNode* node, const std::string& path);
  Complaint check_field(const FieldRow& field, JsonNode* node);
  Complaint check_text(const FieldRow& field, const std::string& value);
  Complaint check_picture(const FieldRow& field, const std::string& value);
  Complaint check_mime_type(JsonObject* object, const std::string& path) const;
  const FieldRow* find_field(const std::string& path) const;
  bool is_inner(const std::string& start) const;
  void settle_order(JsonObject* body);

  const ModelRow& model_;
  Order order_;
};

}  // namespace emulator
