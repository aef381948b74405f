// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the key comes from.
#include <glib.h>
#include <sys/stat.h>

#include <fstream>

#include "bench.h"
#include "job/plan.h"

namespace modelverse::job::test {
namespace {

struct ApiKeys : Bench {
  ApiKeys() { settings().api_key.clear(); }
  ~ApiKeys() override {
    g_unsetenv("MODELVERSE_API_KEY");
    g_unsetenv("MODELVERSE_API_KEY_FILE");
  }
  std::string file(const std::string& text, mode_t mode = 0600) {
    const auto path = directory.path() + "/key";
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
    return path;
  }
};

TEST_F(ApiKeys, come_from_the_property_then_the_environment_then_the_file) {
  settings().api_key_file = file("from-file\n");
  EXPECT_EQ(find_api_key(settings())->value, "from-file");
  g_setenv("MODELVERSE_API_KEY", "from-environment", true);
  EXPECT_EQ(find_api_key(settings())->value, "from-environment");
  settings().api_key = "from-property";
  EXPECT_EQ(find_api_key(settings())->value, "from-property");
}

TEST_F(ApiKeys, come_from_the_file_that_the_environment_names) {
  g_setenv("MODELVERSE_API_KEY_FILE", file("k\r\n").c_str(), true);
  EXPECT_EQ(find_api_key(settings())->value, "k");
}

TEST_F(ApiKeys, are_warned_of_when_others_can_read_the_file) {
  settings().api_key_file = file("k", 0644);
  EXPECT_NE(find_api_key(settings())->warning.find("chmod 600"), std::string::npos);
  settings().api_key_file = file("k", 0600);
  EXPECT_EQ(find_api_key(settings())->warning, "");
}

TEST_F(ApiKeys, are_missed_by_the_names_of_property_and_environment) {
  const auto missing = find_api_key(settings());
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::not_authorized);
  EXPECT_NE(missing.error().text.find("MODELVERSE_API_KEY"), std::string::npos);
  settings().api_key_file = directory.path() + "/none";
  EXPECT_EQ(find_api_key(settings()).error().code, ErrorCode::not_authorized);
}

TEST_F(ApiKeys, are_the_first_line_without_what_an_editor_puts_around_it) {
  for (const auto* text : {"k-1", "k-1\n", "k-1\r\n", "\xef\xbb\xbfk-1\n", "  k-1\t \nmore\n"}) {
    settings().api_key_file = file(text);
    EXPECT_EQ(find_api_key(settings())->value, "k-1") << text;
  }
}

TEST_F(ApiKeys, are_no_empty_line_no_long_one_and_in_no_pipe) {
  const auto fifo = directory.path() + "/fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  const std::pair<std::string, std::string> rows[] = {{file(""), "no key in its first line"},
                                                      {fifo, "not a regular file"},
                                                      {"/dev/null", "not a regular file"}};
  for (const auto& [path, why] : rows) {
    settings().api_key_file = path;
    const auto key = find_api_key(settings());
    ASSERT_FALSE(key.ok()) << path;
    EXPECT_NE(key.error().text.find(why), std::string::npos) << key.error().text;
    EXPECT_NE(key.error().text.find(path), std::string::npos) << key.error().text;
  }
  settings().api_key_file = file(std::string(5000, 'k'));
  EXPECT_NE(find_api_key(settings()).error().text.find("too long"), std::string::npos);
  settings().api_key_file = file("\nk");
  EXPECT_FALSE(find_api_key(settings()).ok());
}

TEST_F(ApiKeys, are_not_shown_where_one_stands_for_the_file) {
  for (const std::string& name : {std::string("sk-0123456789"), std::string("sk-01/3456789")}) {
    Settings settings;
    settings.api_key_file = name;
    const auto key = find_api_key(settings);
    ASSERT_FALSE(key.ok());
    EXPECT_EQ(key.error().text.find(name), std::string::npos) << key.error().text;
    EXPECT_EQ(key.error().debug.find(name), std::string::npos) << key.error().debug;
    EXPECT_NE(key.error().text.find("may be the key itself"), std::string::npos);
  }
}

TEST_F(ApiKeys, are_refused_where_they_are_not_ascii) {
  settings().api_key = "\xe2\x80\x9cs3cret\xe2\x80\x9d";
  const auto key = find_api_key(settings());
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.error().code, ErrorCode::settings);
  EXPECT_NE(key.error().text.find("ASCII"), std::string::npos);
  EXPECT_EQ((key.error().text + key.error().debug).find("s3cret"), std::string::npos);
}

// An empty variable is one that is not set.
TEST_F(ApiKeys, are_looked_for_behind_an_empty_variable) {
  g_setenv("MODELVERSE_API_KEY", "", true);
  g_setenv("MODELVERSE_API_KEY_FILE", "", true);
  EXPECT_FALSE(find_api_key(settings()).ok());
  settings().api_key_file = file("k");
  EXPECT_EQ(find_api_key(settings())->value, "k");
}

TEST_F(ApiKeys, are_refused_with_control_characters_and_never_shown) {
  for (const auto* value : {"s3cret\n", "s3cret\tx", "s3cret\x7f", "\x01s3cret"}) {
    settings().api_key = value;
    const auto key = find_api_key(settings());
    ASSERT_FALSE(key.ok());
    EXPECT_EQ(key.error().code, ErrorCode::settings);
    EXPECT_EQ((key.error().text + key.error().debug).find("s3cret"), std::string::npos);
  }
}

}  // namespace
}  // namespace modelverse::job::test
