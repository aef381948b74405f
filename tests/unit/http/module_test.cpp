// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/module.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support/scratch_directory.h"

namespace modelverse::http {
namespace {

using test_support::ScratchDirectory;

Error refused(const std::vector<std::string>& paths) {
  auto opened = open_module(paths);
  EXPECT_FALSE(opened.ok());
  return opened.ok() ? Error{} : opened.error();
}

TEST(HttpModule, is_opened_and_makes_exchanges) {
  const auto opened = open_module({"/nowhere/modelverse-http.so", MODULE});
  ASSERT_TRUE(opened.ok()) << opened.error().debug;
  BoundedBody sink(100);
  const auto outcome =
      opened.value()->make_transport({})->exchange({.url = "http://[::1"}, sink, {});
  ASSERT_TRUE(std::holds_alternative<Fault>(outcome));
  EXPECT_EQ(std::get<Fault>(outcome).kind, FaultKind::protocol);
}

TEST(HttpModule, is_searched_beside_the_plugin_first) {
  const auto paths = module_paths();
  ASSERT_GE(paths.size(), 2u);
  EXPECT_NE(paths.front().find("/gst-modelverse/modelverse-http.so"), std::string::npos);
  EXPECT_EQ(paths.front().find(".."), std::string::npos);
  EXPECT_NE(paths.back().find("/gst-modelverse/modelverse-http.so"), std::string::npos);
}

TEST(HttpModule, that_is_not_there_is_a_clear_error) {
  const auto error = refused({"/nowhere/modelverse-http.so"});
  EXPECT_EQ(error.code, ErrorCode::settings);
  EXPECT_NE(error.text.find("/nowhere/modelverse-http.so"), std::string::npos);
}

TEST(HttpModule, that_cannot_be_loaded_is_a_clear_error) {
  const ScratchDirectory directory;
  const auto path = directory.path() + "/modelverse-http.so";
  std::ofstream(path) << "no shared object";
  const auto error = refused({path, MODULE});
  EXPECT_EQ(error.code, ErrorCode::settings);
  EXPECT_NE(error.text.find(path), std::string::npos);
}

TEST(HttpModule, of_another_build_is_refused) {
  const auto error = refused({FOREIGN_MODULE});
  EXPECT_EQ(error.code, ErrorCode::settings);
  EXPECT_NE(error.text.find("another build"), std::string::npos) << error.text;
}

TEST(HttpModule, of_another_user_is_not_even_opened) {
  if (geteuid() != 0)
    GTEST_SKIP() << "only root can give a file away";
  const ScratchDirectory directory;
  const auto path = directory.path() + "/modelverse-http.so";
  std::filesystem::copy_file(MODULE, path);
  ASSERT_EQ(chown(path.c_str(), 54321, 54321), 0);
  EXPECT_NE(refused({path}).text.find("does not exist"), std::string::npos);
}

}  // namespace
}  // namespace modelverse::http
