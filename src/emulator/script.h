// SPDX-License-Identifier: LGPL-2.1-or-later
// The script: faults and variants that replace the emulator's regular responses.
//
// A script is a JSON object with one member, `rules`, an array of objects. For each request of the
// routes `submit`, `status` and `result` the rules are tried in order; the first rule of that route
// with a count left is applied. The table in script.cpp lists the members of a rule;
// `modelverse-emulator --help-script` prints it.
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

struct Rule {
  Route route = Route::other;
  std::uint64_t skip = 0;
  std::uint64_t times = 1;
  std::optional<std::int64_t> status;
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
  std::optional<std::vector<std::string>> urls;
  std::optional<std::vector<std::string>> omit;

  // The connection ends before a response.
  bool is_cut() const { return reset || close || answer_lost; }
  // Status, headers and body come from the rule, not from the service's logic.
  bool replaces_response() const;
  // The rule contains the result link, so it waits for the clip.
  bool needs_link() const;
  // The request takes effect although the response is replaced.
  bool is_handled() const { return !replaces_response() || accept || answer_lost; }
};

class Script {
 public:
  static std::variant<Script, std::string> parse(std::string_view text);

  struct Match {
    std::shared_ptr<const Rule> rule;  // null: the regular response
    int index = -1;
  };
  // Updates counts: call once per request. Without a link, a rule that needs one is skipped and
  // keeps its count.
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
