// SPDX-License-Identifier: LGPL-2.1-or-later
// Polls through the element: one case for each way in which they end. tests/unit/job has the table
// of all faults.
#include "fault/matrix.h"

namespace test_support {
namespace {

Expected resumable(Code code, std::vector<std::string> words, int http_status,
                   std::string error_code = {}, int attempts = 1) {
  return {.error = code,
          .words = std::move(words),
          .phase = "generate",
          .http_status = http_status,
          .error_code = std::move(error_code),
          .has_request_id = true,
          .attempts = attempts,
          .left = Left::submitted};
}

Expected overdue() {
  return {.error = resource_read,
          .words = {"task-timeout", "task-id="},
          .phase = "generate",
          .has_request_id = true,
          .left = Left::submitted};
}

const Case poll_cases[] = {
    {.name = "ten_errors_in_a_row",
     .expected = {.left = Left::complete, .retries = 20},
     .rules = on_poll(R"("reset":true)", 10) + "," + on_poll(R"("task_status":"Running")") + "," +
              on_poll(R"("status":500)", 10)},
    {.name = "eleven_errors_in_a_row",
     .expected =
         [] {
           auto expected = resumable(resource_read, {"temporary"}, 503, "model_server_error", 11);
           expected.retries = 10;
           return expected;
         }(),
     .rules = on_poll(R"("status":503)", 11)},
    {.name = "status_401_with_either_scheme",
     .expected = resumable(resource_not_authorized, {"API key"}, 401, "auth_error"),
     .rules = on_poll(R"("status":401)", 2)},
    {.name = "status_404_three_times",
     .expected = resumable(resource_not_found, {"task"}, 404, "task_not_found", 3),
     .rules = on_poll(R"("status":404)", 3)},
    {.name = "failure",
     .expected = {.error = stream_failed,
                  .words = {"bad first frame"},
                  .phase = "generate",
                  .http_status = 200,
                  .has_request_id = true,
                  .attempts = 1},
     .rules = on_poll(R"("task_status":"Failure","error_message":"bad first frame")")},
    {.name = "an_unknown_status",
     .expected = {.left = Left::complete, .warning = "rejected"},
     .rules = on_poll(R"("task_status":"rejected")", 5)},
    {.name = "no_urls",
     .expected = resumable(resource_read, {"no result link"}, 200, "", 4),
     .rules = on_poll(R"("task_status":"Success","omit":["urls"])", 4)},
    {.name = "a_poll_that_hangs_for_too_long",
     .expected = overdue(),
     .rules = on_poll(R"("delay":60)", for_ever),
     .properties = "task-timeout=1 timeout=60"},
};
INSTANTIATE_TEST_SUITE_P(Poll, Matrix, testing::ValuesIn(poll_cases), name_of);

}  // namespace
}  // namespace test_support
