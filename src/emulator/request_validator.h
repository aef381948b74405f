// SPDX-License-Identifier: LGPL-2.1-or-later
// Compares a submit's body with a row of the model table.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "emulator/encoded_picture.h"
#include "emulator/model_table.h"

namespace emulator {

// Collects all errors, and the values for the clip.
class RequestValidator {
 public:
  RequestValidator(const Model& model, JsonObject* body);

  const Model& model() const { return model_; }
  const std::vector<std::string>& problems() const { return problems_; }
  // The value of the first field with this role, else the field's default, else null.
  JsonNode* value(const char* role) const;
  std::string text(const char* role) const;
  // The first frame, else the first reference picture; without bytes and URL if there is none.
  EncodedPicture picture() const;

 private:
  // An object's path ends with a dot: "", "input.", "input.content[].".
  void check_object(JsonObject* object, const std::string& path);
  void check_node(JsonNode* node, const std::string& path);
  void check_required(JsonObject* object, const std::string& path);
  void check_mime_type(JsonObject* object, const std::string& path);
  void check_field(JsonObject* field, JsonNode* node, const std::string& path);
  void check_list(JsonObject* field, JsonNode* node, const std::string& path);
  void check_text(JsonObject* field, const std::string& value, const std::string& path);
  void check_picture(const std::string& value, const std::string& path);
  void check_rule(JsonObject* rule);
  bool is_met(JsonNode* root, const std::string& path, JsonNode* condition) const;
  void add_problem(std::string problem) { problems_.push_back(std::move(problem)); }

  const Model model_;
  const std::vector<std::string> required_;  // paths
  JsonNodePtr body_;
  std::vector<std::string> problems_;
  std::map<std::string, JsonNode*> values_;  // by role
};

}  // namespace emulator
