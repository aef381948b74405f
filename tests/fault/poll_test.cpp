// SPDX-License-Identifier: LGPL-2.1-or-later
// Polls cost nothing, so they survive what they meet; what they cannot survive loses no task.
#include "fault/matrix.h"

namespace test_support {
namespace {

class Poll : public Matrix {};

TEST_P(Poll, ends_as_the_matrix_says) {
  run_case();
}

// What a poll survives. Two cases each: ten in a row, between good answers; the eleventh ends it.
struct Passing {
  const char* name;
  std::string fields;  // of the rule
  Expected last;       // the eleventh's words and details
};

Expected passing(std::vector<std::string> words, std::string debug, int http_status = 0,
                 std::string error_code = {}) {
  return {.error = resource_read,
          .words = std::move(words),
          .debug = std::move(debug),
          .phase = "generate",
          .http_status = http_status,
          .error_code = std::move(error_code),
          .has_request_id = true,  // the submit's, where the answer has none
          .attempts = 11,
          .left = Left::submitted,
          .retries = 10};
}

Passing status(int http_status, const char* name, const char* code,
               const char* word = "temporary") {
  return {name, R"("status":)" + std::to_string(http_status),
          passing({word}, "HTTP " + std::to_string(http_status), http_status, code)};
}

Passing garbled(const char* name, const std::string& text, const char* why) {
  return {name, R"("body":")" + text + '"', passing({"cannot be parsed"}, why, 200)};
}

const Passing passing_faults[] = {
    {"reset", R"("reset":true)", passing({"connection", "interrupted"}, "/v1/tasks/status")},
    {"closed", R"("close":true)", passing({"connection", "interrupted"}, "/v1/tasks/status")},
    {"cut", R"("close_after":30)", passing({"connection", "interrupted"}, "30 of")},
    {"broken", R"("reset_after":30)", passing({"connection", "interrupted"}, "/v1/tasks/status")},
    status(408, "status_408", "timeout"),
    status(425, "status_425", "param_error", "does not accept"),
    status(429, "status_429", "rate_limit", "rate of requests"),
    status(500, "status_500", "internal_error"),
    status(502, "status_502", "internal_error"),
    status(503, "status_503", "model_server_error"),
    status(504, "status_504", "gateway_timeout_error"),
    status(520, "status_520", "internal_error"),
    status(522, "status_522", "internal_error"),
    status(529, "status_529", "internal_error"),
    {"markup_of_a_gateway", R"("status":502,"body":"<html>Bad Gateway</html>")",
     passing({"temporary"}, "HTTP 502", 502)},
    garbled("markup", "<html>Please log in</html>", "not JSON but markup"),
    garbled("nothing", "", "not JSON: it is empty"),
    garbled("half_of_it", R"({\"output\":{\"task_status\":\"Succ)", "not JSON"),
    garbled("a_status_that_is_a_number", R"({\"output\":{\"task_status\":1}})",
            "no output.task_status"),
    garbled("output_that_is_a_list", R"({\"output\":[\"Success\"]})", "no output.task_status"),
    garbled("urls_that_are_a_truth", R"({\"output\":{\"task_status\":\"Success\",\"urls\":true}})",
            "output.urls is neither a list"),
    garbled("urls_that_are_numbers", R"({\"output\":{\"task_status\":\"Success\",\"urls\":[1]}})",
            "output.urls contains values"),
    garbled("nested_too_deep", "{\\\"a\\\":" + std::string(200, '['), "nested too deep"),
    {"two_mebibytes", R"("body_size":2097152)",
     passing({"cannot be parsed"}, "larger than 1 MiB", 200)},
    {"an_error_in_a_200", R"("status":200,"error_code":"internal_error","error_message":"oops")",
     passing({"oops"}, "HTTP 200, internal_error", 200, "internal_error")},
};

std::vector<Case> survived() {
  std::vector<Case> cases;
  for (const auto& fault : passing_faults)
    cases.push_back({.name = fault.name,
                     .expected = {.left = Left::complete, .retries = 20},
                     .rules = on_poll(fault.fields, 10) + "," +
                              on_poll(R"("task_status":"Running")") + "," +
                              on_poll(fault.fields, 10)});
  return cases;
}
INSTANTIATE_TEST_SUITE_P(TenInARow, Poll, testing::ValuesIn(survived()),
                         [](const auto& shown) { return shown.param.name; });

std::vector<Case> not_survived() {
  std::vector<Case> cases;
  for (const auto& fault : passing_faults)
    cases.push_back(
        {.name = fault.name, .expected = fault.last, .rules = on_poll(fault.fields, 11)});
  return cases;
}
INSTANTIATE_TEST_SUITE_P(ElevenInARow, Poll, testing::ValuesIn(not_survived()),
                         [](const auto& shown) { return shown.param.name; });

Expected resumable(Code code, std::vector<std::string> words, int http_status,
                   std::string error_code = {}, int attempts = 1) {
  return {.error = code,
          .words = std::move(words),
          .debug = http_status == 200 ? "generate" : "HTTP " + std::to_string(http_status),
          .phase = "generate",
          .http_status = http_status,
          .error_code = std::move(error_code),
          .has_request_id = true,
          .attempts = attempts,
          .left = Left::submitted};
}

const Case refused_cases[] = {
    {.name = "status_401_with_the_first_scheme_only",
     .expected = clip_arrives(),
     .rules = on_poll(R"("status":401)")},
    {.name = "status_401_with_either_scheme",
     .expected = resumable(resource_not_authorized, {"API key"}, 401, "auth_error"),
     .rules = on_poll(R"("status":401)", 2)},
    {.name = "status_403",
     .expected = resumable(resource_not_authorized, {"quota"}, 403, "permission_error"),
     .rules = on_poll(R"("status":403)")},
    {.name = "status_404_twice",
     .expected = {.left = Left::complete, .retries = 2},
     .rules = on_poll(R"("status":404)", 2)},
    {.name = "status_404_twice_and_again_after_a_good_answer",
     .expected = {.left = Left::complete, .retries = 4},
     .rules = on_poll(R"("status":404)", 2) + "," + on_poll(R"("task_status":"Running")") + "," +
              on_poll(R"("status":404)", 2)},
    {.name = "status_404_three_times",
     .expected = resumable(resource_not_found, {"does not have the task", "base-url"}, 404,
                           "task_not_found", 3),
     .rules = on_poll(R"("status":404)", 3)},
    {.name = "not_found_in_a_400",
     .expected = resumable(resource_not_found, {"does not have the task"}, 400, "param_error", 3),
     .rules = on_poll(R"("status":400,"error_message":"Task Not Found")", 3)},
    {.name = "not_found_in_a_200",
     .expected =
         resumable(resource_not_found, {"does not have the task"}, 200, "task_not_found", 3),
     .rules = on_poll(R"("status":200,"error_code":"task_not_found")", 3)},
    {.name = "status_400",
     .expected =
         resumable(resource_settings, {"does not accept", "no such"}, 400, "param_error", 3),
     .rules = on_poll(R"("status":400,"error_message":"no such field")", 3)},
    {.name = "status_307_on_the_same_origin",
     .expected = clip_arrives(),
     .rules = on_poll(R"("status":307,"redirect":"{self}")", 2)},
    {.name = "status_307_in_a_circle",
     .expected = resumable(resource_settings, {"redirects"}, 307, "", 3),
     .rules = on_poll(R"("status":307,"redirect":"{self}")", for_ever)},
    {.name = "status_302",
     .expected = resumable(resource_settings, {"redirects"}, 302, "", 3),
     .rules = on_poll(R"("redirect":"{self}")", 3)},
    {.name = "status_429_waits_as_it_is_told",
     .expected = {.left = Left::complete, .retries = 1},
     .rules = on_poll(R"("status":429,"headers":{"Retry-After":"1"})")},
    {.name = "a_silent_poll",
     .expected = {.left = Left::complete, .retries = 1},
     .rules = on_poll(R"("delay":30)"),
     .properties = "timeout=1"},
    {.name = "a_poll_that_stalls",
     .expected = {.left = Left::complete, .retries = 1},
     .rules = on_poll(R"("stall_after":30)"),
     .properties = "timeout=1"},
    {.name = "a_poll_that_comes_byte_by_byte",
     .expected = {.left = Left::complete, .retries = 1},
     .rules = on_poll(R"("bytes_per_second":10)"),
     .properties = "timeout=1"},
};
INSTANTIATE_TEST_SUITE_P(Refused, Poll, testing::ValuesIn(refused_cases),
                         [](const auto& shown) { return shown.param.name; });

Expected ended(std::vector<std::string> words) {
  return {.error = stream_failed,
          .words = std::move(words),
          .debug = "/v1/tasks/status: the task ended as",
          .phase = "generate",
          .http_status = 200,
          .has_request_id = true,
          .attempts = 1};
}

std::string task_status(const std::string& name, const std::string& more = {}) {
  return R"("task_status":")" + name + '"' + more;
}

const Case ended_cases[] = {
    {.name = "failure",
     .expected = ended({"could not make the clip", "bad first frame"}),
     .rules = on_poll(task_status("Failure", R"(,"error_message":"bad first frame")"))},
    {.name = "failure_without_a_word",
     .expected = ended({"could not make the clip (Failure)"}),
     .rules = on_poll(task_status("Failure"))},
    {.name = "failed", .expected = ended({"(Failed)"}), .rules = on_poll(task_status("Failed"))},
    {.name = "expired", .expected = ended({"(EXPIRED)"}), .rules = on_poll(task_status("EXPIRED"))},
    {.name = "cancelled",
     .expected = ended({"(cancelled)"}),
     .rules = on_poll(task_status("cancelled"))},
    {.name = "canceled",
     .expected = ended({"(Canceled)"}),
     .rules = on_poll(task_status("Canceled"))},
    {.name = "moderation",
     .expected = ended({"refused the content", "final"}),
     .rules = on_poll(
         task_status("Failure", R"(,"error_message":"Rejected by the moderation system")"))},
    {.name = "a_message_with_a_link_in_it",
     .expected = ended({"see https://help.test/why"}),
     .rules = on_poll(task_status(
         "Failure", R"(,"error_message":"see https://help.test/why?Signature=secret")"))},
    {.name = "an_unknown_status_is_still_running",
     .expected = {.left = Left::complete, .warning = "rejected"},
     .rules = on_poll(task_status("rejected"), 5)},
    {.name = "numbers_beyond_all_sense",
     .expected = clip_arrives(),
     .rules = on_poll(R"("body":"{\"output\":{\"task_status\":\"Running\",)"
                      R"(\"submit_time\":9223372036854775807,\"finish_time\":-1},)"
                      R"(\"usage\":{\"duration\":-1e308}}")") +
              "," +
              on_poll(R"("body":"{\"output\":{\"task_status\":\"Running\",)"
                      R"(\"submit_time\":-5,\"finish_time\":1e400},)"
                      R"(\"usage\":{\"duration\":99999999999999999999999}}")")},
    {.name = "other_words_and_cases",
     .expected = clip_arrives(),
     .rules = on_poll(task_status("queued")) + "," + on_poll(task_status("in_progress"), 2) + "," +
              on_poll(task_status("COMPLETED"))},
};
INSTANTIATE_TEST_SUITE_P(Ended, Poll, testing::ValuesIn(ended_cases),
                         [](const auto& shown) { return shown.param.name; });

const Case link_cases[] = {
    {.name = "no_urls_three_times",
     .expected = {.left = Left::complete, .retries = 3},
     .rules = on_poll(R"("task_status":"Success","omit":["urls"])", 3)},
    {.name = "no_urls_four_times",
     .expected = resumable(resource_read, {"no result link"}, 200, "", 4),
     .rules = on_poll(R"("task_status":"Success","omit":["urls"])", 4)},
    {.name = "empty_urls_four_times",
     .expected = resumable(resource_read, {"no result link"}, 200, "", 4),
     .rules = on_poll(R"("task_status":"Success","urls":[])", 4)},
    {.name = "an_empty_link_four_times",
     .expected = resumable(resource_read, {"no result link"}, 200, "", 4),
     .rules = on_poll(R"("task_status":"Success","urls":[""])", 4)},
    {.name = "url_index_is_as_large_as_can_be",
     .expected = resumable(resource_settings, {"url-index is 4294967295", "1 clip"}, 200, "", 4),
     .rules = on_poll(R"("task_status":"Success","urls":["{url}"])", for_ever),
     .properties = "url-index=4294967295",
     .is_run_again = false},
    {.name = "url_index_is_too_large",
     .expected = resumable(resource_settings, {"url-index is 1", "1 clip"}, 200, "", 4),
     .rules = on_poll(R"("task_status":"Success","urls":["{url}"])", for_ever),
     .properties = "url-index=1",
     .is_run_again = false},
    {.name = "url_index_names_the_second",
     .expected = clip_arrives(),
     .rules = on_poll(task_status("Running"), 10) + "," +
              on_poll(R"("urls":["{result}/none.mp4","{url}"])", for_ever),
     .properties = "url-index=1",
     .is_run_again = false},
};
INSTANTIATE_TEST_SUITE_P(Link, Poll, testing::ValuesIn(link_cases),
                         [](const auto& shown) { return shown.param.name; });

Expected overdue() {
  return {.error = resource_read,
          .words = {"task-timeout", "may still finish and is billed", "task-id="},
          .debug = "generate: task-timeout",
          .phase = "generate",
          .has_request_id = true,
          .left = Left::submitted};
}

const Case limit_cases[] = {
    {.name = "the_task_runs_for_too_long",
     .expected = overdue(),
     .rules = on_poll(task_status("Running"), for_ever),
     .properties = "task-timeout=1"},
    {.name = "one_poll_hangs_for_too_long",
     .expected = overdue(),
     .rules = on_poll(R"("delay":60)", for_ever),
     .properties = "task-timeout=1 timeout=60"},
    {.name = "one_poll_trickles_for_too_long",
     .expected = overdue(),
     .rules = on_poll(R"("header_delay":0.1)", for_ever),
     .properties = "task-timeout=1"},
    {.name = "the_service_asks_to_wait_for_too_long",
     .expected = overdue(),
     .rules = on_poll(R"("status":503,"headers":{"Retry-After":"60"})", for_ever),
     .properties = "task-timeout=1"},
    {.name = "retries_have_no_limit_but_time_has",
     .expected = overdue(),
     .rules = on_poll(R"("reset":true)", for_ever),
     .properties = "task-timeout=1 retries=-1 retry-backoff-max=0.05"},
};
INSTANTIATE_TEST_SUITE_P(Limit, Poll, testing::ValuesIn(limit_cases),
                         [](const auto& shown) { return shown.param.name; });

}  // namespace
}  // namespace test_support
