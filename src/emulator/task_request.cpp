// SPDX-License-Identifier: LGPL-2.1-or-later
// Which model a submit is for, and what it asks of it.
#include "emulator/task_request.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "emulator/json.h"
#include "emulator/masking.h"
#include "emulator/request_validator.h"

namespace emulator {
namespace {

RequestError refuse_request(std::string message) {
  return {400, "param_error", std::move(message)};
}

// For a model without a row: the first string that is a picture, wherever it stands.
std::optional<EncodedPicture> first_picture(JsonNode* node) {
  if (is_text(node)) {
    const std::string_view text = json_node_get_string(node);
    const bool may_be =
        text.starts_with("data:image/") || text.starts_with("http") || text.size() >= 100;
    return may_be ? read_encoded_picture(text) : std::nullopt;
  }
  if (JSON_NODE_HOLDS_OBJECT(node)) {
    JsonObject* object = json_node_get_object(node);
    for (const std::string& name : member_names(object)) {
      if (auto picture = first_picture(json_object_get_member(object, name.c_str())))
        return picture;
    }
  }
  if (JSON_NODE_HOLDS_ARRAY(node)) {
    JsonArray* array = json_node_get_array(node);
    for (guint i = 0; i < json_array_get_length(array); ++i) {
      if (auto picture = first_picture(json_array_get_element(array, i)))
        return picture;
    }
  }
  return {};
}

TaskRequest unknown_model_request(JsonObject* body) {
  TaskRequest request;
  request.prompt = text_at(body, "input.prompt");
  JsonNode* duration = find_path(body, "parameters.duration");
  if (duration && is_integer(duration))
    request.seconds =
        static_cast<int>(std::clamp<std::int64_t>(json_node_get_int(duration), 1, 60));
  JsonNodePtr root(json_node_new(JSON_NODE_OBJECT));
  json_node_set_object(root.get(), body);
  if (auto picture = first_picture(root.get()))
    request.picture = std::move(*picture);
  return request;
}

std::variant<TaskRequest, RequestError> known_request(const ModelRow& model, JsonObject* body,
                                                      std::uint64_t body_bytes) {
  if (model.max_body_bytes > 0 && body_bytes > model.max_body_bytes)
    return refuse_request("the request is larger than " + std::to_string(model.max_body_bytes) +
                          " bytes");
  RequestValidator validator(model);
  if (auto refusal = validator.validate(body))
    return std::move(*refusal);
  TaskRequest request = std::move(validator).request();
  request.external_task_id = text_at(body, "parameters.external_task_id");
  return request;
}

}  // namespace

SizeRow size_of(const std::string& resolution) {
  const std::vector<SizeRow>& sizes = model_table().front().sizes;
  const auto row = std::ranges::find_if(
      sizes, [&resolution](const SizeRow& size) { return resolution == size.resolution; });
  return row == sizes.end() ? sizes.front() : *row;
}

std::variant<TaskRequest, RequestError> read_task_request(JsonObject* body,
                                                          std::uint64_t body_bytes,
                                                          bool is_any_model_accepted) {
  JsonNode* name = json_object_get_member(body, "model");
  if (!name)
    return refuse_request("missing required field model");
  if (!is_text(name))
    return refuse_request("model must be a string");
  const std::string model_name = json_node_get_string(name);
  const auto model = std::ranges::find_if(
      model_table(), [&model_name](const ModelRow& row) { return model_name == row.name; });
  const bool is_known = model != model_table().end();
  if (!is_known && !is_any_model_accepted)
    return refuse_request("model: unknown model " + model_name);
  auto read = is_known ? known_request(*model, body, body_bytes) : unknown_model_request(body);
  auto* request = std::get_if<TaskRequest>(&read);
  if (!request)
    return read;
  request->model = model_name;
  JsonNode* parameters = json_object_get_member(body, "parameters");
  request->parameters = parameters ? to_text(without_pictures(parameters).get()) : "{}";
  return read;
}

}  // namespace emulator
