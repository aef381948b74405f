// SPDX-License-Identifier: LGPL-2.1-or-later
// The submit whose outcome is not known, and the one that may be repeated.
#include "fault/matrix.h"
#include "fault/submit_cases.h"
#include "support/packed.h"

namespace test_support {
namespace {

class SubmitUnknown : public Matrix {};

TEST_P(SubmitUnknown, ends_as_the_matrix_says) {
  run_case();
}

Expected spent(int http_status, std::string error_code, int attempts,
               std::vector<std::string> words) {
  auto expected = refusal(resource_read, http_status, std::move(error_code), std::move(words));
  expected.attempts = attempts;
  expected.submits = static_cast<std::size_t>(attempts);
  expected.retries = static_cast<unsigned>(attempts - 1);
  return expected;
}

Expected after_retries(unsigned retries) {
  return {.submits = retries + 1, .left = Left::complete, .retries = retries};
}

const Case waiting_cases[] = {
    {.name = "status_429", .expected = after_retries(3), .rules = on_submit(R"("status":429)", 3)},
    {.name = "status_429_with_seconds",
     .expected = after_retries(1),
     .rules = on_submit(R"("status":429,"headers":{"Retry-After":"1"})")},
    {.name = "status_429_with_a_date",
     .expected = after_retries(1),
     .rules =
         on_submit(R"("status":429,"headers":{"Retry-After":"Fri, 07 Nov 2014 23:59:59 GMT"})")},
    {.name = "status_429_with_an_unreadable_wish",
     .expected = after_retries(1),
     .rules = on_submit(R"("status":429,"headers":{"Retry-After":"soon"})")},
    {.name = "status_429_for_ever",
     .expected = spent(429, "rate_limit", 11, {"rate of requests"}),
     .rules = on_submit(R"("status":429)", for_ever)},
    {.name = "status_503_with_a_wish",
     .expected = after_retries(2),
     .rules = on_submit(R"("status":503,"headers":{"Retry-After":"0"})", 2)},
    {.name = "status_503_with_a_date_that_is_over",
     .expected = after_retries(2),
     .rules =
         on_submit(R"("status":503,"headers":{"Retry-After":"Fri, 07 Nov 2014 23:59:59 GMT"})", 2)},
    {.name = "status_429_with_a_wish_beyond_all_numbers",
     .expected = after_retries(1),
     .rules = on_submit(R"("status":429,"headers":{"Retry-After":"99999999999999999999"})")},
    {.name = "status_429_with_a_wish_below_nothing",
     .expected = after_retries(1),
     .rules = on_submit(R"("status":429,"headers":{"Retry-After":"-99999"})")},
    {.name = "status_503_with_a_wish_for_ever",
     .expected = spent(503, "model_server_error", 3, {"temporary"}),
     .rules = on_submit(R"("status":503,"headers":{"Retry-After":"0"})", for_ever),
     .properties = "retries=2"},
    {.name = "a_wish_beyond_the_time_limit",
     .expected = spent(429, "rate_limit", 1, {"rate of requests"}),
     .rules = on_submit(R"("status":429,"headers":{"Retry-After":"30"})", for_ever),
     .properties = "task-timeout=1"},
    {.name = "an_answer_after_the_other_time_limits",
     .expected = after_retries(0),
     .rules = on_submit(R"("delay":2)"),
     .properties = "task-timeout=1 timeout=1"},
    {.name = "a_wish_is_capped_by_the_longest_back_off",
     .expected = after_retries(1),
     .rules = on_submit(R"("status":429,"headers":{"Retry-After":"86400"})"),
     .properties = "retry-backoff-max=0.1"},
};
INSTANTIATE_TEST_SUITE_P(Waiting, SubmitUnknown, testing::ValuesIn(waiting_cases),
                         [](const auto& shown) { return shown.param.name; });

Expected unknown_with(int http_status, std::string error_code, bool has_request_id = true) {
  auto expected = unknown_outcome();
  expected.http_status = http_status;
  expected.error_code = std::move(error_code);
  expected.has_request_id = has_request_id;
  expected.debug = "HTTP " + std::to_string(http_status);
  return expected;
}

Expected unknown_because(std::string debug, int http_status = 200) {
  auto expected = unknown_outcome();
  expected.debug = std::move(debug);
  expected.http_status = http_status;
  return expected;
}

std::string body(const std::string& text) {
  return R"("accept":true,"body":")" + text + '"';
}

const Case unknown_cases[] = {
    {.name = "reset", .expected = unknown_outcome(), .rules = on_submit(R"("reset":true)")},
    {.name = "closed", .expected = unknown_outcome(), .rules = on_submit(R"("close":true)")},
    {.name = "accepted_and_lost",
     .expected = unknown_outcome(),
     .rules = on_submit(R"("answer_lost":true)")},
    {.name = "silence",
     .expected = unknown_because("took too long", 0),
     .rules = on_submit(R"("delay":30)"),
     .properties = "submit-timeout=1"},
    {.name = "an_answer_that_is_cut",
     .expected = unknown_outcome(),
     .rules = on_submit(R"("close_after":20)")},
    {.name = "an_answer_that_breaks",
     .expected = unknown_outcome(),
     .rules = on_submit(R"("reset_after":20)")},
    {.name = "an_answer_that_stalls",
     .expected = unknown_outcome(),
     .rules = on_submit(R"("stall_after":20)"),
     .properties = "submit-timeout=1"},
    {.name = "status_408",
     .expected = unknown_with(408, "timeout"),
     .rules = on_submit(R"("status":408)")},
    {.name = "status_500",
     .expected = unknown_with(500, "internal_error"),
     .rules = on_submit(R"("status":500,"accept":true)")},
    {.name = "status_502",
     .expected = unknown_with(502, "internal_error"),
     .rules = on_submit(R"("status":502)")},
    {.name = "status_503_without_a_wish",
     .expected = unknown_with(503, "model_server_error"),
     .rules = on_submit(R"("status":503)")},
    {.name = "status_504",
     .expected = unknown_with(504, "gateway_timeout_error"),
     .rules = on_submit(R"("status":504,"accept":true)")},
    {.name = "status_524_in_markup",
     .expected = unknown_with(524, "", false),
     .rules = on_submit(R"("status":524,"body":"<html>A timeout occurred</html>")")},
    {.name = "a_portals_page",
     .expected = unknown_because("not JSON but markup"),
     .rules = on_submit(body("<html>Please log in</html>"))},
    {.name = "an_empty_answer",
     .expected = unknown_because("empty"),
     .rules = on_submit(R"("status":200,"body":"")")},
    {.name = "no_task_id",
     .expected = unknown_because("no output.task_id"),
     .rules = on_submit(R"("omit":["task_id"])")},
    {.name = "a_task_id_that_is_empty",
     .expected = unknown_because("no output.task_id"),
     .rules = on_submit(body(R"({\"output\":{\"task_id\":\"\"}})"))},
    {.name = "a_list",
     .expected = unknown_because("not a JSON object"),
     .rules = on_submit(body(R"([{\"output\":{\"task_id\":\"a\"}}])"))},
    {.name = "json_that_is_nested_too_deep",
     .expected = unknown_because("nested too deep"),
     .rules = on_submit(body("{\\\"a\\\":" + std::string(100'000, '[')))},
    {.name = "a_nul_in_the_task_id",
     .expected = unknown_because("a NUL"),
     .rules = on_submit(body(R"({\"output\":{\"task_id\":\"a\\u0000b\"}})"))},
    {.name = "an_answer_of_2_mib",
     .expected = unknown_because("larger than 1 MiB"),
     .rules = on_submit(R"("accept":true,"body_size":2097152)")},
    {.name = "an_error_in_a_200_that_nobody_knows",
     .expected = unknown_with(200, "strange_error"),
     .rules = on_submit(says(200, "strange_error", "?"))},
    {.name = "all_is_well_in_the_older_envelope",
     .expected = unknown_because("no output.task_id"),
     .rules = on_submit(body(R"({\"code\":0,\"message\":\"ok\"})"))},
};
INSTANTIATE_TEST_SUITE_P(Unknown, SubmitUnknown, testing::ValuesIn(unknown_cases),
                         [](const auto& shown) { return shown.param.name; });

RawStep raw(std::string bytes, std::string endlessly = {}) {
  return {.route = "submit", .bytes = std::move(bytes), .endlessly = std::move(endlessly)};
}

const Case raw_cases[] = {
    {.name = "not_http", .expected = unknown_outcome(), .raw = {raw("SSH-2.0-OpenSSH_9.2\r\n")}},
    {.name = "half_a_head",
     .expected = unknown_outcome(),
     .raw = {raw("HTTP/1.1 200 OK\r\nContent-Len")}},
    {.name = "a_head_of_a_megabyte",
     .expected = unknown_because("too long", 0),
     .raw = {raw("HTTP/1.1 200 OK\r\nX: " + std::string(1 << 20, 'x') + "\r\n\r\n")}},
    {.name = "a_head_without_end",
     .expected = unknown_because("too long", 0),
     .raw = {raw("HTTP/1.1 200 OK\r\n", "A: b\r\n")}},
    {.name = "a_body_shorter_than_it_says",
     .expected = unknown_because("ended its response", 0),
     .raw = {raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"output\":")}},
    {.name = "chunks_that_are_none",
     .expected = unknown_outcome(),
     .raw = {raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")}},
    {.name = "chunks_without_an_end",
     .expected = unknown_outcome(),
     .raw = {raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")}},
    {.name = "a_body_without_end",
     .expected = unknown_because("larger than 1 MiB"),
     .raw = {raw("HTTP/1.1 200 OK\r\n\r\n", std::string(65536, ' '))}},
    {.name = "status_421",
     .expected = {.error = resource_settings,
                  .words = {"does not accept"},
                  .debug = "HTTP 421",
                  .phase = "submit",
                  .http_status = 421,
                  .attempts = 1},
     .raw = {raw(answer("", "421 Misdirected Request"))}},
    {.name = "status_407",
     .expected = {.error = resource_not_authorized,
                  .words = {"proxy", "user and password"},
                  .debug = "HTTP 407",
                  .phase = "submit",
                  .http_status = 407,
                  .attempts = 1},
     .raw = {raw(answer("", "407 Proxy Authentication Required"))}},
    {.name = "a_receipt_that_is_packed_although_nobody_asked",
     .expected = clip_arrives(),
     .raw = {raw(answer(packed(R"({"output":{"task_id":"raw-task"}})"), "200 OK",
                        "Content-Encoding: gzip\r\n"))}},
    {.name = "a_receipt_that_unpacks_to_mebibytes",
     .expected = unknown_because("larger than 1 MiB"),
     .raw = {raw(
         answer(packed(std::string(50 << 20, ' ')), "200 OK", "Content-Encoding: gzip\r\n"))}},
    {.name = "a_receipt_that_only_says_that_it_is_packed",
     .expected = clip_arrives(),
     .raw = {raw(
         answer(R"({"output":{"task_id":"raw-task"}})", "200 OK", "Content-Encoding: gzip\r\n"))}},
    {.name = "a_length_beyond_all_numbers",
     .expected = unknown_outcome(),
     .raw = {raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}")}},
    {.name = "a_status_that_is_none",
     .expected = unknown_because("not valid HTTP", 0),
     .raw = {raw("HTTP/1.1 000 Nothing\r\nContent-Length: 0\r\n\r\n")}},
    {.name = "members_that_stand_twice",
     .expected = clip_arrives(),
     .raw = {raw(answer(R"({"output":{"task_id":"a"},"output":{"task_id":"b","task_id":"c"}})"))}},
    {.name = "text_that_is_not_utf8",
     .expected = unknown_because("not UTF-8"),
     .raw = {raw(answer("{\"output\":{\"task_id\":\"caf\xe9\"}}"))}},
};
INSTANTIATE_TEST_SUITE_P(Raw, SubmitUnknown, testing::ValuesIn(raw_cases),
                         [](const auto& shown) { return shown.param.name; });

}  // namespace
}  // namespace test_support
