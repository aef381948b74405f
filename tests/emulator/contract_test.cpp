// SPDX-License-Identifier: LGPL-2.1-or-later
// How strictly the emulator keeps the service's contract.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <vector>

#include "emulator/service_client.h"

namespace test_support {
namespace {

// Any file serves as a result here: what it holds is not looked at.
std::string any_file() {
  return test_file("meson.build");
}

// One emulator for all tests that leave it as they found it.
class Contract : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    emulator_ = std::make_unique<EmulatorProcess>(
        std::vector<std::string>{"--generation-time", "0", "--clip", any_file()});
  }
  static void TearDownTestSuite() { emulator_.reset(); }
  static std::unique_ptr<EmulatorProcess> emulator_;
};
std::unique_ptr<EmulatorProcess> Contract::emulator_;

struct BadBody {
  const char* what;
  std::string body;
  std::string named;  // in the message
};

std::vector<BadBody> bad_bodies() {
  const std::string uri = data_uri(small_png());
  const std::string input = R"("input":{"first_frame_url":")" + uri + R"("})";
  const std::string model = R"("model":")" + default_model + '"';
  const auto with = [&](const std::string& more) { return "{" + model + "," + more + "}"; };
  return {
      {"empty", "", "JSON"},
      {"not JSON", "hello", "JSON"},
      {"not UTF-8", "{\"model\":\"\xff\"}", "UTF-8"},
      {"no model", "{" + input + "}", "model"},
      {"unknown model", R"({"model":"x",)" + input + "}", "model"},
      {"no input", with(R"("parameters":{})"), "input.first_frame_url"},
      {"no picture", with(R"("input":{"prompt":"x"})"), "input.first_frame_url"},
      {"picture empty", submit_body(""), "input.first_frame_url"},
      {"picture an ftp URL", submit_body("ftp://h/x.png"), "input.first_frame_url"},
      {"picture not Base64", submit_body("a b c!"), "input.first_frame_url"},
      {"unknown at the root", with(input + R"(,"extra":1)"), "extra"},
      {"unknown in input", with(R"("input":{"first_frame_url":"QUJD","seed":1})"), "input.seed"},
      {"unknown parameter", submit_body(uri, "", R"({"size":"1x1"})"), "parameters.size"},
      {"duration as text", submit_body(uri, "", R"({"duration":"4"})"), "parameters.duration"},
      {"duration not allowed", submit_body(uri, "", R"({"duration":5})"), "parameters.duration"},
      {"resolution not allowed", submit_body(uri, "", R"({"resolution":"480p"})"), "resolution"},
  };
}

TEST_F(Contract, refuses_each_bad_body_and_names_the_field) {
  for (const BadBody& bad : bad_bodies()) {
    SCOPED_TRACE(bad.what);
    const RawReply reply = submit(*emulator_, bad.body);
    EXPECT_EQ(reply.status, 400u);
    EXPECT_EQ(reply.at("error.code"), "param_error");
    EXPECT_NE(reply.at("error.message").find(bad.named), std::string::npos) << reply.body;
    EXPECT_FALSE(reply.at("error.param").empty());
    EXPECT_FALSE(reply.at("error.type").empty());
  }
  EXPECT_TRUE(emulator_->tasks().empty());
}

TEST_F(Contract, accepts_each_good_body) {
  const std::string uri = data_uri(small_png());
  const std::vector<std::string> bodies = {
      submit_body(uri),
      submit_body(base64(small_png())),
      submit_body("https://pictures.example/a.jpg?x=1"),
      submit_body(uri, "a prompt, äöü"),
      submit_body(uri, "", "{}"),
      submit_body(uri, "", R"({"resolution":"1080p"})"),
      submit_body(uri, "", R"({"duration":8})"),
      submit_body(uri, "", R"({"duration":12,"resolution":"720p"})"),
  };
  for (const std::string& body : bodies) {
    SCOPED_TRACE(body);
    const RawReply reply = submit(*emulator_, body);
    EXPECT_EQ(reply.status, 200u) << reply.body;
    EXPECT_FALSE(reply.at("request_id").empty());
    EXPECT_EQ(finish(*emulator_, reply.at("output.task_id")).at("output.task_status"), "Success");
  }
}

TEST_F(Contract, wants_json_and_the_right_method) {
  RawRequest request{"POST", emulator_->base_url() + "/v1/tasks/submit", {}, "{}"};
  request.headers = {{"Authorization", "k"}, {"Content-Type", "text/plain"}};
  const RawReply reply = exchange(request);
  EXPECT_EQ(reply.status, 400u);
  EXPECT_NE(reply.at("error.message").find("Content-Type"), std::string::npos);
  request.method = "PUT";
  EXPECT_EQ(exchange(request).status, 405);
  EXPECT_EQ(exchange({"GET", emulator_->base_url() + "/v1/other", {}, ""}).status, 404);
}

TEST_F(Contract, answers_a_status_with_the_documented_members) {
  const std::string id = submit_good(*emulator_);
  const RawReply reply = finish(*emulator_, id);
  EXPECT_EQ(reply.header("content-type"), "application/json");
  EXPECT_EQ(reply.at("output.task_id"), id);
  EXPECT_EQ(reply.at("output.task_status"), "Success");
  EXPECT_EQ(reply.at("usage.duration"), "4");
  EXPECT_FALSE(reply.at("request_id").empty());
  const long submitted = std::stol(reply.at("output.submit_time"));
  const long now = static_cast<long>(g_get_real_time() / G_USEC_PER_SEC);
  EXPECT_LE(std::abs(now - submitted), 120);
  EXPECT_GE(std::stol(reply.at("output.finish_time")), submitted);
  EXPECT_TRUE(url_of(reply).starts_with("http://127.0.0.1:")) << reply.body;
  EXPECT_FALSE(url_of(reply).starts_with(emulator_->base_url()));
}

TEST_F(Contract, knows_no_other_task) {
  const RawReply unknown = status(*emulator_, "no-such-task");
  EXPECT_EQ(unknown.status, 404u);
  EXPECT_EQ(unknown.at("error.code"), "task_not_found");
  EXPECT_EQ(status(*emulator_, "").status, 400);
}

TEST_F(Contract, wants_a_key_on_both_routes) {
  const RawReply reply = submit(*emulator_, submit_body(base64(small_png())), "");
  EXPECT_EQ(reply.status, 401u);
  EXPECT_EQ(reply.at("error.code"), "auth_error");
  EXPECT_EQ(submit(*emulator_, "{}", "Bearer ").status, 401);
  EXPECT_EQ(exchange({"GET", emulator_->base_url() + "/v1/tasks/status?task_id=x", {}, ""}).status,
            401);
}

TEST_F(Contract, ends_a_task_in_failure_whose_bytes_are_no_picture) {
  for (const std::string& bytes : {std::string("hello"), small_png().substr(0, 40),
                                   std::string("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x\n")}) {
    const RawReply submitted = submit(*emulator_, submit_body(data_uri(bytes)));
    ASSERT_EQ(submitted.status, 200u);
    const RawReply reply = finish(*emulator_, submitted.at("output.task_id"));
    EXPECT_EQ(reply.at("output.task_status"), "Failure");
    EXPECT_NE(reply.at("output.error_message").find("picture"), std::string::npos) << reply.body;
    EXPECT_EQ(reply.at("output.urls"), "");
    EXPECT_EQ(reply.at("usage.duration"), "4");
  }
}

std::string body_with_external_id(const std::string& id) {
  return R"({"model":"kling-v3","input":{"prompt":"p"},"parameters":{"external_task_id":")" + id +
         R"("}})";
}

TEST_F(Contract, finds_a_task_by_the_id_that_its_user_gave) {
  const RawReply submitted = submit(*emulator_, body_with_external_id("mine-1"));
  ASSERT_EQ(submitted.status, 200u) << submitted.body;
  const std::string id = submitted.at("output.task_id");
  EXPECT_NE(id, "mine-1");
  EXPECT_EQ(finish(*emulator_, "mine-1").at("output.task_id"), id);
  EXPECT_EQ(emulator_->requests().back().task_id, id);
  EXPECT_EQ(status(*emulator_, "mine-2").status, 404);
  EXPECT_EQ(status(*emulator_, "mine-1", "another user's key").status, 404);
}

TEST_F(Contract, refuses_an_external_id_that_its_user_has_used) {
  ASSERT_EQ(submit(*emulator_, body_with_external_id("used")).status, 200);
  const auto count = emulator_->tasks().size();
  const RawReply again = submit(*emulator_, body_with_external_id("used"), "Bearer k");
  EXPECT_EQ(again.status, 400u);
  EXPECT_NE(again.at("error.message").find("external_task_id"), std::string::npos) << again.body;
  EXPECT_EQ(emulator_->tasks().size(), count);
  EXPECT_EQ(submit(*emulator_, body_with_external_id("used"), "another user's key").status, 200);
}

TEST(Emulator, takes_the_one_key_only_where_it_was_given_one) {
  const EmulatorProcess emulator({"--api-key", "s3cret", "--clip", any_file()});
  const std::string body = submit_body(base64(small_png()));
  EXPECT_EQ(submit(emulator, body, "other").status, 401);
  EXPECT_EQ(submit(emulator, body, "s3cret").status, 200);
  EXPECT_EQ(submit(emulator, body, "Bearer s3cret").status, 200);
}

TEST(Emulator, takes_one_spelling_of_the_key_where_told_so) {
  const std::string body = submit_body(base64(small_png()));
  const EmulatorProcess raw({"--auth", "raw", "--clip", any_file()});
  EXPECT_EQ(submit(raw, body, "Bearer k").status, 401);
  EXPECT_EQ(submit(raw, body, "k").status, 200);
  const EmulatorProcess bearer({"--auth", "bearer", "--clip", any_file()});
  EXPECT_EQ(submit(bearer, body, "k").status, 401);
  EXPECT_EQ(submit(bearer, body, "Bearer k").status, 200);
}

TEST(Emulator, refuses_another_size_where_it_is_strict) {
  const EmulatorProcess emulator({"--strict-size", "--generation-time", "0", "--clip", any_file()});
  const RawReply reply = finish(emulator, submit_good(emulator));
  EXPECT_EQ(reply.at("output.task_status"), "Failure");
  EXPECT_EQ(reply.at("output.error_message"),
            "Inpaint image must match the requested width and height");
}

TEST(Emulator, takes_any_model_where_told_so) {
  const EmulatorProcess emulator({"--any-model", "--generation-time", "0", "--clip", any_file()});
  const RawReply reply =
      submit(emulator, R"({"model":"some/model","parameters":{"mode":"pro","image":")" +
                           base64(small_png()) + R"("}})");
  ASSERT_EQ(reply.status, 200u) << reply.body;
  EXPECT_EQ(finish(emulator, reply.at("output.task_id")).at("output.task_status"), "Success");
  EXPECT_EQ(submit(emulator, submit_body("", "", "{}")).status, 400);
}

TEST(Emulator, is_pending_at_first) {
  const EmulatorProcess emulator({"--generation-time", "100000", "--clip", any_file()});
  const RawReply reply = status(emulator, submit_good(emulator));
  EXPECT_EQ(reply.at("output.task_status"), "Pending");
  EXPECT_FALSE(reply.at("output.submit_time").empty());
  for (const char* member : {"output.urls", "output.finish_time", "usage"})
    EXPECT_EQ(reply.at(member), "") << member;
  EXPECT_EQ(emulator.tasks().front().generation_time, 100000);
}

TEST(Emulator, fetches_a_picture_from_a_loopback_url) {
  const std::string file = test_file("small.png");
  const EmulatorProcess source({"--generation-time", "0", "--clip", file});
  const std::string url = url_of(finish(source, submit_good(source)));
  const EmulatorProcess emulator({"--generation-time", "0", "--strict-size", "--clip", file});
  const auto end_of = [&](const std::string& picture) {
    const RawReply reply = submit(emulator, submit_body(picture));
    return finish(emulator, reply.at("output.task_id")).at("output.error_message");
  };
  // It was read and decoded: it has the wrong size.
  EXPECT_NE(end_of(url).find("Inpaint"), std::string::npos);
  EXPECT_NE(end_of(source.base_url() + "/nothing.png").find("404"), std::string::npos);
  EXPECT_EQ(source.downloads(), 1u);
}

TEST(Emulator, serves_more_connections_than_the_soft_limit_of_descriptors) {
  rlimit usual = {};
  getrlimit(RLIMIT_NOFILE, &usual);
  const rlimit low = {40, usual.rlim_max};
  setrlimit(RLIMIT_NOFILE, &low);
  const EmulatorProcess emulator({"--clip", any_file()});
  setrlimit(RLIMIT_NOFILE, &usual);
  for (int i = 0; i < 60; ++i)
    ASSERT_EQ(exchange({"GET", emulator.base_url() + "/tasks", {}, ""}).status, 200) << i;
}

TEST(Emulator, speaks_https) {
  const EmulatorProcess emulator({"--tls-certificate", test_file("test-certificate.pem"),
                                  "--tls-key", test_file("test-key.pem"), "--generation-time", "0",
                                  "--clip", any_file()});
  EXPECT_TRUE(emulator.base_url().starts_with("https://127.0.0.1:"));
  const RawReply reply = finish(emulator, submit_good(emulator));
  EXPECT_TRUE(url_of(reply).starts_with("https://127.0.0.1:")) << reply.body;
  EXPECT_EQ(download(url_of(reply)).status, 200);
}

}  // namespace
}  // namespace test_support
