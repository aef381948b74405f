// SPDX-License-Identifier: LGPL-2.1-or-later
// Texts in Chinese, from the catalogue in the build directory.
#include <glib.h>

#include <clocale>

#include "bench.h"
#include "glib/sentences.h"

namespace modelverse::job::test {
namespace {

struct InChinese : Bench {
  void SetUp() override {
    Bench::SetUp();
    bind_translations();
    if (!std::setlocale(LC_MESSAGES, "zh_CN.UTF-8"))
      GTEST_SKIP() << "the package locales is not installed";
  }
  void TearDown() override {
    std::setlocale(LC_MESSAGES, before_.c_str());
    Bench::TearDown();
  }

 private:
  const std::string before_ = std::setlocale(LC_MESSAGES, nullptr);
};

TEST_F(InChinese, an_error_has_its_values_and_keeps_its_debug_text) {
  plan.cost = Money{8'560'000, "CNY"};
  settings().max_cost = 5;
  const auto end = submit(job());
  ASSERT_FALSE(end.ok());
  for (const char* part : {"片段", "8.56 CNY", "max-cost", "5.00"})
    EXPECT_NE(end.error().text.find(part), std::string::npos) << end.error().text;
  EXPECT_EQ(end.error().debug, "max-cost");
}

TEST(Sentences, follow_a_message_in_any_language_that_may_have_no_full_stop) {
  EXPECT_EQ(two_sentences("Done.", "Go on."), "Done. Go on.");
  EXPECT_EQ(two_sentences("too long", "Go on."), "too long. Go on.");
  EXPECT_EQ(two_sentences("余额不足。", "Go on."), "余额不足。 Go on.");
}

}  // namespace
}  // namespace modelverse::job::test
