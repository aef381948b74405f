// SPDX-License-Identifier: LGPL-2.1-or-later
// Adds up a plan.
#include "render/plan_table.h"

#include <algorithm>
#include <array>
#include <set>

#include "api/printable.h"
#include "glib/columns.h"

namespace modelverse::render {

namespace {

std::string shown(const std::string& text) {
  return text.empty() ? "-" : api::printable(text);
}

// Nothing: unknown.
std::optional<Money> total_cost(const std::vector<Event>& plan) {
  Money total;
  for (const auto& shot : plan) {
    if (!shot.cost ||
        (total.micros > 0 && shot.cost->micros > 0 && shot.cost->currency != total.currency))
      return {};
    total.micros += shot.cost->micros;
    if (shot.cost->micros > 0)
      total.currency = shot.cost->currency;
  }
  return total;
}

std::string total_cost_text(const std::optional<Money>& cost) {
  return cost && cost->micros == 0 ? "nothing" : cost_text(cost);
}

// "bay and 2 more: warning: ..."
std::string warnings_as_text(const std::vector<Event>& warnings) {
  std::string text;
  std::set<std::string> told;
  for (const auto& warning : warnings) {
    if (!told.insert(warning.text).second)
      continue;
    const auto others =
        std::count_if(warnings.begin(), warnings.end(),
                      [&](const Event& other) { return other.text == warning.text; }) -
        1;
    auto first = warning;
    if (others > 0)
      first.shot += " and " + std::to_string(others) + " more";
    text += line_of(first) + "\n";
  }
  return text;
}

}  // namespace

Event plan_total(const std::vector<Event>& plan) {
  auto text = std::to_string(plan.size()) + (plan.size() == 1 ? " shot" : " shots");
  const char* separator = ": ";
  constexpr std::array<const char*, 4> states = {"kept", "resumable", "to be made", "unknown"};
  for (const std::string state : states) {
    const auto count = std::count_if(plan.begin(), plan.end(),
                                     [&](const Event& shot) { return shot.state == state; });
    if (count == 0)
      continue;
    text += separator + std::to_string(count) + " " + state;
    separator = ", ";
  }
  const auto cost = total_cost(plan);
  return {.kind = Event::Kind::total,
          .text = text + "; cost: " + total_cost_text(cost),
          .cost = cost,
          .number = plan.size()};
}

std::string plan_as_text(const std::vector<Event>& plan, const std::vector<Event>& warnings) {
  std::vector<Row> rows = {{"SHOT", "MODEL", "SIZE", "SECONDS", "STATE", "COST"}};
  for (const auto& shot : plan)
    rows.push_back({shown(shot.shot), shown(shot.model), shown(shot.size),
                    shot.seconds > 0 ? std::to_string(shot.seconds) : "-", shot.state,
                    shot.cost && shot.cost->micros == 0 ? "-" : cost_text(shot.cost)});
  auto text = as_table(rows);
  for (const auto& shot : plan)
    if (!shot.text.empty())
      text += shown(shot.shot) + ": " + shown(shot.text) + "\n";
  return text + warnings_as_text(warnings) + plan_total(plan).text + "\n";
}

}  // namespace modelverse::render
