// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/budget.h"

#include <glib.h>

#include <cmath>
#include <utility>

#include "api/printable.h"
#include "glib/environment.h"
#include "glib/text.h"

namespace modelverse::job {

namespace {

constexpr const char* budget_variable = "MODELVERSE_DAILY_BUDGET";

Error not_an_amount(const char* name, const std::string& text) {
  return settings_error(
      format_text(_("%s is not an amount of money, such as 50: %s"), name, text.c_str()), name);
}

Error unknown_cost(const Plan& plan, const char* limit, double amount) {
  return settings_error(
      format_text(_("The cost of the clip is unknown, and %s is %s: it is not submitted. "
                    "`modelverse-tasks models` lists the known prices; a row in your models.json "
                    "can add the price of %s. An entry in extra-input or extra-parameters can make "
                    "the cost unknown."),
                  limit, amount_text(limit_of(amount)).c_str(),
                  api::printable(plan.settings.model, 200).c_str()),
      std::string(limit) + " with unknown cost");
}

std::string submits_text(std::uint64_t count) {
  return format_text(g_dngettext(GETTEXT_PACKAGE, "%d submit", "%d submits", count),
                     static_cast<int>(count));
}

std::string unknown_submits(const store::Spent& spent) {
  const auto count = submits_text(spent.unknown);
  if (spent.unknown_model.empty())
    return count;
  return format_text(_("%s (one is of %s)"), count.c_str(),
                     api::printable(spent.unknown_model, 200).c_str());
}

Error over_budget(const Money& cost, std::int64_t budget, const store::Spent& spent) {
  const auto limit = money_text({budget, cost.currency});
  const auto used = money_text({spent.micros, cost.currency});
  const auto known_submits = submits_text(spent.submits - spent.unknown);
  if (spent.unknown == 0)
    return settings_error(
        format_text(_("The clip would cost %s. Of the daily-budget of %s, %s are already used, by "
                      "%s of the last 24 hours: it is not submitted."),
                    money_text(cost).c_str(), limit.c_str(), used.c_str(), known_submits.c_str()),
        "daily-budget");
  return settings_error(
      format_text(_("It is unknown whether the clip, of %s, is within the daily-budget of %s: the "
                    "cost of %s of the last 24 hours is unknown or in another currency. Known are "
                    "%s by %s. It is not submitted until the unknown ones are older than 24 hours. "
                    "`modelverse-tasks costs --by=day,model` shows them."),
                  money_text(cost).c_str(), limit.c_str(), unknown_submits(spent).c_str(),
                  used.c_str(), known_submits.c_str()),
      "daily-budget with unknown cost");
}

store::Ledger ledger_of(const Job& job) {
  return store::Ledger(job.plan.cache_dir);
}

}  // namespace

std::int64_t limit_of(double amount) {
  constexpr double largest_limit = 9e12;
  return amount < largest_limit ? micros_of(amount) : G_MAXINT64;
}

Result<double> daily_budget(const Settings& settings) {
  if (!std::isfinite(settings.daily_budget))
    return not_an_amount("daily-budget", std::to_string(settings.daily_budget));
  if (settings.daily_budget != 0)
    return settings.daily_budget;
  const auto text = environment(budget_variable);
  if (text.empty())
    return 0.0;
  char* end = nullptr;
  const double amount = g_ascii_strtod(text.c_str(), &end);
  if (*end == '\0' && std::isfinite(amount) && amount >= 0)
    return amount;
  return not_an_amount(budget_variable, api::printable(text, 100));
}

Status check_cost(Job& job) {
  const auto& settings = job.settings();
  const auto& cost = job.plan.cost;
  const auto budget = daily_budget(settings);
  if (!budget)
    return budget.error();
  // GParamSpec lets NaN pass.
  if (!std::isfinite(settings.max_cost))
    return not_an_amount("max-cost", std::to_string(settings.max_cost));
  job.daily_budget.reset();
  if (*budget != 0)
    job.daily_budget = limit_of(*budget);
  const bool has_max_cost = settings.max_cost != 0;
  if (!cost && has_max_cost)
    return unknown_cost(job.plan, "max-cost", settings.max_cost);
  if (!cost && job.daily_budget)
    return unknown_cost(job.plan, "daily-budget", *budget);
  if (has_max_cost && cost->micros > limit_of(settings.max_cost))
    return settings_error(
        format_text(_("The clip would cost %s, and max-cost is %s: it is not submitted."),
                    money_text(*cost).c_str(), amount_text(limit_of(settings.max_cost)).c_str()),
        "max-cost");
  return Done{};
}

Result<std::optional<store::EnteredSubmit>> enter_submit(Job& job) {
  const auto& record = job.record;
  auto entering = ledger_of(job).enter(
      {.time = record.submit_time, .key = record.key, .model = record.model, .cost = record.cost},
      job.daily_budget);
  if (!entering)
    return std::move(entering).error();
  if (const auto* over = std::get_if<store::Ledger::OverBudget>(&*entering))
    return over_budget(*record.cost, *job.daily_budget, over->spent);
  auto* submit = std::get_if<store::EnteredSubmit>(&*entering);
  if (!submit)
    return std::optional<store::EnteredSubmit>();
  job.record.ledger = submit->name();
  return std::optional(std::move(*submit));
}

void settle_submit(const Job& job, const store::Ledger::News& news) {
  if (!job.record.ledger.empty())
    (void)ledger_of(job).settle(job.record.ledger, news);
}

void note_task(const Job& job) {
  settle_submit(job, {.outcome = store::SubmitOutcome::accepted,
                      .task_id = job.record.task_id,
                      .usage_seconds = job.record.usage_seconds});
}

}  // namespace modelverse::job
