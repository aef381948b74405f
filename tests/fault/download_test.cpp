// SPDX-License-Identifier: LGPL-2.1-or-later
// The download through the element: one case for each way in which it ends. tests/unit/job has the
// tables of all responses and faults.
#include "fault/matrix.h"

namespace test_support {
namespace {

Expected after_retries(unsigned retries) {
  return {.left = Left::complete, .retries = retries};
}

std::string links_to(const std::string& url) {
  return on_poll(R"("task_status":"Success","urls":[")" + url + R"("])", for_ever);
}

const Case download_cases[] = {
    {.name = "reset_again_and_again_with_progress",
     .expected = after_retries(12),
     .rules = on_result(R"("reset_after":90000)", 12)},
    {.name = "a_stall",
     .expected = after_retries(1),
     .rules = on_result(R"("stall_after":300000)"),
     .properties = "timeout=1"},
    {.name = "status_502_for_ever",
     .expected = lost(resource_read, {"server of the result link", "temporary"}, 502, 11),
     .rules = on_result(R"("status":502)", for_ever)},
    {.name = "all_links_are_dead",
     .expected = after_retries(1),
     .rules = on_result(R"("expire_link":true)")},
    {.name = "the_fresh_link_is_refused",
     .expected = lost(resource_read, {"result link has expired"}, 403, 2),
     .rules = on_result(R"("status":403)", 2)},
    {.name = "the_task_is_gone_meanwhile",
     .expected =
         [] {
           auto expected = lost(resource_not_found, {"does not have the task"}, 404, 3);
           expected.error_code = "task_not_found";
           return expected;
         }(),
     .raw = {{.route = "status", .bytes = {}, .is_good = true},
             {.route = "result", .bytes = http_response("", "403 Forbidden")},
             {.route = "status",
              .bytes = http_response(R"({"error":{"code":"task_not_found"}})", "404 Not Found"),
              .times = 3}}},
    {.name = "a_portal_that_goes_away",
     .expected = after_retries(3),
     .rules = on_result(R"("body":"<html>Please log in</html>")", 3)},
    {.name = "longer_than_it_says",
     .expected = lost(stream_wrong_type, {"incomplete"}, 200, 4, "1000 bytes are missing"),
     .rules = on_result(R"("wrong_length":-1000)", for_ever)},
    {.name = "shorter_than_it_says",
     .expected = lost(stream_wrong_type, {"shorter"}, 0, 11),
     .rules = on_result(R"("wrong_length":1000)", for_ever)},
    {.name = "a_link_that_is_not_fit_for_a_terminal",
     .expected = lost(resource_read, {"not http"}, 0),
     .rules = links_to(R"(data:\u001b[2J\u202e\r\n)")},
    {.name = "a_link_with_spaces_and_another_script",
     .expected = clip_arrives(),
     .raw = {{.route = "status",
              .bytes = {},
              .times = 0,
              .link = "{base}/a clip \xe4\xbd\xa0.mp4?b=\xe5\xa5\xbd c"}}},
};
INSTANTIATE_TEST_SUITE_P(Download, Matrix, testing::ValuesIn(download_cases), name_of);

}  // namespace
}  // namespace test_support
