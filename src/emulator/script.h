// SPDX-License-Identifier: LGPL-2.1-or-later
// The script: faults and variants that the emulator plays instead of its good answers.
//
// A script is a JSON object with one member, `rules`, an array of objects. For each request of the
// routes `submit`, `status` and `result` the rules are asked in order; the first one of that route
// that has a count left is applied. What a rule may hold is the table in script.cpp, which
// `modelverse-emulator --help-script` prints.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "emulator/json.h"

namespace emulator {

enum class Route { submit, status, result, other };
const char* route_name(Route route);

using Count = std::optional<std::uint64_t>;
using TextPairs = std::vector<std::pair<std::string, std::string>>;
using Texts = std::vector<std::string>;

struct Rule {
  Route route = Route::other;
  std::uint64_t skip = 0;
  std::uint64_t times = 1;
  std::optional<int> status;
  std::optional<TextPairs> headers;
  std::optional<std::string> body;
  Count body_size;
  std::optional<std::string> error_code;
  std::optional<std::string> error_message;
  std::optional<std::string> redirect;
  bool accept = false;
  double delay = 0;
  double header_delay = 0;
  double bytes_per_second = 0;
  bool reset = false;
  bool close = false;
  bool answer_lost = false;
  Count reset_after;
  Count close_after;
  Count stall_after;
  bool no_range = false;
  bool no_length = false;
  bool no_content_range = false;
  Count wrong_start;
  std::optional<std::int64_t> wrong_length;
  std::optional<std::string> etag;
  bool expire_link = false;
  std::optional<std::string> task_id;
  std::optional<std::string> task_status;
  std::optional<Texts> urls;
  std::optional<Texts> omit;
};

// The answer's status, headers and body come from the rule, not from the service's logic.
bool replaces_response(const Rule& rule);
// Its answer holds the good link, so there is none before there is a clip.
bool needs_link(const Rule& rule);
// The request has its effect although the answer is replaced.
bool is_handled(const Rule& rule);

class Script {
 public:
  static std::variant<Script, std::string> parse(std::string_view text);

  struct Match {
    std::shared_ptr<const Rule> rule;  // null: play fair
    int index = -1;
  };
  // Counts: each request is to be asked for once. Without a link a rule that needs one lets the
  // request pass on and does not count it as answered.
  Match take(Route route, bool has_link);

 private:
  struct Entry {
    std::shared_ptr<const Rule> rule;
    std::uint64_t passed = 0;
    std::uint64_t used = 0;
  };
  std::vector<Entry> entries_;
};

std::string script_help();

}  // namespace emulator
