// SPDX-License-Identifier: LGPL-2.1-or-later
// Checks fields against their description, then the rules.
#include "emulator/request_validator.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "emulator/json.h"

namespace emulator {
namespace {

// The type by the first bytes; empty: not a type of any model.
std::string media_type(const Blob& bytes) {
  const std::string_view head(reinterpret_cast<const char*>(blob_data(bytes)),
                              std::min<std::size_t>(blob_size(bytes), 12));
  if (head.starts_with("\x89PNG\r\n\x1a\n"))
    return "image/png";
  if (head.starts_with("\xff\xd8\xff"))
    return "image/jpeg";
  return head.starts_with("RIFF") && head.ends_with("WEBP") ? "image/webp" : "";
}

bool has_upper_case(const std::string& text) {
  return std::ranges::any_of(text, [](char c) { return g_ascii_isupper(c); });
}

// Null means an absent field.
bool is_among(JsonNode* values, JsonNode* value) {
  return std::ranges::any_of(children(values), [value](JsonNode* one) {
    return value ? json_node_equal(one, value) : JSON_NODE_HOLDS_NULL(one);
  });
}

bool is_count_allowed(JsonObject* limits, std::size_t count) {
  const auto wide = static_cast<gint64>(count);
  return wide >= json_object_get_int_member_with_default(limits, "min", 0) &&
         wide <= json_object_get_int_member_with_default(limits, "max", G_MAXINT64);
}

// Matches "member=text"; an empty selector matches all.
bool is_selected(JsonNode* item, std::string_view filter) {
  const std::size_t sign = filter.find('=');
  return sign == std::string_view::npos ||
         (JSON_NODE_HOLDS_OBJECT(item) &&
          text_at(json_node_get_object(item), filter.substr(0, sign)) == filter.substr(sign + 1));
}

// Describes the requirement of an unmet condition.
std::string demand(JsonNode* condition) {
  if (JSON_NODE_HOLDS_VALUE(condition))
    return json_node_get_boolean(condition) ? " is missing" : " is not allowed";
  return (JSON_NODE_HOLDS_ARRAY(condition) ? " must be one of " : " must number ") +
         to_text(condition);
}

// Finds the nodes at a path of a rule.
std::vector<JsonNode*> nodes_at(JsonNode* node, std::string_view path) {
  if (path.empty())
    return {node};
  std::vector<JsonNode*> found;
  const auto add = [&found](const std::vector<JsonNode*>& more) {
    found.insert(found.end(), more.begin(), more.end());
  };
  if (path.front() == '[') {
    const std::size_t end = path.find(']');
    const bool is_list = JSON_NODE_HOLDS_ARRAY(node);
    for (JsonNode* item : is_list ? children(node) : std::vector{node}) {
      if (is_selected(item, path.substr(1, end - 1)))
        add(nodes_at(item, path.substr(end + 1)));
    }
    return found;
  }
  if (path.front() == '.')
    path.remove_prefix(1);
  const std::size_t end = std::min(path.find_first_of(".["), path.size());
  const std::string name(path.substr(0, end));
  JsonNode* member = JSON_NODE_HOLDS_OBJECT(node)
                         ? json_object_get_member(json_node_get_object(node), name.c_str())
                         : nullptr;
  return member ? nodes_at(member, path.substr(end)) : found;
}

}  // namespace

RequestValidator::RequestValidator(const Model& model, JsonObject* body)
    : model_(model),
      required_(texts(json_object_get_member(model.row(), "required"))),
      body_(json_node_new(JSON_NODE_OBJECT)) {
  json_node_set_object(body_.get(), body);
  check_object(body, "");
  // An absent section also lacks its required fields.
  for (const char* section : {"input", "parameters"}) {
    if (!json_object_has_member(body, section))
      check_required(nullptr, std::string(section) + '.');
  }
  // Rules rely on fields of the right types.
  if (!problems_.empty())
    return;
  for (JsonNode* rule : children(json_object_get_member(model_.row(), "rules")))
    check_rule(json_node_get_object(rule));
}

JsonNode* RequestValidator::value(const char* role) const {
  if (const auto found = values_.find(role); found != values_.end())
    return found->second;
  for (const std::string& path : model_.field_paths()) {
    JsonObject* field = model_.field(path);
    if (text_at(field, "role") == role)
      return json_object_get_member(field, "default");
  }
  return nullptr;
}

std::string RequestValidator::text(const char* role) const {
  JsonNode* node = value(role);
  return node && is_text(node) ? json_node_get_string(node) : "";
}

EncodedPicture RequestValidator::picture() const {
  const std::string first = text("first");
  return read_encoded_picture(first.empty() ? text("reference") : first).value_or(EncodedPicture());
}

void RequestValidator::check_object(JsonObject* object, const std::string& path) {
  for (const std::string& name : member_names(object)) {
    if (path + name != "model")
      check_node(json_object_get_member(object, name.c_str()), path + name);
  }
  check_required(object, path);
  check_mime_type(object, path);
}

void RequestValidator::check_node(JsonNode* node, const std::string& path) {
  if (JsonObject* field = model_.field(path)) {
    check_field(field, node, path);
    return;
  }
  const std::vector<std::string> paths = model_.field_paths();
  const auto is_inside = [start = path + '.'](const std::string& one) {
    return one.starts_with(start);
  };
  if (std::ranges::none_of(paths, is_inside))
    add_problem("unknown field " + path);
  else if (!JSON_NODE_HOLDS_OBJECT(node))
    add_problem(path + " must be an object");
  else
    check_object(json_node_get_object(node), path + '.');
}

void RequestValidator::check_required(JsonObject* object, const std::string& path) {
  for (const std::string& required : required_) {
    const std::string name = required.starts_with(path) ? required.substr(path.size()) : "";
    if (name.empty() || name.find_first_of(".[") != std::string::npos)
      continue;
    if (!object || !json_object_has_member(object, name.c_str()))
      add_problem("missing required field " + required);
  }
}

void RequestValidator::check_mime_type(JsonObject* object, const std::string& path) {
  const std::string claimed = text_at(object, "mimeType");
  const auto picture = read_encoded_picture(text_at(object, "bytesBase64Encoded"));
  if (model_.field(path + "mimeType") && picture && media_type(picture->bytes) != claimed)
    add_problem(path + "mimeType is not the picture's: " + claimed);
}

void RequestValidator::check_field(JsonObject* field, JsonNode* node, const std::string& path) {
  const std::string type = text_at(field, "type");
  const GType held = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID;
  if (type == "list") {
    check_list(field, node, path);
  } else if (type == "boolean" || type == "integer" || type == "number") {
    if (!(type == "boolean" && held == G_TYPE_BOOLEAN) &&
        !(type != "boolean" && held == G_TYPE_INT64) &&
        !(type == "number" && held == G_TYPE_DOUBLE))
      return add_problem(path + " must be of type " + type);
    const gint64 value = json_node_get_int(node);
    if (value < json_object_get_int_member_with_default(field, "min", G_MININT64) ||
        value > json_object_get_int_member_with_default(field, "max", G_MAXINT64))
      add_problem(path + ": value not allowed: " + to_text(node));
  } else if (held != G_TYPE_STRING) {
    return add_problem(path + " must be a string");
  } else if (type == "picture") {
    check_picture(json_node_get_string(node), path);
  } else {
    check_text(field, json_node_get_string(node), path);
  }
  JsonNode* values = json_object_get_member(field, "values");
  if (values && !is_among(values, node))
    add_problem(path + ": value not allowed: " + to_text(node));
  values_.emplace(text_at(field, "role"), node);
}

void RequestValidator::check_list(JsonObject* field, JsonNode* node, const std::string& path) {
  if (!JSON_NODE_HOLDS_ARRAY(node))
    return add_problem(path + " must be a list");
  const std::vector<JsonNode*> items = children(node);
  if (!is_count_allowed(field, items.size()))
    add_problem(path + " must not have " + std::to_string(items.size()) + " items");
  for (JsonNode* item : items)
    check_node(item, path + "[]");
}

void RequestValidator::check_text(JsonObject* field, const std::string& value,
                                  const std::string& path) {
  const glong length = g_utf8_strlen(value.c_str(), -1);
  const bool is_required = std::ranges::count(required_, path) > 0;
  if (length < json_object_get_int_member_with_default(field, "min_length", is_required))
    add_problem(path + " is empty");
  const gint64 max = json_object_get_int_member_with_default(field, "max_length", G_MAXINT64);
  if (length > max)
    add_problem(path + " has more than " + std::to_string(max) + " characters");
  if (text_at(field, "type") != "url")
    return;
  const auto read = read_encoded_picture(value);
  if (!read || read->url.empty())
    add_problem(path + " must be an http(s) URL");
}

void RequestValidator::check_picture(const std::string& value, const std::string& path) {
  JsonObject* limits = model_.pictures();
  const std::vector<std::string> encodings = texts(json_object_get_member(limits, "encodings"));
  const auto picture = read_encoded_picture(value);
  if (!picture || std::ranges::count(encodings, picture->encoding) == 0 ||
      (json_object_has_member(limits, "lower_case_type") && has_upper_case(picture->media_type)))
    return add_problem(path +
                       " must be one of: " + to_text(json_object_get_member(limits, "encodings")));
  if (!picture->bytes)
    return;
  const auto max = json_object_get_int_member_with_default(limits, "max_bytes", G_MAXINT64);
  if (static_cast<gint64>(blob_size(picture->bytes)) > max)
    add_problem(path + " is larger than " + std::to_string(max) + " bytes");
  const std::vector<std::string> types = texts(json_object_get_member(limits, "types"));
  if (!types.empty() && std::ranges::count(types, media_type(picture->bytes)) == 0)
    add_problem(path + " is a picture of an unsupported type");
}

void RequestValidator::check_rule(JsonObject* rule) {
  JsonObject* given =
      json_object_has_member(rule, "if") ? json_object_get_object_member(rule, "if") : nullptr;
  JsonObject* wanted = json_object_get_object_member(rule, "then");
  for (JsonNode* root : nodes_at(body_.get(), text_at(rule, "in"))) {
    const auto meets = [this, root](JsonObject* conditions, const std::string& path) {
      return is_met(root, path, json_object_get_member(conditions, path.c_str()));
    };
    const std::vector<std::string> names = given ? member_names(given) : std::vector<std::string>();
    if (!std::ranges::all_of(names, [&](const auto& path) { return meets(given, path); }))
      continue;
    for (const std::string& path : member_names(wanted)) {
      if (!meets(wanted, path))
        add_problem(text_at(rule, "in") + ' ' + path +
                    demand(json_object_get_member(wanted, path.c_str())) +
                    (given ? " where " + to_text(json_object_get_member(rule, "if")) : ""));
    }
  }
}

bool RequestValidator::is_met(JsonNode* root, const std::string& path, JsonNode* condition) const {
  const std::vector<JsonNode*> nodes = nodes_at(root, path);
  if (JSON_NODE_HOLDS_OBJECT(condition))
    return is_count_allowed(json_node_get_object(condition), nodes.size());
  if (JSON_NODE_HOLDS_VALUE(condition))
    return nodes.empty() != static_cast<bool>(json_node_get_boolean(condition));
  JsonObject* field = model_.field(path);
  if (nodes.empty())
    return is_among(condition, field ? json_object_get_member(field, "default") : nullptr);
  return std::ranges::all_of(nodes, [&](JsonNode* node) { return is_among(condition, node); });
}

}  // namespace emulator
