// SPDX-License-Identifier: LGPL-2.1-or-later
// What the emulator tells of what it received.
#include <gio/gio.h>
#include <gtest/gtest.h>

#include "emulator/service_client.h"

namespace test_support {
namespace {

std::string sha256(const std::string& bytes) {
  g_autofree char* digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, bytes.data(),
                                                          static_cast<gssize>(bytes.size()));
  return digest;
}

class RequestLog : public testing::Test {
 protected:
  EmulatorProcess emulator_{{"--generation-time", "0", "--clip", test_file("small.png")}};
};

TEST_F(RequestLog, tells_a_submit_without_the_key_and_the_picture) {
  const std::string body = submit_body(data_uri(small_png()), "a prompt", R"({"duration":8})");
  submit(emulator_, body, "Bearer s3cret-key");
  const RawReply raw = exchange({"GET", emulator_.base_url() + "/requests", {}, ""});
  EXPECT_EQ(raw.body.find("s3cret-key"), std::string::npos);
  EXPECT_EQ(raw.body.find(base64(small_png())), std::string::npos);
  const auto requests = emulator_.requests();
  ASSERT_EQ(requests.size(), 1u);
  const ReceivedRequest& request = requests[0];
  EXPECT_EQ(request.route, "submit");
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/v1/tasks/submit");
  EXPECT_EQ(request.headers.at("content-type"), "application/json");
  EXPECT_EQ(request.headers.at("authorization"), "***");
  EXPECT_EQ(request.scheme, "bearer");
  EXPECT_EQ(request.body_size, body.size());
  EXPECT_EQ(request.status, 200u);
  EXPECT_EQ(request.rule, -1);
  EXPECT_FALSE(request.task_id.empty());
}

TEST_F(RequestLog, describes_a_picture_by_its_digest) {
  for (const std::string& text : {data_uri(small_png()), base64(small_png())}) {
    emulator_.forget_requests();
    submit(emulator_, submit_body(text, "a prompt"));
    const auto requests = emulator_.requests();
    ASSERT_EQ(requests.size(), 1u);
    ASSERT_TRUE(requests[0].body);
    JsonObject* input = json_object_get_object_member(requests[0].body.get(), "input");
    EXPECT_STREQ(json_object_get_string_member(input, "prompt"), "a prompt");
    JsonObject* picture = json_object_get_object_member(input, "first_frame_url");
    EXPECT_EQ(json_object_get_string_member(picture, "sha256"), sha256(small_png()));
    EXPECT_EQ(json_object_get_int_member(picture, "length"),
              static_cast<gint64>(small_png().size()));
    const bool is_uri = text.starts_with("data:");
    EXPECT_STREQ(json_object_get_string_member(picture, "form"), is_uri ? "data-uri" : "base64");
    EXPECT_STREQ(json_object_get_string_member(picture, "media_type"), is_uri ? "image/png" : "");
  }
}

TEST_F(RequestLog, tells_polls_and_downloads_in_order) {
  const std::string id = submit_good(emulator_);
  const std::string url = url_of(finish(emulator_, id));
  download(url, {{"Range", "bytes=0-3"}, {"Authorization", "Bearer leaked"}});
  const auto requests = emulator_.requests();
  ASSERT_GE(requests.size(), 3u);
  EXPECT_EQ(requests.front().route, "submit");
  EXPECT_EQ(requests[1].route, "status");
  EXPECT_EQ(requests[1].query, "task_id=" + id);
  EXPECT_EQ(requests[1].scheme, "raw");
  const ReceivedRequest& last = requests.back();
  EXPECT_EQ(last.route, "result");
  EXPECT_EQ(last.range, "bytes=0-3");
  EXPECT_EQ(last.task_id, id);
  EXPECT_EQ(last.status, 400u);
  EXPECT_EQ(last.headers.at("authorization"), "***");
  EXPECT_NE(last.query.find("Signature=***"), std::string::npos);
  EXPECT_EQ(last.query.find(url.substr(url.find("Signature=") + 10)), std::string::npos);
  EXPECT_GE(last.time, requests.front().time);
  EXPECT_EQ(emulator_.submits(), 1u);
  EXPECT_EQ(emulator_.polls(), requests.size() - 2);
  EXPECT_EQ(emulator_.downloads(), 1u);
}

TEST_F(RequestLog, tells_the_tasks_of_equal_requests_apart) {
  const std::string body = submit_body(data_uri(small_png()), "twice", R"({"duration":8})");
  submit(emulator_, body);
  const std::string second = submit(emulator_, body).at("output.task_id");
  submit_good(emulator_);
  finish(emulator_, second);
  const auto tasks = emulator_.tasks();
  ASSERT_EQ(tasks.size(), 3u);
  EXPECT_NE(tasks[0].id, tasks[1].id);
  EXPECT_EQ(tasks[1].id, second);
  EXPECT_EQ(tasks[1].prompt, "twice");
  EXPECT_EQ(tasks[1].model, default_model);
  EXPECT_EQ(tasks[1].status, "Success");
  ASSERT_TRUE(tasks[1].parameters);
  EXPECT_EQ(json_object_get_int_member(tasks[1].parameters.get(), "duration"), 8);
  EXPECT_EQ(tasks[1].sha256, sha256(small_png()));
  EXPECT_EQ(tasks[1].length, small_png().size());
}

}  // namespace
}  // namespace test_support
