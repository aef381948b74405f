// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/costs.h"

#include <gtest/gtest.h>

namespace modelverse::tool {
namespace {

store::LedgerEntry submit(std::int64_t time, const char* model, std::optional<Money> cost,
                          store::SubmitOutcome outcome = store::SubmitOutcome::accepted) {
  return {.time = time, .model = model, .cost = std::move(cost), .outcome = outcome};
}

store::Account account() {
  constexpr std::int64_t now = 1'796'033'505;  // 2026-11-30
  constexpr std::int64_t a_day = 24 * 3600;
  store::Account all;
  all.submits = {submit(now, "a", Money{8'560'000, "CNY"}), submit(now, "b", {}),
                 submit(now, "b", Money{1, "CNY"}, store::SubmitOutcome::refused),
                 submit(now - a_day, "b", Money{2'500'000, "CNY"}, store::SubmitOutcome::unknown)};
  all.months = {{"2025-09", {.model = "a", .currency = "CNY", .micros = 1'000'000, .submits = 2}}};
  all.damaged = {{"2026-11-29", "/x"}};
  return all;
}

TEST(Costs, are_summed_by_month_with_unknown_ones_apart) {
  EXPECT_EQ(costs_as_text(account(), {.by = {CostsBy::month}}),
            "MONTH    SUBMITS  UNKNOWN  COST\n"
            "2025-09  2        -        1.00 CNY\n"
            "2026-11  2        1        unknown\n"
            "2026-11  2        1        11.06 CNY\n"
            "total    2        1        unknown\n"
            "total    4        1        12.06 CNY\n");
}

TEST(Costs, are_summed_by_day_and_by_model) {
  EXPECT_EQ(costs_as_text(account(), {.by = {CostsBy::day}}),
            "DAY         SUBMITS  UNKNOWN  COST\n"
            "2025-09     2        -        1.00 CNY\n"
            "2026-11-29  1        1        unknown\n"
            "2026-11-29  1        1        2.50 CNY\n"
            "2026-11-30  1        -        unknown\n"
            "2026-11-30  1        -        8.56 CNY\n"
            "total       2        1        unknown\n"
            "total       4        1        12.06 CNY\n");
  EXPECT_EQ(costs_as_text(account(), {.by = {CostsBy::model}}),
            "MODEL  SUBMITS  UNKNOWN  COST\n"
            "-      1        1        unknown\n"
            "a      3        -        9.56 CNY\n"
            "b      1        -        unknown\n"
            "b      1        1        2.50 CNY\n"
            "total  2        1        unknown\n"
            "total  4        1        12.06 CNY\n");
}

TEST(Costs, are_summed_by_several_keys_and_from_a_day_on) {
  const CostsQuery today = {.by = {CostsBy::day, CostsBy::model}, .since = "2026-11-30"};
  EXPECT_EQ(costs_as_text(account(), today),
            "DAY         MODEL  SUBMITS  UNKNOWN  COST\n"
            "2026-11-30  a      1        -        8.56 CNY\n"
            "2026-11-30  b      1        -        unknown\n"
            "total       -      1        -        unknown\n"
            "total       -      1        -        8.56 CNY\n");
  const auto json = costs_as_json(account(), today);
  EXPECT_NE(json.find(R"("day" : "2026-11-30",
    "model" : "a",)"),
            std::string::npos)
      << json;
  EXPECT_EQ(json.find("2026-11-29"), std::string::npos) << json;
}

// A month that is folded has no days.
TEST(Costs, from_a_day_on_have_the_whole_month_that_is_folded) {
  const auto text = [](const char* since) {
    return costs_as_text(account(), {.by = {CostsBy::month}, .since = since});
  };
  EXPECT_NE(text("2025-09-15").find("2025-09"), std::string::npos);
  EXPECT_EQ(text("2025-10").find("2025-09"), std::string::npos);
  EXPECT_NE(text("2026-11").find("2026-11"), std::string::npos);
}

TEST(Costs, of_no_submits_are_no_table) {
  EXPECT_EQ(costs_as_text({}, {}), "");
  EXPECT_EQ(costs_as_text(account(), {.since = "2027"}), "");
}

TEST(Costs, are_by_different_keys) {
  EXPECT_EQ(read_costs_by("month"), std::vector{CostsBy::month});
  EXPECT_EQ(read_costs_by("model,day"), (std::vector{CostsBy::model, CostsBy::day}));
  for (const char* bad : {"", ",", "day,", "day,day", "days", "year"})
    EXPECT_TRUE(read_costs_by(bad).empty()) << bad;
}

TEST(Costs, are_null_in_json_where_they_are_unknown) {
  const auto text = costs_as_json(account(), {.by = {CostsBy::model}});
  EXPECT_NE(text.find(R"("model" : "a")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("submits" : 3)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("cost" : 9.56)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("cost" : null)"), std::string::npos) << text;
  EXPECT_NE(costs_as_json({.submits = {submit(1, "a", Money{1'410'000, "CNY"})}}, {})
                .find(R"("cost" : 1.41,)"),
            std::string::npos);
  EXPECT_NE(text.find(R"("currency" : null)"), std::string::npos) << text;
}

}  // namespace
}  // namespace modelverse::tool
