// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/model_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <sstream>

#include "api/models.h"
#include "support/files.h"

namespace modelverse::tool {
namespace {

using api::Models;
using api::Profile;

// The words between two or more spaces.
std::string words_of(const std::string& text) {
  return std::regex_replace(text, std::regex("  +"), "|");
}

// The line below the heading.
std::string row_of(const Profile& profile) {
  const auto words = words_of(models_as_text({&profile, 1}));
  return words.substr(words.find('\n') + 1);
}

Profile small_profile() {
  Profile profile;
  profile.model = "acme/x";
  profile.picture = api::PictureUse::required;
  profile.resolutions = {{"540p", {}, {}}, {"1080p", {}, {5}}};
  profile.default_resolution = "540p";
  profile.durations = {4, 5, 6, 9};
  profile.default_duration = 5;
  return profile;
}

TEST(ModelList, marks_what_is_the_default_and_what_a_resolution_is_limited_to) {
  const auto profile = small_profile();
  EXPECT_EQ(
      words_of(models_as_text({&profile, 1})),
      "MODEL|MADE OF|LAST FRAME|REFERENCES|SOUND|SEED|NEGATIVE PROMPT|RESOLUTION|DURATION|PRICE\n"
      "acme/x|picture|-|-|-|-|-|540p*, 1080p (5 s)|4-6, 9 s, 5*|unknown\n");
  EXPECT_NE(
      models_as_markdown({&profile, 1})
          .find("| `acme/x` | picture | - | - | - | - | - | **540p**, 1080p (5 s) | 4-6, 9 s, "
                "**5** | unknown |"),
      std::string::npos);
}

TEST(ModelList, shows_what_a_model_takes_in_any_of_its_modes) {
  const auto models = Models::with_rows_of(
      R"({"models":[{"model":"m","audio":{"on":1},"withdrawn":{"date":"2026-09-24"},)"
      R"("body":{"input":{"s":"{seed}","n":"{negative-prompt}"}},"modes":[{"pictures":[]},{"pictures":["first","last"],)"
      R"("body":{"input":{"f":"{picture}","l":"{last-picture}","a":"{audio}"}}},)"
      R"({"pictures":["references"],"max-references":3,"body":{"input":{"r":["{reference}"]}}}]}]})",
      "m");
  ASSERT_TRUE(models.ok()) << models.error().text;
  EXPECT_EQ(row_of(models->find("m")),
            "m|picture or text|last frame|references: 3|sound: on|seed|negative prompt|any|any|"
            "withdrawn 2026-09-24; unknown\n");
}

TEST(ModelList, says_where_nothing_is_checked) {
  Profile profile;
  profile.model = "m";
  EXPECT_EQ(row_of(profile), "m|text only|-|-|-|-|-|any|any|unknown\n");
}

TEST(ModelList, shows_the_price_with_its_date) {
  const auto models = Models::built_in();
  EXPECT_TRUE(row_of(models.find(default_model))
                  .ends_with("; 720p 2.14/s, 1080p 3.56/s CNY, 2026-04-15\n"));
  EXPECT_TRUE(row_of(models.find("kling-v2-6"))
                  .ends_with("|pro silent 2.50-5.00, pro with sound 5.00-10.00 CNY, 2026-04-15\n"));
  EXPECT_TRUE(row_of(models.find("MiniMax-Hailuo-02"))
                  .ends_with("|768P 2.00-4.00, 1080P 6 s 3.50 CNY, 2026-04-15\n"));
}

TEST(ModelList, has_its_columns_below_each_other) {
  std::istringstream lines(models_as_text(Models::built_in().rows()));
  std::string line;
  std::getline(lines, line);
  const auto column = line.find("MADE OF");
  ASSERT_NE(column, std::string::npos);
  while (std::getline(lines, line))
    EXPECT_TRUE(line.substr(column).starts_with("picture") ||
                line.substr(column).starts_with("text") ||
                line.substr(column).starts_with("references"))
        << line;
}

TEST(ModelList, fits_a_terminal_with_the_whole_name_and_the_start_of_the_price) {
  const auto rows = Models::built_in().rows();
  for (const std::size_t columns : {80, 100, 160, 250}) {
    std::istringstream lines(models_as_text(rows, columns));
    std::string line;
    std::getline(lines, line);
    EXPECT_EQ(line.find("DURATION") != std::string::npos, columns >= 100) << line;
    EXPECT_NE(line.find("PRICE"), std::string::npos) << line;
    for (const auto& row : rows) {
      std::getline(lines, line);
      EXPECT_TRUE(line.starts_with(row.model + " ")) << line;
      EXPECT_LE(columns_of(line), columns) << line;
    }
  }
}

TEST(Documents, have_the_table_of_models_as_it_is) {
  const auto page = test_support::file_content(DOCUMENTS "/models.md");
  const std::string start = "<!-- models, by `modelverse-tasks models --markdown` -->\n";
  const auto begin = page.find(start);
  const auto end = page.find("<!-- end of models -->");
  ASSERT_NE(begin, std::string::npos);
  ASSERT_NE(end, std::string::npos);
  EXPECT_EQ(page.substr(begin + start.size(), end - begin - start.size()),
            models_as_markdown(Models::built_in().rows()))
      << "put the output of `modelverse-tasks models --markdown` between the two comments";
}

TEST(Documents, show_a_list_of_models_that_can_be_read) {
  const auto page = test_support::file_content(DOCUMENTS "/models.md");
  const std::string start = "```json\n";
  const auto begin = page.find(start + "{\"models\"");
  ASSERT_NE(begin, std::string::npos);
  const auto end = page.find("```", begin + start.size());
  const auto models =
      Models::with_rows_of(page.substr(begin + start.size(), end - begin - start.size()), "m");
  ASSERT_TRUE(models.ok()) << models.error().text;
  EXPECT_TRUE(models->find("kling-video-o1").is_known);
  EXPECT_EQ(models->find("kling-v2-6").default_resolution, "pro");
}

TEST(Documents, name_each_model_with_its_page) {
  std::istringstream document(test_support::file_content(DOCUMENTS "/model-sources.md"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(document, line);)
    lines.push_back(line);
  for (const auto& row : Models::built_in().rows()) {
    const bool is_named = std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.starts_with("|") && line.find("`" + row.model + "`") != std::string::npos &&
             line.find("`" + row.page + "`") != std::string::npos;
    });
    EXPECT_TRUE(is_named) << row.model << " " << row.page;
  }
}

}  // namespace
}  // namespace modelverse::tool
