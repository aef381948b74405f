// SPDX-License-Identifier: LGPL-2.1-or-later
// Walks through a submit's body, field by field, and takes what the task needs on the way.
#pragma once

#include <json-glib/json-glib.h>

#include <optional>
#include <string>

#include "emulator/task_request.h"

namespace emulator {

class RequestValidator {
 public:
  explicit RequestValidator(const ModelRow& model) : model_(model) {}

  // What is wrong with the body, or nothing; then request() is what it asks for.
  std::optional<RequestError> validate(JsonObject* body);
  TaskRequest request() && { return std::move(request_); }

 private:
  using Problem = std::optional<RequestError>;

  // `path` is the object's own, with its dot: "", "input.", "input.content[].".
  Problem check_members(JsonObject* object, const std::string& path);
  Problem check_required(JsonObject* object, const std::string& path) const;
  Problem check_inner(JsonNode* node, const std::string& path);
  Problem check_field(const FieldRow& field, JsonNode* node);
  Problem check_text(const FieldRow& field, const std::string& value);
  Problem check_picture(const FieldRow& field, const std::string& value);
  Problem check_mime_type(JsonObject* object, const std::string& path) const;
  const FieldRow* find_field(const std::string& path) const;
  bool is_inner(const std::string& start) const;
  void set_clip(JsonObject* body);

  const ModelRow& model_;
  TaskRequest request_;
};

}  // namespace emulator
