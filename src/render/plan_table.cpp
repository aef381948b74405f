// SPDX-License-Identifier: LGPL-2.1-or-later
// Adds up a plan.
#include "render/plan_table.h"

#include <algorithm>
#include <array>

#include "api/printable.h"
#include "render/columns.h"

namespace modelverse::render {

namespace {

std::string shown(const std::string& text) {
  return text.empty() ? "-" : api::printable(text);
}

std::string total_cost(const std::vector<Event>& plan) {
  Money total;
  for (const auto& shot : plan) {
    if (!shot.cost ||
        (total.micros > 0 && shot.cost->micros > 0 && shot.cost->currency != total.currency))
      return "unknown";
    total.micros += shot.cost->micros;
    if (shot.cost->micros > 0)
      total.currency = shot.cost->currency;
  }
  return total.micros > 0 ? money_text(total) : "nothing";
}

}  // namespace

std::string plan_total(const std::vector<Event>& plan) {
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
  return text + "; cost: " + total_cost(plan);
}

std::string plan_as_text(const std::vector<Event>& plan) {
  std::vector<std::vector<std::string>> rows = {
      {"SHOT", "MODEL", "SIZE", "SECONDS", "STATE", "COST"}};
  for (const auto& shot : plan)
    rows.push_back({shown(shot.shot), shown(shot.model), shown(shot.size),
                    shot.seconds > 0 ? std::to_string(shot.seconds) : "-", shot.state,
                    shot.cost && shot.cost->micros == 0 ? "-" : cost_text(shot.cost)});
  return as_table(rows) + plan_total(plan) + "\n";
}

}  // namespace modelverse::render
