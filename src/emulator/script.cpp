// SPDX-License-Identifier: LGPL-2.1-or-later
// Choosing the rule for a request.
#include "emulator/script.h"

#include <algorithm>
#include <string_view>

#include "emulator/script_fields.h"

namespace emulator {
namespace {

std::optional<Route> route_from(const std::string& name) {
  for (Route route : {Route::submit, Route::status, Route::result}) {
    if (name == route_name(route))
      return route;
  }
  return {};
}

std::variant<Rule, std::string> parse_rule(JsonNode* node) {
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return "a rule must be an object";
  JsonObject* object = json_node_get_object(node);
  const std::optional<Route> route = route_from(text_at(object, "route"));
  if (!route)
    return "route must be submit, status or result";
  Rule rule;
  rule.route = *route;
  for (const std::string& name : member_names(object)) {
    if (name == "route")
      continue;
    const std::string problem = set_field(rule, name, json_object_get_member(object, name.c_str()));
    if (!problem.empty())
      return name + ": " + problem;
  }
  if (rule.status && (*rule.status < 200 || *rule.status > 599))
    return "status: 200 to 599";
  return rule;
}

}  // namespace

const char* route_name(Route route) {
  switch (route) {
    case Route::submit:
      return "submit";
    case Route::status:
      return "status";
    case Route::result:
      return "result";
    case Route::other:
      return "other";
  }
  return "";
}

bool replaces_response(const Rule& rule) {
  if (rule.status || rule.redirect || rule.reset || rule.close || rule.answer_lost)
    return true;
  // A result's content can be another one and still be served in ranges.
  return rule.route != Route::result && (rule.body || rule.body_size);
}

bool needs_link(const Rule& rule) {
  const auto has_link = [](const std::string& text) {
    return text.find("{url}") != std::string::npos;
  };
  return rule.route == Route::status && ((rule.urls && std::ranges::any_of(*rule.urls, has_link)) ||
                                         (rule.body && has_link(*rule.body)));
}

bool is_handled(const Rule& rule) {
  return !replaces_response(rule) || rule.accept || rule.answer_lost;
}

std::variant<Script, std::string> Script::parse(std::string_view text) {
  auto parsed = parse_object(text);
  if (auto* problem = std::get_if<std::string>(&parsed))
    return *problem;
  JsonObject* root = std::get<JsonObjectPtr>(parsed).get();
  JsonNode* rules = json_object_get_member(root, "rules");
  if (!rules || !JSON_NODE_HOLDS_ARRAY(rules) || json_object_get_size(root) != 1)
    return "a script is an object with one member, rules, an array";
  Script script;
  JsonArray* array = json_node_get_array(rules);
  for (guint i = 0; i < json_array_get_length(array); ++i) {
    auto rule = parse_rule(json_array_get_element(array, i));
    if (auto* problem = std::get_if<std::string>(&rule))
      return "rule " + std::to_string(i) + ": " + *problem;
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
    if (needs_link(rule) && !has_link)
      continue;
    ++entry.used;
    return {entry.rule, static_cast<int>(i)};
  }
  return {};
}

std::string script_help() {
  std::string help =
      "A script is a JSON object: {\"rules\": [{\"route\": \"submit\", \"status\": 429}, ...]}\n"
      "route is submit, status or result (required). For each request the rules are asked in\n"
      "order; the first of its route that has a count left is applied. Where the answer is\n"
      "replaced (status, redirect, reset, close, and body on submit and status) the request has\n"
      "no effect unless `accept` says so. In headers, body, redirect and urls {api} and {result}\n"
      "stand for the two listeners' base URLs, {self} for the request's URL, and on status {url}\n"
      "in body and urls for the good link; a rule with {url} is passed over until there is a "
      "clip.\n"
      "Fields:\n";
  for (const FieldHelp& field : field_help())
    help += "  " + field.name + " (" + field.type + "): " + field.text + "\n";
  return help;
}

}  // namespace emulator
