// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures that are made to harm whoever decodes them, and decoders that go wrong: each is an error
// of that picture, and costs the application nothing.
#include <gtest/gtest.h>

#include <filesystem>

#include "helpers.h"
#include "support/peak.h"
#include "support/sanitized.h"

namespace modelverse::picture {
namespace {

namespace fs = std::filesystem;

constexpr long mebibyte_kib = 1 << 10;

std::string real_helper() {
  return g_getenv(helper_variable);
}

// With G_DEBUG=fatal-warnings, and less processor time than a job has.
struct Hostile : testing::Test {
  Hostile()
      : fatal_(g_log_set_always_fatal(static_cast<GLogLevelFlags>(
            G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING))),
        helper_("ulimit -S -t 2; exec " + real_helper()) {
    test_support::forget_peak();
    peak_before_ = test_support::peak_kib();
  }
  ~Hostile() override { g_log_set_always_fatal(fatal_); }

  void SetUp() override {
    if (test_support::is_sanitized)
      GTEST_SKIP() << "memory has no limit in a sanitizer's build";
  }
  void TearDown() override {
    constexpr long most_growth_kib = 8 * mebibyte_kib;
    EXPECT_LT(test_support::peak_kib() - peak_before_, most_growth_kib);
    EXPECT_LT(helpers_peak_kib(), 1024 * mebibyte_kib);
  }

  // As a job would have it made.
  static Result<PictureBytes> sent_of(const std::string& path) {
    auto picture = load_file(path, {});
    if (!picture)
      return std::move(picture).error();
    const auto decided = decide_change(*picture, hd_frames(), ImageFit::crop);
    if (!decided)
      return decided.error();
    return decided->change ? apply_change(*picture, *decided->change, hd_frames(), {})
                           : Result(*picture);
  }

 private:
  GLogLevelFlags fatal_;
  ScriptedHelper helper_;
  long peak_before_ = 0;
};

bool is_error_of_the_picture(const Error& error) {
  return error.code == ErrorCode::wrong_type || error.code == ErrorCode::settings;
}

// Another decoder may make something of one or the other.
TEST_F(Hostile, pictures_are_refused) {
  int refused = 0;
  for (const auto& file :
       fs::directory_iterator(fs::path(g_getenv("MODELVERSE_TEST_PICTURES")) / "../hostile")) {
    const auto sent = sent_of(file.path());
    EXPECT_TRUE(sent.ok() ? HAS_GLYCIN : is_error_of_the_picture(sent.error())) << file.path();
    refused += sent.ok() ? 0 : 1;
  }
  EXPECT_GT(refused, 14);
}

TEST_F(Hostile, what_fuzzing_reached_is_decoded_or_refused) {
  int made = 0;
  for (const auto& file : fs::directory_iterator(g_getenv("MODELVERSE_TEST_CORPUS"))) {
    const auto sent = sent_of(file.path());
    EXPECT_TRUE(sent.ok() || is_error_of_the_picture(sent.error())) << file.path();
    made += sent.ok() ? 1 : 0;
  }
  EXPECT_GT(made, 5);
}

TEST_F(Hostile, damage_anywhere_in_a_picture_is_of_no_consequence) {
  for (const char* name : {"baseline.jpg", "progressive.jpg", "palette.png", "plain.webp",
                           "animated.gif", "plain.tiff", "plain.heic", "plain.avif"}) {
    const auto whole = fixture(name);
    for (std::size_t at = whole.bytes.size() / 5; at < whole.bytes.size();
         at += whole.bytes.size() / 5) {
      auto changed_byte = whole;
      changed_byte.bytes[at] = static_cast<char>(~changed_byte.bytes[at]);
      for (const auto& picture :
           {changed_byte, PictureBytes{whole.media_type, whole.bytes.substr(0, at)}}) {
        const auto sent = changed_by_helper(picture);
        EXPECT_TRUE(sent.ok() || is_error_of_the_picture(sent.error())) << name << " " << at;
      }
    }
  }
}

// gdk-pixbuf's list of loaders, with ours alone in it.
struct TestLoader : Hostile {
  TestLoader() {
    const auto cache =
        directory.write("loaders.cache", std::string("\"") + g_getenv("MODELVERSE_TEST_LOADER") +
                                             "\"\n\"test\" 4 \"gdk-pixbuf\" \"Test\" "
                                             "\"LGPL\"\n\"image/gif\" \"\"\n\"gif\" "
                                             "\"\"\n\"GIF8\" \"\" 100\n\n");
    g_setenv("GDK_PIXBUF_MODULE_FILE", cache.c_str(), TRUE);
  }
  ~TestLoader() override { g_unsetenv("GDK_PIXBUF_MODULE_FILE"); }

  static PictureBytes told(const std::string& order) {
    return {"image/gif", std::string("GIF89a\x40\0\x30\0", 10) + order};
  }

  Directory directory;
};

TEST_F(TestLoader, is_used) {
  EXPECT_TRUE(changed_by_helper(told("nothing")).ok());
}

TEST_F(TestLoader, that_goes_wrong_is_an_error_of_the_picture) {
  for (const char* order : {"abort", "spin", "print", "memory", "critical"}) {
    const auto error = helper_error_of(told(order));
    EXPECT_EQ(error.code, ErrorCode::wrong_type) << order;
    EXPECT_NE(error.text.find(order == std::string_view("spin")    ? "too long"
                              : order == std::string_view("print") ? "no picture"
                                                                   : "damaged"),
              std::string::npos)
        << order << ": " << error.text;
  }
}

TEST_F(TestLoader, that_warns_has_made_a_picture) {
  EXPECT_TRUE(changed_by_helper(told("warning")).ok());
}

TEST_F(TestLoader, writes_no_file) {
  if (HAS_GLYCIN)
    GTEST_SKIP() << "gdk-pixbuf writes one";
  const auto path = directory.path("written");
  EXPECT_TRUE(changed_by_helper(told(path)).ok());
  ASSERT_TRUE(fs::exists(path));
  EXPECT_EQ(fs::file_size(path), 0u);
}

}  // namespace
}  // namespace modelverse::picture
