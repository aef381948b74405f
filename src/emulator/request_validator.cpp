// SPDX-License-Identifier: LGPL-2.1-or-later
// Each field against its row, each object against the fields that it must have.
#include "emulator/request_validator.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "emulator/clip_shape.h"
#include "emulator/json.h"

namespace emulator {
namespace {

RequestError refuse(std::string message) {
  return {400, "param_error", std::move(message)};
}

bool is_allowed(const Forms& forms, const EncodedPicture& picture) {
  switch (picture.form) {
    case PictureEncoding::url:
      return forms.url;
    case PictureEncoding::data_uri:
      return forms.data_uri &&
             (!forms.is_lower_case ||
              std::ranges::none_of(picture.media_type, [](char c) { return g_ascii_isupper(c); }));
    case PictureEncoding::base64:
      return forms.base64;
  }
  return false;
}

std::string form_list(const Forms& forms) {
  std::string list;
  const auto add = [&list](bool is_in, const char* name) {
    if (is_in)
      list += (list.empty() ? "" : ", ") + std::string(name);
  };
  add(forms.url, "an http(s) URL");
  add(forms.data_uri, "a data:image/...;base64, URI");
  add(forms.base64, "Base64 without a prefix");
  return list;
}

// The type by the first bytes; empty: another than these.
std::string type_of(const Blob& bytes) {
  const std::string_view head(reinterpret_cast<const char*>(blob_data(bytes)),
                              std::min<std::size_t>(blob_size(bytes), 12));
  if (head.starts_with("\x89PNG\r\n\x1a\n"))
    return "image/png";
  if (head.starts_with("\xff\xd8\xff"))
    return "image/jpeg";
  if (head.starts_with("RIFF") && head.substr(std::min<std::size_t>(head.size(), 8)) == "WEBP")
    return "image/webp";
  return {};
}

}  // namespace

std::optional<RequestError> RequestValidator::validate(JsonObject* body) {
  request_.limits = model_.limits;
  request_.is_size_exact = model_.is_size_exact;
  if (Problem complaint = check_members(body, ""))
    return complaint;
  // A section that is not there lacks what it must have.
  for (const char* section : {"input", "parameters"}) {
    if (Problem complaint = json_object_has_member(body, section)
                                ? Problem()
                                : check_required(nullptr, std::string(section) + '.'))
      return complaint;
  }
  if (model_.rule) {
    if (const std::string problem = model_.rule(body); !problem.empty())
      return refuse(problem);
  }
  set_clip(body);
  return {};
}

const FieldRow* RequestValidator::find_field(const std::string& path) const {
  const auto row = std::ranges::find_if(
      model_.fields, [&path](const FieldRow& field) { return path == field.path; });
  return row == model_.fields.end() ? nullptr : &*row;
}

bool RequestValidator::is_inner(const std::string& start) const {
  return std::ranges::any_of(model_.fields, [&start](const FieldRow& field) {
    return std::string_view(field.path).starts_with(start);
  });
}

std::optional<RequestError> RequestValidator::check_required(JsonObject* object,
                                                             const std::string& path) const {
  for (const FieldRow& field : model_.fields) {
    const std::string_view whole = field.path;
    const std::string name(whole.starts_with(path) ? whole.substr(path.size()) : "");
    const bool is_direct = !name.empty() && name.find('.') == std::string::npos;
    if (field.is_required && is_direct &&
        (!object || !json_object_has_member(object, name.c_str())))
      return refuse(std::string("missing required field ") + field.path);
  }
  return {};
}

std::optional<RequestError> RequestValidator::check_members(JsonObject* object,
                                                            const std::string& path) {
  for (const std::string& name : member_names(object)) {
    const std::string inner = path + name;
    JsonNode* node = json_object_get_member(object, name.c_str());
    if (inner == "model")
      continue;
    const FieldRow* field = find_field(inner);
    if (Problem complaint = field ? check_field(*field, node) : check_inner(node, inner))
      return complaint;
  }
  if (Problem complaint = check_required(object, path))
    return complaint;
  return check_mime_type(object, path);
}

std::optional<RequestError> RequestValidator::check_inner(JsonNode* node, const std::string& path) {
  if (is_inner(path + "[].")) {
    if (!JSON_NODE_HOLDS_ARRAY(node))
      return refuse(path + " must be a list");
    JsonArray* items = json_node_get_array(node);
    for (guint i = 0; i < json_array_get_length(items); ++i) {
      JsonNode* item = json_array_get_element(items, i);
      if (!JSON_NODE_HOLDS_OBJECT(item))
        return refuse(path + " must hold objects");
      if (Problem complaint = check_members(json_node_get_object(item), path + "[]."))
        return complaint;
    }
    return {};
  }
  if (!is_inner(path + '.'))
    return refuse("unknown field " + path);
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return refuse(path + " must be an object");
  return check_members(json_node_get_object(node), path + '.');
}

std::optional<RequestError> RequestValidator::check_field(const FieldRow& field, JsonNode* node) {
  const std::string path = field.path;
  const GType type = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID;
  if (field.kind == FieldKind::any)
    return {};
  if (field.kind == FieldKind::truth)
    return type == G_TYPE_BOOLEAN ? Problem() : refuse(path + " must be true or false");
  if (field.kind == FieldKind::number)
    return type == G_TYPE_DOUBLE || type == G_TYPE_INT64 ? Problem()
                                                         : refuse(path + " must be a number");
  if (field.kind == FieldKind::integer) {
    if (!is_integer(node))
      return refuse(path + " must be an integer");
    const std::int64_t value = json_node_get_int(node);
    const auto& allowed = field.integers;
    const bool is_listed = allowed.empty() || std::ranges::find(allowed, value) != allowed.end();
    if (!is_listed || value < field.least || value > field.most)
      return refuse(path + ": value not allowed: " + to_text(node));
    return {};
  }
  if (!is_text(node))
    return refuse(path + " must be a string");
  const std::string value = json_node_get_string(node);
  return field.kind == FieldKind::picture ? check_picture(field, value) : check_text(field, value);
}

std::optional<RequestError> RequestValidator::check_text(const FieldRow& field,
                                                         const std::string& value) {
  const std::string path = field.path;
  const auto is_value = [&value](const char* text) { return value == text; };
  if (!field.texts.empty() && std::ranges::none_of(field.texts, is_value))
    return refuse(path + ": value not allowed: " + value);
  const glong letters = g_utf8_strlen(value.c_str(), -1);
  if (field.max_letters > 0 && letters > field.max_letters)
    return refuse(path + " has more than " + std::to_string(field.max_letters) + " letters");
  if (field.is_required && value.empty())
    return refuse(path + " is empty");
  if (path == model_.prompt_path)
    request_.prompt = value;
  return {};
}

std::optional<RequestError> RequestValidator::check_picture(const FieldRow& field,
                                                            const std::string& value) {
  const std::string path = field.path;
  auto picture = read_encoded_picture(value);
  if (!picture || !is_allowed(field.forms, *picture))
    return refuse(path + " must be one of: " + form_list(field.forms));
  const PictureLimits& limits = model_.limits;
  if (picture->bytes && limits.max_bytes > 0 && blob_size(picture->bytes) > limits.max_bytes)
    return refuse(path + " is larger than " + std::to_string(limits.max_bytes) + " bytes");
  const auto is_type = [type = type_of(picture->bytes)](const char* one) { return type == one; };
  if (picture->bytes && !limits.types.empty() && std::ranges::none_of(limits.types, is_type))
    return refuse(path + " is a picture of a type that is not supported");
  // The first of several is the first frame.
  if (path == model_.picture_path && request_.picture.url.empty() && !request_.picture.bytes)
    request_.picture = std::move(*picture);
  return {};
}

// Veo's pictures say what they are.
std::optional<RequestError> RequestValidator::check_mime_type(JsonObject* object,
                                                              const std::string& path) const {
  const std::string said = text_at(object, "mimeType");
  const auto picture = read_encoded_picture(text_at(object, "bytesBase64Encoded"));
  if (!find_field(path + "mimeType") || !picture || type_of(picture->bytes) == said)
    return {};
  return refuse(path + "mimeType is not the picture's: " + said);
}

void RequestValidator::set_clip(JsonObject* body) {
  JsonNode* duration = find_path(body, model_.duration_path);
  request_.seconds =
      duration ? static_cast<int>(json_node_get_int(duration)) : model_.default_duration;
  std::string resolution = text_at(body, model_.resolution_path);
  if (resolution.empty())
    resolution = model_.default_resolution;
  // Wan2.2-T2V has both.
  if (const std::string size = text_at(body, "parameters.size"); !size.empty())
    resolution = size;
  std::string aspect = *model_.aspect_path ? text_at(body, model_.aspect_path) : "";
  if (aspect.empty())
    aspect = model_.default_aspect;
  shape_clip(model_, resolution, aspect, request_);
}

}  // namespace emulator
