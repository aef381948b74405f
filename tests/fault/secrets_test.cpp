// SPDX-License-Identifier: LGPL-2.1-or-later
// The key and the result link's query are nowhere in what is written, however much is asked for.
#include <filesystem>

#include "fault/player_test.h"

namespace test_support {
namespace {

namespace fs = std::filesystem;

constexpr const char* secret_key = "sk-secret-e3b0c44298fc1c14";
constexpr const char* secret_query = "q-secret-9afbf4c8996fb924";

// One life, and where it ends.
struct Life {
  const char* name;
  std::string rules;
  std::string properties = {};
  std::string end = "error";
};

std::string with_link() {
  return std::string(R"({"route":"status","times":0,"urls":["{url}&X-Secret=)") + secret_query +
         R"("]})";
}

// A link of another shape, which leads nowhere. `link` says where the secret is.
std::string with_dead_link(const std::string& link) {
  const auto at = link.find("SECRET");
  return R"({"route":"status","times":0,"task_status":"Success","urls":[")" + link.substr(0, at) +
         secret_query + link.substr(at + 6) + R"("]})";
}

std::string redirected_to(const std::string& place) {
  return R"({"route":"result","times":0,"redirect":")" + place + secret_query + R"("})";
}

std::string echoing(const std::string& route, int status) {
  return R"({"route":")" + route + R"(","times":0,"status":)" + std::to_string(status) +
         R"(,"error_message":"Incorrect API key provided: )" + secret_key +
         R"(. See https://store.test/a?X-Secret=)" + secret_query + R"("})";
}

const Life lives[] = {
    {"to_the_clip", with_link(), {}, "eos"},
    {"refused_before_the_submit", "", "resolution=4k"},
    {"refused_by_a_service_that_repeats_the_key", echoing("submit", 401)},
    {"lost_in_the_submit", R"({"route":"submit","reset":true})"},
    {"ended_by_a_failed_task",
     std::string(R"({"route":"status","times":0,"task_status":"Failure","error_message":"key )") +
         secret_key + R"( could not get https://store.test/a?X-Secret=)" + secret_query + R"("})"},
    {"ended_by_polls_that_repeat_the_key", echoing("status", 403)},
    {"ended_by_a_link_that_has_expired",
     with_link() + R"(,{"route":"result","times":0,"status":403})"},
    {"ended_by_redirects", with_link() + R"(,{"route":"result","times":0,"redirect":"{self}"})"},
    {"ended_by_a_link_with_a_password", with_dead_link("ftp://user:SECRET@a/b")},
    {"ended_by_a_link_that_nobody_serves", with_dead_link("http://127.0.0.1:1/a?X-Secret=SECRET")},
    {"ended_by_a_redirect_that_cannot_be_followed",
     with_link() + "," + redirected_to("ftp://a/b&X-Secret=")},
};

void PrintTo(const Life& life, std::ostream* out) {
  *out << life.name;
}

class Secrets : public PlayerTest, public testing::WithParamInterface<Life> {
 protected:
  // Everything is told, into a directory that is searched afterwards.
  std::map<std::string, std::string> talkative() const {
    return {{"GST_DEBUG", "*:9"},
            {"GST_DEBUG_FILE", told_.path() + "/gst.log"},
            {"GST_DEBUG_DUMP_DOT_DIR", told_.path()},
            {"G_MESSAGES_DEBUG", "all"},
            {"GNUTLS_DEBUG_LEVEL", "9"},
            {"MODELVERSE_API_KEY", ""}};
  }
  std::string played() const {
    return source("retries=1 retry-backoff-factor=0.001 " + GetParam().properties) + " ! fakesink";
  }
  void start() {
    start_emulator({"--generation-time", "0.1"});
    emulator().play("{\"rules\":[" + GetParam().rules + "]}");
  }
  static void expect_nothing_in(const std::string& text, const std::string& where) {
    for (const auto* secret : {secret_key, secret_query, "Signature=", "X-Secret="}) {
      const auto at = text.find(secret);
      EXPECT_EQ(at, std::string::npos)
          << where << ": " << text.substr(at < 300 ? 0 : at - 300, 400);
    }
  }
  void expect_nothing_anywhere(const std::string& output) const {
    expect_nothing_in(output, "the output");
    std::size_t files = 0;
    for (const auto& directory : {told_.path(), cache_dir()}) {
      for (const auto& item : fs::recursive_directory_iterator(directory)) {
        if (!item.is_regular_file())
          continue;
        expect_nothing_in(file_content(item.path()), item.path());
        ++files;
      }
    }
    EXPECT_GE(files, 2u) << "there should be a log and a picture of the pipeline";
    EXPECT_NE(file_content(told_.path() + "/gst.log").find("modelverse"), std::string::npos);
  }
  ScratchDirectory told_;
};

TEST_P(Secrets, are_not_told_where_the_key_is_a_property) {
  start();
  auto environment = talkative();
  environment["PLAYER_API_KEY"] = secret_key;
  const auto end = play(played(), environment);
  EXPECT_EQ(line_of(end.output, "END"), GetParam().end) << end.output.substr(0, 4000);
  expect_nothing_anywhere(end.output);
}

class LaunchSecrets : public Secrets {};

TEST_P(LaunchSecrets, are_not_told_where_the_key_is_in_the_environment) {
  start();
  auto environment = talkative();
  environment["MODELVERSE_API_KEY"] = secret_key;
  const auto end = Process(shell_words("gst-launch-1.0 -v -m " + played()), environment).wait();
  EXPECT_EQ(end.exit_code == 0, GetParam().end == "eos") << end.output.substr(0, 4000);
  expect_nothing_anywhere(end.output);
}

// One for each phase.
INSTANTIATE_TEST_SUITE_P(Life, LaunchSecrets,
                         testing::Values(lives[0], lives[1], lives[2], lives[4], lives[6]),
                         [](const auto& shown) { return shown.param.name; });
INSTANTIATE_TEST_SUITE_P(Life, Secrets, testing::ValuesIn(lives),
                         [](const auto& shown) { return shown.param.name; });

}  // namespace
}  // namespace test_support
