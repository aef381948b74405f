// SPDX-License-Identifier: LGPL-2.1-or-later
// Answers in shapes that are not documented: what is paid for is not lost over them.
#include <gtest/gtest.h>

#include "api/wire.h"
#include "decoded.h"

namespace modelverse::api {
namespace {

struct Elsewhere {
  const char* text;
  const char* id;
};

TEST(DecodeSubmit, finds_an_id_where_none_is_documented_since_it_is_paid_for) {
  for (const auto& [text, id] : {Elsewhere{R"({"task_id":"a-1","request_id":"r"})", "a-1"},
                                 {R"({"data":{"task_id":"a-2"}})", "a-2"},
                                 {R"({"code":0,"message":"ok","data":{"task_id":"a-3"}})", "a-3"},
                                 {R"({"code":0,"data":{"output":{"task_id":"a-4"}}})", "a-4"},
                                 {R"({"output":{"id":"a-5"}})", "a-5"},
                                 {R"({"id":"a-6","object":"video"})", "a-6"},
                                 {R"({"code":200,"data":{"id":"a-7"}})", "a-7"},
                                 {R"({"output":{"task_id":17}})", "17"},
                                 {R"({"task_id":9223372036854775807})", "9223372036854775807"},
                                 {R"({"output":{"id":"b"},"task_id":"a-8"})", "a-8"}}) {
    EXPECT_EQ(expect<TaskInfo>(decode_submit(text)).task_id, id) << text;
  }
  EXPECT_EQ(expect<TaskInfo>(decode_submit(R"({"task_id":"a","request_id":"r"})")).request_id, "r");
}

TEST(DecodeSubmit, is_strict_on_what_an_id_is_where_none_is_documented) {
  const std::string too_long(513, 'a');
  for (const auto& id :
       {std::string("\"\""), std::string("0"), std::string("-1"), std::string("1.5"),
        std::string("1e3"), std::string("true"), std::string("null"), std::string("{}"),
        std::string("[\"a\"]"), std::string("\"a b\""), std::string("\"a\\nb\""),
        std::string("\"\\u202ea\""), std::string("18446744073709551615"), "\"" + too_long + "\""})
    for (const std::string before : {"{\"task_id\":", "{\"id\":", "{\"data\":{\"task_id\":"}) {
      const auto text = before + id + (before.find("data") == std::string::npos ? "}" : "}}");
      EXPECT_FALSE(expect<Unreadable>(decode_submit(text)).why.empty()) << text;
    }
}

TEST(DecodeSubmit, takes_no_id_for_a_receipt_that_stands_beside_an_error) {
  for (const char* text :
       {R"({"error":{"code":"sensitive_check_error","message":"no"},"id":"request-1"})",
        R"({"error":{"message":"no"},"task_id":"a"})", R"({"error":"no","data":{"task_id":"a"}})",
        R"({"code":40001,"message":"no","data":{"task_id":"a"}})",
        R"({"code":"failed","data":{"id":"a"}})"})
    expect<ServiceError>(decode_submit(text));
}

TEST(DecodeSubmit, keeps_the_id_that_an_error_names) {
  const auto error = expect<ServiceError>(
      decode_submit(R"({"code":500,"message":"late","data":{"task_id":"a"}})"));
  EXPECT_EQ(error.task_id, "a");
  EXPECT_EQ(decode_error(R"({"error":{"code":"timeout"},"task_id":5})").task_id, "5");
  EXPECT_EQ(decode_error(R"({"error":{"code":"timeout"},"id":"request-1"})").task_id, "");
}

TEST(DecodeStatus, gives_no_task_up_for_a_word_that_is_not_documented) {
  for (const char* name : {"succeed", "done", "finished", "error", "rejected", "timeout"}) {
    const auto waiting = report(with_status(name));
    EXPECT_EQ(waiting.status, TaskStatus::running) << name;
    EXPECT_FALSE(waiting.is_documented);
    EXPECT_EQ(waiting.status_text, name);
    const auto with_link = report(with_status(name, R"(,"urls":["https://a/b"])"));
    ASSERT_EQ(with_link.status, TaskStatus::success) << name;
    EXPECT_FALSE(with_link.is_documented);
    EXPECT_EQ(with_link.status_text, name);
    const auto empty = report(with_status(name, R"(,"urls":[""])"));
    EXPECT_EQ(empty.status, TaskStatus::running) << name;
  }
}

TEST(DecodeStatus, reads_status_for_task_status_but_gives_no_task_up_for_it) {
  const auto done = report(R"({"data":{"status":"completed","urls":[{"url":"https://a/b"}]}})");
  EXPECT_EQ(done.status, TaskStatus::success);
  EXPECT_TRUE(done.is_documented);
  const auto failed = report(R"({"output":{"status":"failed"}})");
  EXPECT_EQ(failed.status, TaskStatus::running);
  EXPECT_FALSE(failed.is_documented);
  EXPECT_EQ(failed.status_text, "failed");
  EXPECT_TRUE(is_unreadable(R"({"status":"failed"})"));
}

TEST(DecodeStatus, reads_links_in_other_shapes) {
  const std::string a = "https://a/b";
  for (const char* more :
       {R"("urls":"https://a/b")", R"("urls":[{"url":"https://a/b"}])",
        R"("urls":[{"video_url":"https://a/b","cover":1}])", R"("urls":{"url":"https://a/b"})",
        R"("url":"https://a/b")", R"("video_url":"https://a/b")",
        R"("urls":[],"video_url":"https://a/b")", R"("urls":7,"url":"https://a/b")",
        R"("url":"","video_url":"https://a/b")"}) {
    const auto read = report(with_status("completed", std::string(",") + more));
    ASSERT_EQ(read.status, TaskStatus::success) << more;
    EXPECT_EQ(read.urls, std::vector<std::string>{a}) << more;
  }
}

TEST(DecodeStatus, reads_what_stands_in_the_older_envelope) {
  const auto read = report(
      R"({"code":0,"data":{"task_id":"t","task_status":"Success","urls":["https://a/b"],
          "finish_time":5,"usage":{"duration":4}},"request_id":"r"})");
  ASSERT_EQ(read.status, TaskStatus::success);
  EXPECT_EQ(read.task_id, "t");
  EXPECT_EQ(read.request_id, "r");
  EXPECT_EQ(read.finish_time, 5);
  EXPECT_EQ(read.usage_seconds, 4.0);
  EXPECT_EQ(report(R"({"code":0,"data":{"output":{"task_status":"Running"}}})").status,
            TaskStatus::running);
  EXPECT_EQ(
      expect<ServiceError>(decode_status(R"({"code":500,"data":{"task_status":"Failure"}})")).code,
      "500");
}

}  // namespace
}  // namespace modelverse::api
