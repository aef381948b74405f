// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads rules, and selects the rule for a request.
#include "emulator/script.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace emulator {
namespace {

// The types of the table.
bool holds(JsonNode* node, std::string_view type) {
  const GType held = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID;
  if (type == "true")
    return held == G_TYPE_BOOLEAN;
  if (type == "seconds or rate")
    return (held == G_TYPE_INT64 || held == G_TYPE_DOUBLE) && json_node_get_double(node) >= 0;
  if (type == "count")
    return held == G_TYPE_INT64 && json_node_get_int(node) >= 0;
  if (type == "integer")
    return held == G_TYPE_INT64;
  if (type == "text")
    return held == G_TYPE_STRING;
  const bool is_container =
      type == "array of texts" ? JSON_NODE_HOLDS_ARRAY(node) : JSON_NODE_HOLDS_OBJECT(node);
  return is_container && std::ranges::all_of(children(node), is_text);
}

struct Field {
  const char* name;
  const char* type;
  const char* help;  // null: described at the start of the help
};

const Field fields[] = {
    {"route", "text", nullptr},
    {"skip", "count", "number of matching requests to skip first (0)"},
    {"times", "count", "number of requests to apply it to (1); 0: no limit"},
    {"status", "integer", "HTTP status of the response, with a suitable error body"},
    {"headers", "object of texts", "set in the response"},
    {"body", "text", "body of the response; on result the content of the file"},
    {"body_size", "count",
     "body of this many filler bytes; on result MP4 boxes, in the order of --moov"},
    {"error_code", "text", "code in the error body"},
    {"error_message", "text", "text in the error body, or of a failed task"},
    {"redirect", "text", "Location, with `status` or 302"},
    {"accept", "true", "the request takes effect although the response is replaced"},
    {"delay", "seconds or rate", "before the response, after the request takes effect"},
    {"bytes_per_second", "seconds or rate", "rate of the body"},
    {"reset", "true", "TCP reset instead of a response"},
    {"close", "true", "clean close instead of a response"},
    {"answer_lost", "true", "accept the request, then TCP reset"},
    {"reset_after", "count", "TCP reset after this many bytes of the body"},
    {"close_after", "count", "clean close after this many bytes of the body"},
    {"stall_after", "count", "stall after this many bytes, until the peer disconnects"},
    {"no_range", "true", "respond to a Range with 200 and the whole file"},
    {"no_length", "true", "chunked, no Content-Length"},
    {"no_content_range", "true", "respond to a Range with 206, the whole file, no Content-Range"},
    {"wrong_start", "count", "respond to a Range with 206 from this byte on"},
    {"wrong_length", "integer", "add this to Content-Length (may be negative)"},
    {"etag", "text", "ETag, with quotes; also compared with If-Range"},
    {"expire_link", "true", "403, and all existing links expire"},
    {"task_id", "text", "id of the task that a submit creates"},
    {"task_status", "text", "task_status of an otherwise regular response"},
    {"urls", "array of texts", "urls of an otherwise regular response"},
    {"omit", "array of texts", "members to omit from the JSON response, at its root or in output"},
};

const Field* find_field(const std::string& name) {
  const auto* field =
      std::ranges::find_if(fields, [&](const Field& row) { return name == row.name; });
  return field == std::end(fields) ? nullptr : field;
}

bool has_link(const std::string& text) {
  return text.find("{url}") != std::string::npos;
}

}  // namespace

std::variant<Rule, std::string> Rule::parse(JsonNode* node) {
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return "a rule must be an object";
  Rule rule;
  rule.object_.reset(json_node_dup_object(node), json_object_unref);
  for (const std::string& name : member_names(rule.object_.get())) {
    const Field* field = find_field(name);
    if (!field)
      return name + ": unknown field";
    if (!holds(json_object_get_member(rule.object_.get(), name.c_str()), field->type))
      return name + ": must be: " + field->type;
  }
  const std::string route = rule.text("route").value_or("");
  if (route != "submit" && route != "status" && route != "result")
    return "route must be submit, status or result";
  const std::int64_t status = rule.integer("status").value_or(200);
  if (status < 200 || status > 599)
    return "status: 200 to 599";
  return rule;
}

JsonNode* Rule::member(const char* name) const {
  g_assert(find_field(name));
  return json_object_get_member(object_.get(), name);
}

bool Rule::flag(const char* name) const {
  JsonNode* node = member(name);
  return node && json_node_get_boolean(node);
}

double Rule::number(const char* name) const {
  JsonNode* node = member(name);
  return node ? json_node_get_double(node) : 0;
}

std::optional<std::int64_t> Rule::integer(const char* name) const {
  JsonNode* node = member(name);
  return node ? std::optional(json_node_get_int(node)) : std::nullopt;
}

std::optional<std::string> Rule::text(const char* name) const {
  JsonNode* node = member(name);
  return node ? std::optional<std::string>(json_node_get_string(node)) : std::nullopt;
}

std::vector<std::string> Rule::texts(const char* name) const {
  return emulator::texts(member(name));
}

std::map<std::string, std::string> Rule::headers() const {
  std::map<std::string, std::string> pairs;
  JsonNode* node = member("headers");
  JsonObject* object = node ? json_node_get_object(node) : nullptr;
  for (const std::string& name : member_names(object))
    pairs[name] = json_object_get_string_member(object, name.c_str());
  return pairs;
}

bool Rule::replaces_response() const {
  // A result with replaced content is still served in ranges.
  return has("status") || has("redirect") || is_cut() ||
         (text("route") != "result" && (has("body") || has("body_size")));
}

bool Rule::needs_link() const {
  return text("route") == "status" &&
         (std::ranges::any_of(texts("urls"), has_link) || has_link(text("body").value_or("")));
}

std::variant<Script, std::string> Script::parse(std::string_view text) {
  auto parsed = parse_object(text);
  if (auto* problem = std::get_if<std::string>(&parsed))
    return *problem;
  JsonObject* root = std::get<JsonObjectPtr>(parsed).get();
  JsonNode* rules = json_object_get_member(root, "rules");
  if (!rules || !JSON_NODE_HOLDS_ARRAY(rules) || json_object_get_size(root) != 1)
    return "a script must be an object with one member, rules, an array";
  Script script;
  for (JsonNode* node : children(rules)) {
    auto rule = Rule::parse(node);
    if (auto* problem = std::get_if<std::string>(&rule))
      return "rule " + std::to_string(script.entries_.size()) + ": " + *problem;
    script.entries_.push_back({std::get<Rule>(std::move(rule))});
  }
  return script;
}

Script::Match Script::take(const std::string& route, bool has_link) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    auto& [rule, passed, used] = entries_[i];
    const std::int64_t times = rule.integer("times").value_or(1);
    if (rule.text("route") != route || (times != 0 && used == times))
      continue;
    if (passed < rule.integer("skip").value_or(0)) {
      ++passed;
      continue;
    }
    if (rule.needs_link() && !has_link)
      continue;
    ++used;
    return {rule, static_cast<int>(i)};
  }
  return {};
}

std::string script_help() {
  std::string help =
      "A script is a JSON object: {\"rules\": [{\"route\": \"submit\", \"status\": 429}, ...]}\n"
      "route is submit, status or result (required). For each request the rules are tried in\n"
      "order; the first rule of the route with a count left is applied. If the response is\n"
      "replaced (status, redirect, reset, close, and body on submit and status), the request has\n"
      "no effect without `accept`. In headers, body, redirect and urls, {api} and {result} are\n"
      "replaced by the two listeners' base URLs, {self} by the request's URL, and on status {url}\n"
      "in body and urls by the result link; a rule with {url} is skipped until the clip is\n"
      "finished.\n"
      "Fields:\n";
  for (const Field& field : fields) {
    if (field.help)
      help += std::string("  ") + field.name + " (" + field.type + "): " + field.help + "\n";
  }
  return help;
}

}  // namespace emulator
