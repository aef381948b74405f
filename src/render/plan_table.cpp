// SPDX-License-Identifier: LGPL-2.1-or-later
// Adds up a plan.
#include "render/plan_table.h"

#include <algorithm>

#include "api/printable.h"
#include "glib/columns.h"
#include "glib/text.h"
#include "render/lookup.h"

namespace modelverse::render {

namespace {

std::string shown(const std::string& text) {
  return text.empty() ? "-" : api::printable(text);
}

// Nothing: unknown.
std::optional<Money> total_cost(const std::vector<Event>& plan) {
  std::vector<Money> costs;
  for (const auto& shot : plan) {
    if (!shot.cost)
      return {};
    costs.push_back(*shot.cost);
  }
  return sum_of(costs);
}

std::string total_cost_text(const std::optional<Money>& cost) {
  return cost && cost->micros == 0 ? C_("cost", "nothing") : cost_text(cost);
}

}  // namespace

Event plan_total(const std::vector<Event>& plan) {
  std::string states;
  for (const auto state : {State::kept, State::resumable, State::to_make, State::unknown}) {
    const auto count = std::count_if(plan.begin(), plan.end(), [&](const Event& shot) {
      return shot.state == state_name(state);
    });
    // Translators: shots of a state, such as "2 to be made".
    if (count > 0)
      add_item(states, format_text(_("%d %s"), static_cast<int>(count), _(state_name(state))));
  }
  const auto cost = total_cost(plan);
  return {.kind = Event::Kind::total,
          .text = format_text(g_dngettext(GETTEXT_PACKAGE, "%zu shot: %s; cost: %s",
                                          "%zu shots: %s; cost: %s", plan.size()),
                              plan.size(), states.empty() ? "-" : states.c_str(),
                              total_cost_text(cost).c_str()),
          .cost = cost,
          .number = plan.size()};
}

std::string plan_as_text(const std::vector<Event>& plan, const std::vector<Event>& warnings) {
  std::vector<Row> rows = {
      {_("SHOT"), _("MODEL"), C_("of the video", "SIZE"), _("SECONDS"), _("STATE"), _("COST")}};
  for (const auto& shot : plan)
    rows.push_back({shown(shot.shot), shown(shot.model), shown(shot.size),
                    shot.seconds > 0 ? std::to_string(shot.seconds) : "-", _(shot.state.c_str()),
                    shot.cost && shot.cost->micros == 0 ? "-" : cost_text(shot.cost)});
  auto text = as_table(rows);
  for (const auto& shot : plan)
    if (!shot.text.empty())
      text += format_text(_("%s: %s"), shown(shot.shot).c_str(), shown(shot.text).c_str()) + "\n";
  return text + warnings_as_text(warnings) + plan_total(plan).text + "\n";
}

}  // namespace modelverse::render
