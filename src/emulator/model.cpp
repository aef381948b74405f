// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of models and the checks against it.
#include "emulator/model.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "emulator/json.h"

namespace emulator {
namespace {

using Complaint = std::optional<Refusal>;

Refusal refuse(std::string message) {
  return {400, "param_error", std::move(message)};
}

Complaint check_picture(const FieldRow& field, const std::string& text) {
  if (read_picture_text(text))
    return {};
  return refuse(std::string(field.path) +
                " must be an http(s) URL, a data:image/...;base64, URI or Base64");
}

Complaint check_value(const FieldRow& field, JsonNode* node) {
  const std::string path = field.path;
  if (field.kind == FieldKind::integer) {
    if (!is_integer(node))
      return refuse(path + " must be an integer");
    const auto& allowed = field.integers;
    if (!allowed.empty() && std::ranges::find(allowed, json_node_get_int(node)) == allowed.end())
      return refuse(path + ": value not allowed: " + to_text(node));
    return {};
  }
  if (!is_text(node))
    return refuse(path + " must be a string");
  const std::string value = json_node_get_string(node);
  if (field.kind == FieldKind::picture)
    return check_picture(field, value);
  const auto is_value = [&value](const char* text) { return value == text; };
  if (!field.texts.empty() && std::ranges::none_of(field.texts, is_value))
    return refuse(path + ": value not allowed: " + to_text(node));
  return {};
}

const FieldRow* find_field(const ModelRow& model, const std::string& path) {
  const auto row = std::ranges::find_if(
      model.fields, [&path](const FieldRow& field) { return path == field.path; });
  return row == model.fields.end() ? nullptr : &*row;
}

bool is_inner(const ModelRow& model, const std::string& path) {
  return std::ranges::any_of(model.fields, [start = path + '.'](const FieldRow& field) {
    return std::string_view(field.path).starts_with(start);
  });
}

Complaint check_members(const ModelRow& model, JsonObject* object, const std::string& prefix) {
  for (const std::string& name : member_names(object)) {
    const std::string path = prefix + name;
    JsonNode* node = json_object_get_member(object, name.c_str());
    Complaint complaint;
    if (path == "model")
      continue;
    if (const FieldRow* field = find_field(model, path))
      complaint = check_value(*field, node);
    else if (!is_inner(model, path))
      complaint = refuse("unknown field " + path);
    else if (!JSON_NODE_HOLDS_OBJECT(node))
      complaint = refuse(path + " must be an object");
    else
      complaint = check_members(model, json_node_get_object(node), path + '.');
    if (complaint)
      return complaint;
  }
  return {};
}

Complaint check_required(const ModelRow& model, JsonObject* body) {
  for (const FieldRow& field : model.fields) {
    if (field.is_required && !find_path(body, field.path))
      return refuse(std::string("missing required field ") + field.path);
  }
  return {};
}

// For a model without a row: the first string that is a picture, wherever it stands.
std::optional<PictureText> first_picture(JsonNode* node) {
  if (is_text(node)) {
    const std::string_view text = json_node_get_string(node);
    const bool may_be =
        text.starts_with("data:image/") || text.starts_with("http") || text.size() >= 100;
    return may_be ? read_picture_text(text) : std::nullopt;
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

Order foreign_order(JsonObject* body) {
  Order order;
  order.prompt = text_at(body, "input.prompt");
  JsonNode* duration = find_path(body, "parameters.duration");
  if (duration && is_integer(duration))
    order.seconds = static_cast<int>(std::clamp<std::int64_t>(json_node_get_int(duration), 1, 60));
  JsonNodePtr root(json_node_new(JSON_NODE_OBJECT));
  json_node_set_object(root.get(), body);
  if (auto picture = first_picture(root.get()))
    order.picture = std::move(*picture);
  return order;
}

Order known_order(const ModelRow& model, JsonObject* body) {
  Order order;
  order.prompt = text_at(body, model.prompt_path);
  if (auto picture = read_picture_text(text_at(body, model.picture_path)))
    order.picture = std::move(*picture);
  JsonNode* duration = find_path(body, model.duration_path);
  order.seconds = duration ? static_cast<int>(json_node_get_int(duration)) : model.default_duration;
  std::string resolution = text_at(body, model.resolution_path);
  if (resolution.empty())
    resolution = model.default_resolution;
  for (const SizeRow& size : model.sizes) {
    if (resolution == size.resolution) {
      order.long_side = size.long_side;
      order.short_side = size.short_side;
    }
  }
  return order;
}

}  // namespace

const std::vector<ModelRow>& model_table() {
  static const std::vector<ModelRow> table = {
      {"openai/sora-2/image-to-video-pro",
       {{"input.first_frame_url", FieldKind::picture, true, {}, {}},
        {"input.prompt", FieldKind::text, false, {}, {}},
        {"parameters.resolution", FieldKind::text, false, {"720p", "1080p"}, {}},
        {"parameters.duration", FieldKind::integer, false, {}, {4, 8, 12}}},
       "input.first_frame_url",
       "input.prompt",
       "parameters.resolution",
       "parameters.duration",
       "720p",
       4,
       {{"720p", 1280, 720}, {"1080p", 1792, 1024}}},
  };
  return table;
}

SizeRow size_of(const std::string& resolution) {
  const std::vector<SizeRow>& sizes = model_table().front().sizes;
  const auto row = std::ranges::find_if(
      sizes, [&resolution](const SizeRow& size) { return resolution == size.resolution; });
  return row == sizes.end() ? sizes.front() : *row;
}

std::variant<Order, Refusal> read_order(JsonObject* body, bool is_any_model_accepted) {
  JsonNode* name = json_object_get_member(body, "model");
  if (!name)
    return refuse("missing required field model");
  if (!is_text(name))
    return refuse("model must be a string");
  const std::string model_name = json_node_get_string(name);
  const auto model = std::ranges::find_if(
      model_table(), [&model_name](const ModelRow& row) { return model_name == row.name; });
  const bool is_known = model != model_table().end();
  if (!is_known && !is_any_model_accepted)
    return refuse("model: unknown model " + model_name);
  if (is_known) {
    if (Complaint complaint = check_members(*model, body, ""))
      return *complaint;
    if (Complaint complaint = check_required(*model, body))
      return *complaint;
  }
  Order order = is_known ? known_order(*model, body) : foreign_order(body);
  order.model = model_name;
  JsonNode* parameters = json_object_get_member(body, "parameters");
  order.parameters = parameters ? to_text(parameters) : "{}";
  return order;
}

}  // namespace emulator
