// SPDX-License-Identifier: LGPL-2.1-or-later
// The script: faults and variants that replace the emulator's regular responses.
//
// A script is a JSON object with one member, `rules`, an array of objects. For each request of the
// routes `submit`, `status` and `result` the rules are tried in order; the first rule of that route
// with a count left is applied. The table in script.cpp lists the members of a rule;
// `modelverse-emulator --help-script` prints it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "emulator/json.h"

namespace emulator {

// One object of the array, checked. Without members: the regular response.
class Rule {
 public:
  // The text is the error.
  static std::variant<Rule, std::string> parse(JsonNode* node);

  // Each reads a member of the table's type; false, 0 or nothing if it is absent.
  bool has(const char* name) const { return member(name) != nullptr; }
  bool flag(const char* name) const;
  double number(const char* name) const;
  std::optional<std::int64_t> integer(const char* name) const;
  std::optional<std::string> text(const char* name) const;
  std::vector<std::string> texts(const char* name) const;
  std::map<std::string, std::string> headers() const;

  // The connection ends before a response.
  bool is_cut() const { return flag("reset") || flag("close") || flag("answer_lost"); }
  // Status, headers and body come from the rule, not from the service's logic.
  bool replaces_response() const;
  // The rule contains the result link, so it waits for the clip.
  bool needs_link() const;
  // The request takes effect although the response is replaced.
  bool is_handled() const { return !replaces_response() || flag("accept") || flag("answer_lost"); }

 private:
  JsonNode* member(const char* name) const;

  std::shared_ptr<JsonObject> object_{json_object_new(), json_object_unref};
};

class Script {
 public:
  static std::variant<Script, std::string> parse(std::string_view text);

  struct Match {
    Rule rule;
    int index = -1;  // none: the regular response
  };
  // Updates counts: call once per request. Without a link, a rule that needs one is skipped and
  // keeps its count.
  Match take(const std::string& route, bool has_link);

 private:
  struct Entry {
    Rule rule;
    std::int64_t passed = 0;
    std::int64_t used = 0;
  };
  std::vector<Entry> entries_;
};

std::string script_help();

}  // namespace emulator
