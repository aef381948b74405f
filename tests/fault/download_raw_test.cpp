// SPDX-License-Identifier: LGPL-2.1-or-later
// The download from a server that the emulator is too polite to be.
#include "fault/download_cases.h"
#include "fault/matrix.h"

namespace test_support {
namespace {

class DownloadRaw : public Matrix {};

TEST_P(DownloadRaw, ends_as_the_matrix_says) {
  run_case();
}

std::string part(std::size_t first, std::size_t last, const std::string& total) {
  const auto range = std::to_string(first) + "-" + std::to_string(last) + "/" + total;
  return answer(matrix_clip().substr(first, last - first + 1), "206 Partial Content",
                "ETag: \"raw\"\r\nContent-Range: bytes " + range + "\r\n");
}

std::string chunk(const std::string& bytes) {
  const modelverse::CharPtr size(g_strdup_printf("%zx\r\n", bytes.size()));
  return size.get() + bytes + "\r\n";
}

std::vector<Case> raw_range_cases() {
  const auto& clip = matrix_clip();
  const auto size = std::to_string(clip.size());
  const auto start = "HTTP/1.1 200 OK\r\nETag: \"raw\"\r\nContent-Length: " + size + "\r\n\r\n" +
                     clip.substr(0, 200'000);
  auto changed = clip;
  changed[150'000] = static_cast<char>(changed[150'000] ^ 1);
  return {
      {.name = "parts_that_nobody_asked_for",
       .expected = clip_arrives(),
       .raw = {raw_result(part(0, 99'999, size))}},
      {.name = "a_part_of_an_unknown_whole",
       .expected = after_retries(1),
       .raw = {raw_result(start), raw_result(part(200'000, clip.size() - 1, "*"))}},
      {.name = "a_part_of_another_whole",
       .expected = after_retries(2),
       .raw = {raw_result(start),
               raw_result(part(200'000, clip.size() - 1, std::to_string(clip.size() + 5)))}},
      {.name = "a_content_range_that_is_none",
       .expected = after_retries(1),
       .raw = {raw_result(start),
               raw_result(answer(clip, "206 Partial Content", "Content-Range: all\r\n"))}},
      {.name = "other_bytes_before_anybody_has_read",
       .expected = after_retries(1),
       .raw = {raw_result("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n" +
                          changed.substr(0, 200'000)),
               raw_result(answer(clip))}},
  };
}
INSTANTIATE_TEST_SUITE_P(Range, DownloadRaw, testing::ValuesIn(raw_range_cases()),
                         [](const auto& shown) { return shown.param.name; });

// A paid clip is not lost to what a store's own names look like.
std::vector<Case> raw_link_cases() {
  std::vector<Case> cases;
  const std::pair<const char*, const char*> links[] = {
      {"with_spaces_and_another_script", "{base}/a clip \xe4\xbd\xa0.mp4?b=\xe5\xa5\xbd c"},
      {"with_blanks_around_it", " {base}/clip.mp4\\n"},
      {"with_a_line_end_in_it", "{base}/clip\\r\\nX: y.mp4"},
      {"with_user_and_password", "http://user:word@{host}/clip.mp4"},
      {"with_a_fragment", "{base}/clip.mp4#t=1"},
      {"without_a_path", "{base}?clip"},
      {"with_a_scheme_in_capitals", "HTTP://{host}/clip.mp4"}};
  for (const auto& [name, link] : links)
    cases.push_back({.name = name,
                     .expected = clip_arrives(),
                     .raw = {{.route = "status", .bytes = {}, .times = 0, .link = link}}});
  cases.push_back({.name = "that_redirects_to_spaces_and_another_script",
                   .expected = clip_arrives(),
                   .raw = {raw_result("HTTP/1.1 302 Found\r\nLocation: /a b \xe4\xbd\xa0.mp4\r\n"
                                      "Content-Length: 0\r\n\r\n")}});
  return cases;
}
INSTANTIATE_TEST_SUITE_P(Link, DownloadRaw, testing::ValuesIn(raw_link_cases()),
                         [](const auto& shown) { return shown.param.name; });

std::vector<Case> raw_content_cases() {
  const auto& clip = matrix_clip();
  return {
      {.name = "an_endless_body",
       .expected = no_mp4("no ftyp box"),
       .raw = {raw_result("HTTP/1.1 200 OK\r\n\r\n", std::string(65536, 'x'), for_ever)},
       .is_run_again = false},
      {.name = "a_length_of_exbibytes",
       .expected = lost(stream_wrong_type, {"too large"}, 200, 4, "4294967296"),
       .raw = {raw_result("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n" +
                              clip.substr(0, 100'000),
                          {}, 4)}},
      {.name = "a_head_without_end",
       .expected = lost(resource_read, {"cannot be parsed"}, 0, 11),
       .raw = {raw_result("HTTP/1.1 200 OK\r\n", "A: b\r\n", for_ever)},
       .is_run_again = false},
      {.name = "chunked_and_too_short",
       .expected = lost(stream_wrong_type, {"incomplete"}, 200, 4, "missing at its end"),
       .raw = {raw_result("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
                              chunk(clip.substr(0, clip.size() / 2)) + chunk(""),
                          {}, 4)}},
      {.name = "gzip_that_nobody_asked_for",
       .expected = no_mp4("bytes without"),
       .raw = {raw_result(answer("\x1f\x8b\x08", "200 OK", "Content-Encoding: gzip\r\n"), {}, 4)}},
  };
}
INSTANTIATE_TEST_SUITE_P(Content, DownloadRaw, testing::ValuesIn(raw_content_cases()),
                         [](const auto& shown) { return shown.param.name; });

}  // namespace
}  // namespace test_support
