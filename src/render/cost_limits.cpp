// SPDX-License-Identifier: LGPL-2.1-or-later
// Compares the plan's costs with the limits, as the element does before each submit.
#include "render/cost_limits.h"

#include <glib.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/settings.h"
#include "glib/text.h"
#include "job/budget.h"
#include "store/cache.h"
#include "store/ledger.h"
#include "store/ledger_walk.h"

namespace modelverse::render {

namespace {

// Of the shots whose cost is known.
std::optional<Money> known_cost(const std::vector<Event>& plan) {
  std::vector<Money> costs;
  for (const auto& shot : plan)
    costs.push_back(shot.cost.value_or(Money{}));
  return sum_of(costs);
}

Result<store::Spent> spent_today(const std::string& currency) {
  constexpr std::int64_t a_day = 24 * 60 * 60;
  const std::int64_t now = g_get_real_time() / G_USEC_PER_SEC;
  const store::Ledger ledger(store::resolve_cache_dir({}));
  const auto sum = store::sum_since(ledger.directory(), {}, now - a_day, currency, now);
  return sum ? Result<store::Spent>(sum->entered) : sum.error();
}

std::string refusal_of(const Event& shot, const Options& options) {
  if (!shot.cost && options.max_cost > 0)
    return _("its cost is unknown, which --max-cost refuses");
  if (!shot.cost && options.daily_budget > 0)
    return _("its cost is unknown, which the daily budget refuses");
  if (shot.cost && options.max_cost > 0 && shot.cost->micros > job::limit_of(options.max_cost))
    return format_text(_("costs %s, more than --max-cost"), money_text(*shot.cost).c_str());
  return {};
}

}  // namespace

Status complete_limits(Options& options) {
  Settings settings;
  settings.daily_budget = options.daily_budget;
  const auto budget = job::daily_budget(settings);
  if (!budget)
    return budget.error();
  options.daily_budget = *budget;
  return Done{};
}

void note_refused_costs(std::vector<Event>& plan, const Options& options) {
  for (auto& shot : plan)
    if (const auto refusal = refusal_of(shot, options); !refusal.empty())
      add_note(shot, refusal);
}

std::string budget_warning(const std::vector<Event>& plan, const Options& options) {
  const auto cost = known_cost(plan);
  if (options.daily_budget <= 0 || (cost && cost->micros == 0))
    return {};
  if (!cost)
    return _("The plan has costs in several currencies, and the daily budget is in one.");
  const auto spent = spent_today(cost->currency);
  if (!spent)
    return spent.error().text;
  const Money budget = {job::limit_of(options.daily_budget), cost->currency};
  if (spent->unknown > 0)
    return format_text(
        _("It is unknown what is left of the daily budget of %s: submits of the "
          "last 24 hours have an unknown cost. `modelverse-tasks costs` lists them."),
        money_text(budget).c_str());
  const auto left = budget.micros - spent->micros;
  if (cost->micros <= left)
    return {};
  return format_text(_("The plan costs %s, and %s are left of the daily budget of %s."),
                     money_text(*cost).c_str(),
                     money_text({std::max<std::int64_t>(left, 0), cost->currency}).c_str(),
                     money_text(budget).c_str());
}

}  // namespace modelverse::render
