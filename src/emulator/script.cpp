// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads rules, and selects the rule for a request.
#include "emulator/script.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace emulator {
namespace {

// Each reads one JSON type; false if the node has another.
bool read(JsonNode* node, std::int64_t& value) {
  value = is_integer(node) ? json_node_get_int(node) : 0;
  return is_integer(node);
}
bool read(JsonNode* node, std::uint64_t& value) {
  value = is_integer(node) ? static_cast<std::uint64_t>(json_node_get_int(node)) : 0;
  return is_integer(node) && json_node_get_int(node) >= 0;
}
bool read(JsonNode* node, double& value) {
  const bool is_number = JSON_NODE_HOLDS_VALUE(node) && !is_text(node) &&
                         json_node_get_value_type(node) != G_TYPE_BOOLEAN;
  value = is_number ? json_node_get_double(node) : 0;
  return is_number && value >= 0;
}
bool read(JsonNode* node, bool& value) {
  value = json_node_get_boolean(node);
  return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_BOOLEAN;
}
bool read(JsonNode* node, std::string& value) {
  value = is_text(node) ? json_node_get_string(node) : "";
  return is_text(node);
}
bool read(JsonNode* node, std::vector<std::string>& value) {
  return JSON_NODE_HOLDS_ARRAY(node) && std::ranges::all_of(elements(node), [&](JsonNode* item) {
           return read(item, value.emplace_back());
         });
}
bool read(JsonNode* node, TextPairs& value) {
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return false;
  JsonObject* object = json_node_get_object(node);
  return std::ranges::all_of(member_names(object), [&](const std::string& name) {
    return read(json_object_get_member(object, name.c_str()), value.emplace_back(name, "").second);
  });
}
template <typename T>
bool read(JsonNode* node, std::optional<T>& value) {
  return read(node, value.emplace());
}

using Member =
    std::variant<bool Rule::*, double Rule::*, std::uint64_t Rule::*, Count Rule::*,
                 std::optional<std::int64_t> Rule::*, std::optional<std::string> Rule::*,
                 std::optional<std::vector<std::string>> Rule::*, std::optional<TextPairs> Rule::*>;
// In the order of Member.
constexpr const char* type_names[] = {"true",           "seconds or rate", "count",
                                      "count",          "integer",         "text",
                                      "array of texts", "object of texts"};
static_assert(std::size(type_names) == std::variant_size_v<Member>);

struct Field {
  const char* name;
  Member member;
  const char* help;
};

const Field fields[] = {
    {"skip", &Rule::skip, "number of matching requests to skip first (0)"},
    {"times", &Rule::times, "number of requests to apply it to (1); 0: no limit"},
    {"status", &Rule::status, "HTTP status of the response, with a suitable error body"},
    {"headers", &Rule::headers, "set in the response"},
    {"body", &Rule::body, "body of the response; on result the content of the file"},
    {"body_size", &Rule::body_size,
     "body of this many filler bytes; on result MP4 boxes, in the order of --moov"},
    {"error_code", &Rule::error_code, "code in the error body"},
    {"error_message", &Rule::error_message, "text in the error body, or of a failed task"},
    {"redirect", &Rule::redirect, "Location, with `status` or 302"},
    {"accept", &Rule::accept, "the request takes effect although the response is replaced"},
    {"delay", &Rule::delay, "before the response, after the request takes effect"},
    {"header_delay", &Rule::header_delay, "between two bytes of the response's headers"},
    {"bytes_per_second", &Rule::bytes_per_second, "rate of the body"},
    {"reset", &Rule::reset, "TCP reset instead of a response"},
    {"close", &Rule::close, "clean close instead of a response"},
    {"answer_lost", &Rule::answer_lost, "accept the request, then TCP reset"},
    {"reset_after", &Rule::reset_after, "TCP reset after this many bytes of the body"},
    {"close_after", &Rule::close_after, "clean close after this many bytes of the body"},
    {"stall_after", &Rule::stall_after, "stall after this many bytes, until the peer disconnects"},
    {"no_range", &Rule::no_range, "respond to a Range with 200 and the whole file"},
    {"no_length", &Rule::no_length, "chunked, no Content-Length"},
    {"no_content_range", &Rule::no_content_range,
     "respond to a Range with 206, the whole file, no Content-Range"},
    {"wrong_start", &Rule::wrong_start, "respond to a Range with 206 from this byte on"},
    {"wrong_length", &Rule::wrong_length, "add this to Content-Length (may be negative)"},
    {"etag", &Rule::etag, "ETag, with quotes; also compared with If-Range"},
    {"expire_link", &Rule::expire_link, "403, and all existing links expire"},
    {"task_id", &Rule::task_id, "id of the task that a submit creates"},
    {"task_status", &Rule::task_status, "task_status of an otherwise regular response"},
    {"urls", &Rule::urls, "urls of an otherwise regular response"},
    {"omit", &Rule::omit, "members to omit from the JSON response, at its root or in output"},
};

std::string set_field(Rule& rule, const std::string& name, JsonNode* value) {
  if (name == "route") {
    for (Route route : {Route::submit, Route::status, Route::result}) {
      if (is_text(value) && g_str_equal(json_node_get_string(value), route_name(route)))
        rule.route = route;
    }
    return {};
  }
  const auto* field =
      std::ranges::find_if(fields, [&](const Field& row) { return name == row.name; });
  if (field == std::end(fields))
    return "unknown field";
  const bool is_read =
      std::visit([&](auto member) { return read(value, rule.*member); }, field->member);
  return is_read ? "" : std::string("must be: ") + type_names[field->member.index()];
}

std::variant<Rule, std::string> parse_rule(JsonNode* node) {
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return "a rule must be an object";
  JsonObject* object = json_node_get_object(node);
  Rule rule;
  for (const std::string& name : member_names(object)) {
    const std::string problem = set_field(rule, name, json_object_get_member(object, name.c_str()));
    if (!problem.empty())
      return name + ": " + problem;
  }
  if (rule.route == Route::other)
    return "route must be submit, status or result";
  if (rule.status && (*rule.status < 200 || *rule.status > 599))
    return "status: 200 to 599";
  return rule;
}

}  // namespace

const char* route_name(Route route) {
  static constexpr const char* names[] = {"submit", "status", "result", "other"};
  return names[static_cast<int>(route)];
}

bool Rule::replaces_response() const {
  // A result with replaced content is still served in ranges.
  return status || redirect || is_cut() || (route != Route::result && (body || body_size));
}

bool Rule::needs_link() const {
  const auto has_link = [](const std::string& text) {
    return text.find("{url}") != std::string::npos;
  };
  return route == Route::status &&
         ((urls && std::ranges::any_of(*urls, has_link)) || (body && has_link(*body)));
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
  for (JsonNode* node : elements(rules)) {
    auto rule = parse_rule(node);
    if (auto* problem = std::get_if<std::string>(&rule))
      return "rule " + std::to_string(script.entries_.size()) + ": " + *problem;
    script.entries_.push_back({std::make_shared<const Rule>(std::get<Rule>(std::move(rule)))});
  }
  return script;
}

Script::Match Script::take(Route route, bool has_link) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    const Rule& rule = *entry.rule;
    if (rule.route != route || (rule.times != 0 && entry.used == rule.times))
      continue;
    if (entry.passed < rule.skip) {
      ++entry.passed;
      continue;
    }
    if (rule.needs_link() && !has_link)
      continue;
    ++entry.used;
    return {entry.rule, static_cast<int>(i)};
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
  for (const Field& field : fields)
    help += std::string("  ") + field.name + " (" + type_names[field.member.index()] +
            "): " + field.help + "\n";
  return help;
}

}  // namespace emulator
