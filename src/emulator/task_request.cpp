// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the request from a submit's body.
#include "emulator/task_request.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string_view>

#include "emulator/json.h"
#include "emulator/request_log.h"
#include "emulator/request_validator.h"

namespace emulator {
namespace {

// For a model without a row: the first string that is a picture, at any position.
std::optional<EncodedPicture> first_picture(JsonNode* node) {
  if (is_text(node)) {
    const std::string_view text = json_node_get_string(node);
    const bool may_be =
        text.starts_with("data:image/") || text.starts_with("http") || text.size() >= 100;
    return may_be ? read_encoded_picture(text) : std::nullopt;
  }
  for (JsonNode* one : children(node)) {
    if (auto picture = first_picture(one))
      return picture;
  }
  return {};
}

TaskRequest unknown_model_request(JsonObject* body) {
  TaskRequest request;
  request.clip.prompt = text_at(body, "input.prompt");
  JsonNode* duration = find_path(body, "parameters.duration");
  if (duration && is_integer(duration))
    request.clip.seconds =
        static_cast<int>(std::clamp<std::int64_t>(json_node_get_int(duration), 1, 60));
  JsonNodePtr root(json_node_new(JSON_NODE_OBJECT));
  json_node_set_object(root.get(), body);
  request.picture = first_picture(root.get()).value_or(EncodedPicture());
  return request;
}

std::optional<Size> read_pair(const std::string& text, const char* format) {
  Size size;
  const bool is_pair = std::sscanf(text.c_str(), format, &size.width, &size.height) == 2;
  return is_pair && size.width > 0 && size.height > 0 ? std::optional(size) : std::nullopt;
}

// The encoders require even sides.
int even(int side) {
  return side / 2 * 2;
}

// Except for named sizes, the schemas do not specify the size of a resolution.
void set_size(const RequestValidator& valid, TaskRequest& request) {
  const std::string size = valid.text("size");
  const std::string resolution = size.empty() ? valid.text("resolution") : size;
  if (const auto exact = read_pair(resolution, "%dx%d")) {
    request.clip.size = *exact;
    request.is_size_fixed = true;
    return;
  }
  request.clip.size = valid.model().size(resolution);
  const char* role = *request.picture.encoding ? "aspect" : "aspect without picture";
  std::string aspect = valid.text(role);
  if (aspect.empty())
    aspect = valid.text("aspect");
  if (const auto shape = read_pair(aspect, "%d:%d")) {
    const int shorter = std::min(shape->width, shape->height);
    const int side = request.clip.size.height;
    request.clip.size = {even(side * shape->width / shorter), even(side * shape->height / shorter)};
    request.is_size_fixed = true;
  }
}

TaskRequest known_model_request(const RequestValidator& valid) {
  const Model& model = valid.model();
  TaskRequest request;
  request.clip.prompt = valid.text("prompt");
  request.picture = valid.picture();
  if (JsonNode* duration = valid.value("duration"))
    request.clip.seconds = static_cast<int>(json_node_get_int(duration));
  request.clip.frame_rate = static_cast<int>(
      json_object_get_int_member_with_default(model.row(), "frame_rate", request.clip.frame_rate));
  request.external_task_id = valid.text("external id");
  request.is_size_exact = json_object_has_member(model.row(), "exact_size");
  set_size(valid, request);
  if (JsonObject* pictures = model.pictures()) {
    request.min_side =
        static_cast<int>(json_object_get_int_member_with_default(pictures, "min_side", 0));
    request.max_aspect = json_object_get_double_member_with_default(pictures, "max_aspect", 0);
  }
  return request;
}

}  // namespace

std::variant<TaskRequest, std::string> read_task_request(JsonObject* body,
                                                         bool is_any_model_accepted) {
  JsonNode* name = json_object_get_member(body, "model");
  if (!name || !is_text(name))
    return name ? "model must be a string" : "missing required field model";
  std::vector<RequestValidator> rows;
  for (const Model& model : Model::find(json_node_get_string(name)))
    rows.emplace_back(model, body);
  if (rows.empty() && !is_any_model_accepted)
    return std::string("model: unknown model ") + json_node_get_string(name);
  // Use the mode of the model that the request matches best.
  const auto best = std::ranges::min_element(
      rows, {}, [](const RequestValidator& row) { return row.problems().size(); });
  if (best != rows.end() && !best->problems().empty())
    return best->problems().front();
  TaskRequest request =
      best == rows.end() ? unknown_model_request(body) : known_model_request(*best);
  request.model = json_node_get_string(name);
  if (JsonNode* parameters = json_object_get_member(body, "parameters"))
    request.parameters = without_pictures(parameters);
  return request;
}

}  // namespace emulator
