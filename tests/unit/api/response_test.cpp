// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "api/wire.h"
#include "decoded.h"
#include "fixtures.h"

namespace modelverse::api {
namespace {

TEST(DecodeSubmit, reads_the_receipt) {
  const auto receipt = expect<TaskInfo>(decode_submit(fixture("submit_answer.json")));
  EXPECT_EQ(receipt.task_id, "task_id");
  EXPECT_EQ(receipt.request_id, "request_id");
}

TEST(DecodeSubmit, needs_no_request_id) {
  for (const char* more :
       {"", ",\"request_id\":null", ",\"request_id\":\"\"", ",\"request_id\":5"}) {
    const auto receipt = expect<TaskInfo>(
        decode_submit(std::string("{\"output\":{\"task_id\":\"a\"}") + more + "}"));
    EXPECT_EQ(receipt.task_id, "a");
    EXPECT_EQ(receipt.request_id, "");
  }
}

TEST(DecodeSubmit, finds_no_task_id_where_there_is_none_to_be_used) {
  for (const char* text : {"{}", "{\"output\":null}", "{\"output\":[]}", "{\"output\":{}}",
                           "{\"output\":{\"task_id\":\"\"}}", "{\"output\":{\"task_id\":null}}",
                           "{\"output\":{\"task_id\":[\"a\"]}}", "<html>portal</html>", "OK", ""})
    EXPECT_FALSE(expect<Unreadable>(decode_submit(text)).why.empty()) << text;
}

TEST(DecodeSubmit, says_why_a_hostile_task_id_is_refused) {
  auto why = [](const std::string& id) {
    return expect<Unreadable>(decode_submit("{\"output\":{\"task_id\":\"" + id + "\"}}")).why;
  };
  EXPECT_NE(why(std::string(513, 'a')).find("512"), std::string::npos);
  EXPECT_NE(why(std::string(1 << 19, 'a')).find("512"), std::string::npos);
  EXPECT_NE(why("a\\u0000b").find("NUL"), std::string::npos);
  const std::string longest(512, 'a');
  EXPECT_EQ(
      expect<TaskInfo>(decode_submit("{\"output\":{\"task_id\":\"" + longest + "\"}}")).task_id,
      longest);
}

TEST(DecodeSubmit, takes_a_task_id_of_whatever_characters_since_it_is_paid_for) {
  const std::string hostile = R"({"output":{"task_id":"../a&b\n\u001b\u202e"}})";
  EXPECT_EQ(expect<TaskInfo>(decode_submit(hostile)).task_id, "../a&b\n\x1b\u202e");
}

TEST(DecodeSubmit, takes_an_error_in_a_200_for_an_error) {
  const auto error = expect<ServiceError>(decode_submit(fixture("error_sensitive.json")));
  EXPECT_EQ(error.code, "sensitive_check_error");
  EXPECT_EQ(expect<ServiceError>(decode_submit(fixture("error_old_envelope.json"))).code, "40001");
}

TEST(DecodeSubmit, does_not_take_a_success_in_another_form_for_a_refusal) {
  for (const char* text :
       {R"({"code":0,"message":"success","data":{}})", R"({"code":"200","message":"ok"})",
        R"({"code":"Success"})", R"({"message":"accepted"})", R"({"error":{},"data":1})",
        R"({"error":null})"})
    EXPECT_FALSE(expect<Unreadable>(decode_submit(text)).why.empty()) << text;
}

TEST(DecodeSubmit, prefers_a_task_id_to_an_error_beside_it) {
  const auto receipt =
      expect<TaskInfo>(decode_submit(R"({"output":{"task_id":"a"},"error":{"message":"later"}})"));
  EXPECT_EQ(receipt.task_id, "a");
}

TEST(DecodeStatus, reads_a_success) {
  const auto read = report(fixture("status_success.json"));
  ASSERT_EQ(read.status, TaskStatus::success);
  EXPECT_EQ(read.urls, std::vector<std::string>{"https://xxxxx/xxxx.mp4"});
  EXPECT_EQ(read.task_id, "task_id");
  EXPECT_EQ(read.request_id, "");
  EXPECT_EQ(read.submit_time, 1756959000);
  EXPECT_EQ(read.finish_time, 1756959050);
  EXPECT_EQ(read.usage_seconds, 4.0);
  EXPECT_TRUE(read.is_documented);
}

TEST(DecodeStatus, reads_a_failure_with_its_usage) {
  const auto read = report(fixture("status_failure.json"));
  ASSERT_EQ(read.status, TaskStatus::failure);
  EXPECT_EQ(read.status_text, "Failure");
  EXPECT_EQ(read.error_message, "error_message");
  EXPECT_EQ(read.usage_seconds, 5.0);
}

TEST(DecodeStatus, reads_a_task_under_way_with_fields_missing_or_empty) {
  const auto pending = report(fixture("status_pending.json"));
  EXPECT_EQ(pending.status, TaskStatus::pending);
  EXPECT_EQ(pending.submit_time, 0);
  EXPECT_EQ(pending.usage_seconds, 0);
  const auto running = report(fixture("status_running.json"));
  EXPECT_EQ(running.status, TaskStatus::running);
  EXPECT_EQ(running.submit_time, 1756959000);
  EXPECT_EQ(running.finish_time, 0);
  EXPECT_EQ(running.request_id, "req-running");
  EXPECT_TRUE(running.is_documented);
}

TEST(DecodeStatus, compares_without_case) {
  const std::pair<TaskStatus, std::vector<const char*>> known[] = {
      {TaskStatus::failure, {"Failure", "FAILED", "expired", "Cancelled", "canceled"}},
      {TaskStatus::success, {"success", "SUCCEEDED", "completed", "COMPLETED"}},
      {TaskStatus::pending, {"PENDING", "queued", "Queued"}},
      {TaskStatus::running, {"running", "in_progress", "IN_PROGRESS"}}};
  for (const auto& [status, names] : known) {
    for (const auto* name : names) {
      const auto read = report(with_status(name));
      EXPECT_EQ(read.status, status) << name;
      EXPECT_TRUE(read.is_documented) << name;
    }
  }
}

TEST(DecodeStatus, takes_an_unknown_status_for_running_and_says_which) {
  const auto read = report(with_status("Processing"));
  EXPECT_EQ(read.status, TaskStatus::running);
  EXPECT_FALSE(read.is_documented);
  EXPECT_EQ(read.status_text, "Processing");
  const auto hostile = report(with_status("x\\n" + std::string(100'000, 'y')));
  EXPECT_EQ(hostile.status, TaskStatus::running);
  EXPECT_LE(hostile.status_text.size(), 200u);
  EXPECT_EQ(hostile.status_text.find('\n'), std::string::npos);
}

TEST(DecodeStatus, needs_a_status_that_is_text) {
  for (const char* text :
       {"{}", "{\"output\":{}}", "{\"output\":{\"task_status\":\"\"}}",
        "{\"output\":{\"task_status\":3}}", "{\"output\":{\"task_status\":null}}",
        "{\"output\":{\"task_status\":[\"Success\"]}}", "{\"output\":\"Success\"}"})
    EXPECT_TRUE(is_unreadable(text)) << text;
}

TEST(DecodeStatus, leaves_a_success_without_urls_to_the_caller) {
  for (const char* more : {"", ",\"urls\":null", ",\"urls\":[]"}) {
    const auto read = report(with_status("Success", more));
    ASSERT_EQ(read.status, TaskStatus::success) << more;
    EXPECT_TRUE(read.urls.empty());
  }
}

TEST(DecodeStatus, needs_urls_that_are_texts) {
  for (const char* more : {"{}", "7", "[{\"url\":5}]", "[1]", "[null]", "[\"https://a/b\",{}]",
                           "[[\"https://a/b\"]]", "true"})
    EXPECT_TRUE(is_unreadable(with_status("Success", std::string(",\"urls\":") + more))) << more;
}

TEST(DecodeStatus, ignores_urls_of_a_task_that_has_not_succeeded) {
  EXPECT_EQ(report(with_status("Running", ",\"urls\":[1]")).status, TaskStatus::running);
}

TEST(DecodeStatus, ignores_optional_fields_of_a_wrong_type) {
  const auto read = report(
      R"({"output":{"task_status":"Running","task_id":17,"submit_time":"1756959000","finish_time":[],
          "error_message":{}},"usage":{"duration":"4"},"request_id":{}})");
  EXPECT_EQ(read.task_id, "");
  EXPECT_EQ(read.submit_time, 0);
  EXPECT_EQ(read.finish_time, 0);
  EXPECT_EQ(read.usage_seconds, 0);
  EXPECT_EQ(read.request_id, "");
  EXPECT_EQ(report(R"({"output":{"task_status":"Running"},"usage":[4]})").usage_seconds, 0);
  EXPECT_FALSE(
      report(R"({"output":{"task_status":"Running"},"usage":{"duration":1e999}})").usage_seconds);
  EXPECT_EQ(
      report(R"({"output":{"task_status":"Running"},"usage":{"duration":2.5}})").usage_seconds,
      2.5);
}

TEST(DecodeStatus, drops_a_long_id_that_it_does_not_need) {
  EXPECT_EQ(
      report(with_status("Running", ",\"task_id\":\"" + std::string(600, 'a') + "\"")).task_id, "");
}

TEST(DecodeStatus, takes_an_error_in_a_200_for_an_error) {
  EXPECT_EQ(expect<ServiceError>(decode_status(fixture("error_auth.json"))).code, "auth_error");
}

TEST(DecodeError, reads_the_documented_envelope) {
  const auto error = decode_error(fixture("error_sensitive.json"));
  EXPECT_EQ(error.code, "sensitive_check_error");
  EXPECT_EQ(error.type, "invalid_request_error");
  EXPECT_EQ(error.message, "Sensitive check error: 图片含有敏感内容");
  EXPECT_EQ(error.request_id, "req-0002");
}

TEST(DecodeError, reads_the_older_envelope) {
  const auto error = decode_error(fixture("error_old_envelope.json"));
  EXPECT_EQ(error.code, "40001");
  EXPECT_EQ(error.message, "model not found");
  EXPECT_EQ(error.request_id, "req-0003");
}

TEST(DecodeError, takes_codes_that_are_numbers_and_errors_that_are_texts) {
  EXPECT_EQ(decode_error(R"({"error":{"code":503,"message":"x"},"request_id":"r"})").code, "503");
  EXPECT_EQ(decode_error(R"({"error":{"code":503,"message":"x"},"request_id":"r"})").request_id,
            "r");
  EXPECT_EQ(decode_error(R"({"error":"no such route"})").message, "no such route");
}

TEST(DecodeError, gives_empty_members_for_anything_else) {
  for (const char* text : {"", "<html>502</html>", "{}", "[]", "{\"error\":7}",
                           "{\"error\":{\"code\":[],\"message\":1,\"type\":null,\"param\":{}}}"}) {
    const auto error = decode_error(text);
    EXPECT_EQ(error.code + error.type + error.message + error.request_id, "") << text;
  }
}

TEST(DecodeError, makes_messages_printable_and_short) {
  const auto error =
      decode_error("{\"error\":{\"message\":\"a\\u001b[31m\\n" + std::string(100'000, 'x') +
                   "\",\"code\":\"" + std::string(100'000, 'c') + "\"}}");
  EXPECT_TRUE(error.message.starts_with("a [31m x"));
  EXPECT_LE(error.message.size(), 500u);
  EXPECT_LE(error.code.size(), 200u);
}

TEST(Decode, survives_every_truncation_of_every_fixture) {
  for (const char* name : answer_fixtures) {
    const auto text = fixture(name);
    for (std::size_t length = 0; length < text.size(); ++length) {
      const auto cut = std::string_view(text).substr(0, length);
      EXPECT_TRUE(std::holds_alternative<Unreadable>(decode_submit(cut))) << cut;
      EXPECT_TRUE(std::holds_alternative<Unreadable>(decode_status(cut))) << cut;
      EXPECT_EQ(decode_error(cut).message, "") << cut;
    }
  }
}

TEST(Decode, survives_every_changed_byte_of_every_fixture) {
  for (const char* name : answer_fixtures) {
    auto text = fixture(name);
    for (auto& byte : text) {
      const char before = byte;
      for (const char other :
           {'\0', '"', '\\', '{', '}', '[', ']', ',', ':', '9', '-', '\x80', 'u'}) {
        byte = other;
        decode_submit(text);
        decode_error(text);
        const auto answer = decode_status(text);
        const auto* unreadable = std::get_if<Unreadable>(&answer);
        EXPECT_TRUE(!unreadable || !unreadable->why.empty());
      }
      byte = before;
    }
  }
}

TEST(Decode, refuses_what_is_too_deep_too_large_or_not_text) {
  const std::string deep(100'000, '[');
  EXPECT_TRUE(is_unreadable(deep));
  EXPECT_TRUE(is_unreadable("{\"output\":" + deep));
  EXPECT_TRUE(is_unreadable(with_status(std::string(2 << 20, 'x'))));
  EXPECT_TRUE(is_unreadable(std::string(with_status("Running")) + '\0'));
  EXPECT_TRUE(is_unreadable(with_status("Running\xff")));
  EXPECT_EQ(decode_error(deep).message, "");
}

TEST(Decode, says_nothing_of_the_body_when_it_cannot_read_it) {
  for (const char* text :
       {"secret", "{\"a\":secret}", "{\"secret\" 1}", "{\"a\":tsecret}", "{secret:1}"}) {
    const auto why = expect<Unreadable>(decode_status(text)).why;
    EXPECT_EQ(why.find("secret"), std::string::npos) << why;
    EXPECT_FALSE(why.empty());
  }
}

}  // namespace
}  // namespace modelverse::api
