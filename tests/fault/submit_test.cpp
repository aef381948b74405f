// SPDX-License-Identifier: LGPL-2.1-or-later
// The submit through the element: one case for each way in which it ends. tests/unit/job has the
// tables of all responses and faults.
#include "fault/matrix.h"
#include "support/test_resolver.h"

namespace test_support {
namespace {

Expected unreached(Code code, int attempts, std::vector<std::string> words) {
  return {.error = code,
          .words = std::move(words),
          .phase = "submit",
          .attempts = attempts,
          .submits = 0,
          .retries = static_cast<unsigned>(attempts - 1)};
}

// The next run has the same base-url.
const Case network_cases[] = {
    {.name = "nobody_listens",
     .expected = unreached(resource_open_read, 11, {"refused", "127.0.0.1:1"}),
     .properties = "base-url=http://127.0.0.1:1",
     .is_run_again = false},
    {.name = "the_name_is_not_found",
     .expected = unreached(resource_not_found, 11, {"resolved", "nowhere.test"}),
     .properties = "base-url=https://nowhere.test",
     .before =
         [](Matrix& matrix) {
           matrix.companion = std::make_shared<ResolverScope>(ResolverAnswer::not_found);
         },
     .is_run_again = false},
};
INSTANTIATE_TEST_SUITE_P(SubmitNetwork, Matrix, testing::ValuesIn(network_cases), name_of);

Expected refusal(Code code, int http_status, std::string error_code, std::vector<std::string> words,
                 int attempts = 1) {
  return {.error = code,
          .words = std::move(words),
          .phase = "submit",
          .http_status = http_status,
          .error_code = std::move(error_code),
          .has_request_id = true,
          .attempts = attempts,
          .submits = static_cast<std::size_t>(attempts),
          .retries = static_cast<unsigned>(attempts - 1)};
}

// Fields of a rule that answers with an error body.
std::string says(int status, const std::string& code, const std::string& message) {
  return R"("status":)" + std::to_string(status) + R"(,"error_code":")" + code +
         R"(","error_message":")" + message + '"';
}

const Case refusal_cases[] = {
    {.name = "status_401_with_either_scheme",
     .expected =
         [] {
           auto expected = refusal(resource_not_authorized, 401, "auth_error", {"API key"});
           expected.submits = 2;
           return expected;
         }(),
     .rules = on_submit(R"("status":401)", 2)},
    {.name = "the_content_is_refused",
     .expected = refusal(stream_failed, 400, "sensitive_check_error", {"refused the content"}),
     .rules = on_submit(says(400, "sensitive_check_error", "sensitive"))},
    {.name = "status_307_to_another_origin",
     .expected = {.error = resource_settings,
                  .words = {"redirects"},
                  .phase = "submit",
                  .http_status = 307,
                  .attempts = 1},
     .rules = on_submit(R"("status":307,"redirect":"{result}/v1/tasks/submit")")},
    {.name = "status_429",
     .expected = {.submits = 4, .left = Left::complete, .retries = 3},
     .rules = on_submit(R"("status":429)", 3)},
    {.name = "status_429_for_ever",
     .expected = refusal(resource_read, 429, "rate_limit", {"rate"}, 11),
     .rules = on_submit(R"("status":429)", for_ever)},
};
INSTANTIATE_TEST_SUITE_P(SubmitRefusal, Matrix, testing::ValuesIn(refusal_cases), name_of);

const Case unknown_cases[] = {
    {.name = "a_response_after_the_other_time_limits",
     .expected = clip_arrives(),
     .rules = on_submit(R"("delay":2)"),
     .properties = "task-timeout=1 timeout=1"},
    {.name = "accepted_and_lost",
     .expected = unknown_outcome(),
     .rules = on_submit(R"("answer_lost":true)")},
    {.name = "silence",
     .expected = unknown_outcome(),
     .rules = on_submit(R"("delay":30)"),
     .properties = "submit-timeout=1"},
    {.name = "status_500",
     .expected =
         [] {
           auto expected = unknown_outcome();
           expected.http_status = 500;
           expected.error_code = "internal_error";
           expected.has_request_id = true;
           return expected;
         }(),
     .rules = on_submit(R"("status":500,"accept":true)")},
    // Ids that would lead astray if they were not escaped.
    {.name = "a_task_id_that_is_a_path_and_a_query",
     .expected = clip_arrives(),
     .rules = on_submit(R"("task_id":"../../etc/passwd&task_id=b#c?d=e")")},
};
INSTANTIATE_TEST_SUITE_P(SubmitUnknown, Matrix, testing::ValuesIn(unknown_cases), name_of);

// The model accepts an id of the client's, so that a lost submit can be queried.
const Case settled_cases[] = {
    {.name = "accepted_and_lost",
     .expected = clip_arrives(),
     .rules = on_submit(R"("answer_lost":true)"),
     .properties = "model=kling-v3 prompt=go"},
    {.name = "not_accepted",
     .expected = clip_arrives(2),
     .rules = on_submit(R"("reset":true)"),
     .properties = "model=kling-v3 prompt=go submit-timeout=1"},
};
INSTANTIATE_TEST_SUITE_P(SubmitSettled, Matrix, testing::ValuesIn(settled_cases), name_of);

}  // namespace
}  // namespace test_support
