// SPDX-License-Identifier: LGPL-2.1-or-later
// The download: resumed at the byte, and nothing but the whole clip is kept.
#include "fault/download_cases.h"
#include "fault/matrix.h"

namespace test_support {
namespace {

class Download : public Matrix {};

TEST_P(Download, ends_as_the_matrix_says) {
  run_case();
}

const Case passing_cases[] = {
    {.name = "reset_at_once",
     .expected = after_retries(3),
     .rules = on_result(R"("reset":true)", 3)},
    {.name = "closed_at_once",
     .expected = after_retries(3),
     .rules = on_result(R"("close":true)", 3)},
    {.name = "reset_within_the_first_box",
     .expected = after_retries(1),
     .rules = on_result(R"("reset_after":5)")},
    {.name = "reset_again_and_again_with_progress",
     .expected = after_retries(12),
     .rules = on_result(R"("reset_after":90000)", 12)},
    {.name = "closed_early",
     .expected = after_retries(2),
     .rules = on_result(R"("close_after":400000)", 2)},
    {.name = "a_stall",
     .expected = after_retries(1),
     .rules = on_result(R"("stall_after":300000)"),
     .properties = "timeout=1"},
    {.name = "silence",
     .expected = after_retries(1),
     .rules = on_result(R"("delay":30)"),
     .properties = "timeout=1"},
    {.name = "a_head_that_comes_byte_by_byte",
     .expected = after_retries(1),
     .rules = on_result(R"("header_delay":0.1)"),
     .properties = "timeout=1"},
    {.name = "status_500", .expected = after_retries(2), .rules = on_result(R"("status":500)", 2)},
    {.name = "status_503_with_a_wish",
     .expected = after_retries(1),
     .rules = on_result(R"("status":503,"headers":{"Retry-After":"1"})")},
    {.name = "status_429", .expected = after_retries(2), .rules = on_result(R"("status":429)", 2)},
    {.name = "status_408", .expected = after_retries(1), .rules = on_result(R"("status":408)")},
    {.name = "ten_failures_then_progress_then_as_many_again",
     .expected = after_retries(20),
     .rules = on_result(R"("status":502)", 10) + "," + on_result(R"("reset_after":200000)") + "," +
              on_result(R"("status":502)", 9)},
    {.name = "status_502_for_ever",
     .expected = lost(resource_read, {"server of the result link", "temporary"}, 502, 11),
     .rules = on_result(R"("status":502)", for_ever)},
    {.name = "reset_for_ever",
     .expected = lost(resource_read, {"connection", "interrupted"}, 0, 11),
     .rules = on_result(R"("reset":true)", for_ever)},
    {.name = "chunked_without_a_length",
     .expected = clip_arrives(),
     .rules = on_result(R"("no_length":true)")},
    {.name = "chunked_and_cut",
     .expected = after_retries(1),
     .rules = on_result(R"("no_length":true,"close_after":500000)")},
};
INSTANTIATE_TEST_SUITE_P(Passing, Download, testing::ValuesIn(passing_cases),
                         [](const auto& shown) { return shown.param.name; });

const Case range_cases[] = {
    {.name = "range_is_ignored",
     .expected = after_retries(1),
     .rules = on_result(R"("reset_after":300000)") + "," + on_result(R"("no_range":true)")},
    {.name = "no_content_range",
     .expected = after_retries(1),
     .rules = on_result(R"("reset_after":300000)") + "," + on_result(R"("no_content_range":true)")},
    {.name = "another_start",
     .expected = after_retries(1),
     .rules = on_result(R"("reset_after":300000)") + "," + on_result(R"("wrong_start":1000)")},
    {.name = "a_start_beyond_what_is_here",
     .expected = after_retries(2),
     .rules = on_result(R"("reset_after":300000)") + "," + on_result(R"("wrong_start":900000)")},
    {.name = "another_etag_and_the_same_bytes",
     .expected = after_retries(1),
     .rules = on_result(R"("reset_after":300000)") + "," + on_result(R"("etag":"\"other\"")")},
    {.name = "the_range_is_not_satisfiable",
     .expected = after_retries(2),
     .rules = on_result(R"("reset_after":300000)") + "," + on_result(R"("status":416)")},
};
INSTANTIATE_TEST_SUITE_P(Range, Download, testing::ValuesIn(range_cases),
                         [](const auto& shown) { return shown.param.name; });

Expected expired(int http_status) {
  return lost(resource_read, {"result link has expired"}, http_status, 2);
}

RawStep raw_poll(std::string bytes, int times = 1) {
  return {.route = "status", .bytes = std::move(bytes), .times = times};
}

const Case expired_cases[] = {
    {.name = "status_403", .expected = after_retries(1), .rules = on_result(R"("status":403)")},
    {.name = "status_404", .expected = after_retries(1), .rules = on_result(R"("status":404)")},
    {.name = "status_410", .expected = after_retries(1), .rules = on_result(R"("status":410)")},
    {.name = "all_links_are_dead",
     .expected = after_retries(1),
     .rules = on_result(R"("expire_link":true)")},
    {.name = "in_the_middle",
     .expected = after_retries(2),
     .rules = on_result(R"("reset_after":300000)") + "," + on_result(R"("expire_link":true)")},
    {.name = "again_after_progress",
     .expected = after_retries(4),
     .rules = on_result(R"("expire_link":true)") + "," + on_result(R"("reset_after":300000)") +
              "," + on_result(R"("expire_link":true)") + "," +
              on_result(R"("reset_after":300000)")},
    {.name = "the_fresh_link_is_refused",
     .expected = expired(403),
     .rules = on_result(R"("status":403)", 2)},
    {.name = "the_fresh_link_is_gone",
     .expected = expired(410),
     .rules = on_result(R"("status":410)", 2)},
    {.name = "a_store_that_says_it_with_400",
     .expected = after_retries(1),
     .rules = on_result(R"("status":400)")},
    {.name = "a_store_that_says_it_with_401",
     .expected = expired(401),
     .rules = on_result(R"("status":401)", 2)},
    {.name = "the_task_is_gone_meanwhile",
     .expected =
         [] {
           auto expected = lost(resource_not_found, {"does not have the task"}, 404, 3);
           expected.error_code = "task_not_found";
           return expected;
         }(),
     .raw = {{.route = "status", .bytes = {}, .is_good = true},
             raw_result(answer("", "403 Forbidden")),
             raw_poll(answer(R"({"error":{"code":"task_not_found"}})", "404 Not Found"), 3)}},
};
INSTANTIATE_TEST_SUITE_P(Expired, Download, testing::ValuesIn(expired_cases),
                         [](const auto& shown) { return shown.param.name; });

const Case content_cases[] = {
    {.name = "empty", .expected = no_mp4("0 bytes"), .rules = on_result(R"("body":"")", for_ever)},
    {.name = "markup",
     .expected = no_mp4("ftyp"),
     .rules = on_result(R"("body":"<html>Please log in</html>")", for_ever)},
    {.name = "xml",
     .expected = no_mp4("ftyp"),
     .rules = on_result(R"("body":"<?xml version='1.0'?><Error/>")", for_ever)},
    {.name = "json",
     .expected = no_mp4("ftyp"),
     .rules = on_result(R"("body":"{\"error\":{\"message\":\"no\"}}")", for_ever)},
    {.name = "a_few_bytes",
     .expected = no_mp4("3 bytes"),
     .rules = on_result(R"("body":"abc")", for_ever)},
    {.name = "a_portal_that_goes_away",
     .expected = after_retries(3),
     .rules = on_result(R"("body":"<html>Please log in</html>")", 3)},
    {.name = "status_204",
     .expected = lost(stream_wrong_type, {"not an MP4"}, 204, 4),
     .rules = on_result(R"("status":204,"body":"")", for_ever)},
    {.name = "longer_than_it_says",
     .expected = lost(stream_wrong_type, {"incomplete"}, 200, 4, "1000 bytes are missing"),
     .rules = on_result(R"("wrong_length":-1000)", for_ever)},
    {.name = "shorter_than_it_says",
     .expected = lost(stream_wrong_type, {"shorter"}, 0, 11),
     .rules = on_result(R"("wrong_length":1000)", for_ever)},
};
INSTANTIATE_TEST_SUITE_P(Content, Download, testing::ValuesIn(content_cases),
                         [](const auto& shown) { return shown.param.name; });

std::string links_to(const std::string& url) {
  return on_poll(R"("task_status":"Success","urls":[")" + url + R"("])", for_ever);
}

Expected bad_link(std::vector<std::string> words) {
  return lost(resource_read, std::move(words), 0);
}

const Case link_cases[] = {
    {.name = "a_link_of_another_scheme",
     .expected = bad_link({"not http"}),
     .rules = links_to("ftp://127.0.0.1/clip.mp4")},
    {.name = "a_link_to_a_file",
     .expected = bad_link({"not http"}),
     .rules = links_to("file:///etc/passwd")},
    {.name = "a_link_without_a_host",
     .expected = bad_link({"not http"}),
     .rules = links_to("/clip.mp4")},
    {.name = "a_link_that_is_not_fit_for_a_terminal",
     .expected = bad_link({"not http"}),
     .rules = links_to(R"(data:\u001b[2J\u202e\r\n)")},
    {.name = "a_link_to_a_port_that_is_none",
     .expected = bad_link({"not http"}),
     .rules = links_to("http://127.0.0.1:99999/clip.mp4")},
    {.name = "five_redirects",
     .expected = clip_arrives(),
     .rules = on_result(R"("redirect":"{self}")", 5)},
    {.name = "six_redirects",
     .expected = lost(resource_read, {"redirects too often"}, 302),
     .rules = on_result(R"("redirect":"{self}")", 6)},
    {.name = "a_redirect_to_another_scheme",
     .expected = bad_link({"not http"}),
     .rules = on_result(R"("redirect":"ftp://127.0.0.1/clip.mp4")")},
    {.name = "a_redirect_without_a_place",
     .expected = lost(resource_read, {"refused"}, 302),
     .rules = on_result(R"("status":302,"body":"")")},
    {.name = "a_redirect_to_an_unreadable_place",
     .expected = lost(resource_read, {"redirects", "cannot be parsed"}, 302),
     .rules = on_result(R"("redirect":"http://[broken")")},
    {.name = "a_dead_host",
     .expected = lost(resource_open_read, {"refused", "127.0.0.1:1"}, 0, 11),
     .rules = links_to("http://127.0.0.1:1/clip.mp4")},
};
INSTANTIATE_TEST_SUITE_P(Link, Download, testing::ValuesIn(link_cases),
                         [](const auto& shown) { return shown.param.name; });

}  // namespace
}  // namespace test_support
