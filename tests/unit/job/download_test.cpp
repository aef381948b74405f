// SPDX-License-Identifier: LGPL-2.1-or-later
// From a link to a whole clip, through whatever the line does.
#include "job/download.h"

#include <filesystem>
#include <fstream>

#include "bench.h"
#include "support/disk_faults.h"

namespace modelverse::job::test {
namespace {

using http::FaultKind;

struct Download : Bench {
  // `have` bytes of `clip` were left by an earlier run.
  void begin_with(std::size_t have) {
    auto record = submitted();
    if (have > 0) {
      record.etag = "\"e1\"";
      record.size = clip.size();
    }
    job_now = &job(record);
    std::ofstream(entry_path("clip.part"), std::ios::binary) << clip.substr(0, have);
  }
  std::uintmax_t partial_size() const {
    return std::filesystem::file_size(entry_path("clip.part"));
  }
  Result<std::shared_ptr<store::Clip>> get() { return download(*job_now); }
  void expect_whole() {
    const auto end = get();
    ASSERT_TRUE(end.ok()) << end.error().text;
    const auto all = (*end)->read_exactly(0, (*end)->available());
    ASSERT_TRUE(all.ok());
    EXPECT_TRUE(std::string(reinterpret_cast<const char*>(all->data), all->size) == clip);
    EXPECT_EQ(script->left(), 0u);
  }
  std::string clip = mp4(300'000);
  Job* job_now = nullptr;
};

TEST_F(Download, takes_the_whole_without_a_credential) {
  begin_with(0);
  script->add(whole(clip));
  expect_whole();
  EXPECT_EQ(header_of(script->request(0), "Range"), "");
  EXPECT_EQ(header_of(script->request(0), "Authorization"), "");
}

TEST_F(Download, goes_on_at_the_byte_with_range_and_if_range) {
  begin_with(100'000);
  script->add(part(clip, 100'000));
  expect_whole();
  EXPECT_EQ(header_of(script->request(0), "Range"), "bytes=100000-");
  EXPECT_EQ(header_of(script->request(0), "If-Range"), "\"e1\"");
}

TEST_F(Download, goes_on_after_the_line_broke) {
  begin_with(0);
  script->add(cut(whole(clip), 70'000));
  script->add(lost(FaultKind::timed_out));
  script->add(answer(503, "", {{"Retry-After", "3"}}));
  script->add(cut(part(clip, 70'000), 1, FaultKind::reset));
  script->add(part(clip, 70'001));
  expect_whole();
  EXPECT_EQ(header_of(script->request(4), "Range"), "bytes=70001-");
}

TEST_F(Download, compares_what_it_has_where_the_server_ignores_range) {
  begin_with(100'000);
  script->add(whole(clip));
  expect_whole();
}

TEST_F(Download, takes_a_206_without_content_range_for_the_whole) {
  begin_with(100'000);
  script->add(answer(206, clip, {{"Content-Length", std::to_string(clip.size())}}));
  expect_whole();
}

TEST_F(Download, asks_for_the_whole_after_a_206_of_unknown_range) {
  begin_with(100'000);
  job_state.lock()->served = 80'000;
  script->add(answer(206, clip.substr(100'000), {{"Content-Length", "200000"}}));
  script->add(whole(clip));
  expect_whole();
  EXPECT_EQ(header_of(script->request(1), "Range"), "");
}

TEST_F(Download, takes_a_part_that_starts_earlier) {
  begin_with(100'000);
  script->add(part(clip, 50'000));
  expect_whole();
}

TEST_F(Download, asks_for_the_whole_after_a_part_that_starts_too_late) {
  begin_with(100'000);
  script->add(part(clip, 150'000));
  script->add(whole(clip));
  expect_whole();
  EXPECT_EQ(header_of(script->request(1), "Range"), "");
}

TEST_F(Download, starts_again_after_a_changed_etag_when_nobody_has_read) {
  begin_with(100'000);
  clip[60'000] ^= 1;
  script->add(part(clip, 100'000, "\"e2\""));
  script->add(whole(clip, "\"e2\""));
  expect_whole();
}

// A run that ends in between must not go on with bytes of one version and the ETag of another.
TEST_F(Download, keeps_the_etag_of_what_is_here_until_all_of_it_was_compared) {
  begin_with(100'000);
  settings().retries = 0;
  clip[60'000] ^= 1;
  script->add(cut(whole(clip, "\"e2\""), 30'000));
  EXPECT_FALSE(get().ok());
  EXPECT_EQ(on_disk()->etag, "\"e1\"");
  EXPECT_EQ(partial_size(), 100'000u);
  script->add(cut(whole(clip, "\"e2\""), 70'000));
  EXPECT_FALSE(get().ok());
  EXPECT_EQ(on_disk()->etag, "\"e2\"") << "only bytes of the new version are here now";
  script->add(part(clip, partial_size(), "\"e2\""));
  expect_whole();
}

TEST_F(Download, fails_when_bytes_that_were_read_have_changed) {
  begin_with(100'000);
  job_state.lock()->served = 80'000;
  clip[60'000] ^= 1;
  script->add(part(clip, 100'000, "\"e2\""));
  script->add(whole(clip, "\"e2\""));
  const auto end = get();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, ErrorCode::read);
  EXPECT_NE(end.error().text.find("changed"), std::string::npos);
}

// The total size is another: the part is of another file.
TEST_F(Download, asks_for_the_whole_after_a_part_of_another_size) {
  begin_with(100'000);
  script->add(part(clip + "x", 100'000));
  script->add(whole(clip));
  expect_whole();
}

TEST_F(Download, repeats_what_passes_and_nothing_else) {
  for (const unsigned status : {408u, 425u, 429u, 500u}) {
    begin_with(0);
    script->add(answer(status));
    script->add(whole(clip));
    expect_whole();
  }
  for (const auto& scene : {answer(302), redirect(302, "http://[broken"), answer(405)}) {
    begin_with(0);
    script->add(scene);
    const auto end = get();
    ASSERT_FALSE(end.ok());
    EXPECT_EQ(end.error().code, ErrorCode::read);
    EXPECT_EQ(script->left(), 0u);
  }
}

TEST_F(Download, asks_for_the_whole_after_416) {
  begin_with(100'000);
  script->add(answer(416));
  script->add(whole(clip));
  expect_whole();
}

TEST_F(Download, needs_no_request_where_all_is_here) {
  begin_with(clip.size());
  expect_whole();
  EXPECT_EQ(script->count(), 0u);
}

TEST_F(Download, works_without_a_content_length) {
  begin_with(0);
  script->add(answer(200, clip));
  expect_whole();
}

TEST_F(Download, renews_an_expired_link_once) {
  for (const unsigned status : {400u, 401u, 403u, 404u, 410u}) {
    SCOPED_TRACE(status);
    begin_with(0);
    script->add(answer(status));
    script->add(success({link + "&fresh"}));
    script->add(whole(clip));
    expect_whole();
  }
}

TEST_F(Download, renews_a_link_again_after_progress) {
  begin_with(0);
  script->add(answer(403));
  script->add(success({link}));
  script->add(cut(whole(clip), 70'000));
  script->add(answer(403));
  script->add(success({link}));
  script->add(part(clip, 70'000));
  expect_whole();
}

TEST_F(Download, says_that_the_link_has_expired_when_a_fresh_one_is_refused) {
  begin_with(0);
  script->add(answer(403));
  script->add(success({link}));
  script->add(answer(403));
  const auto end = get();
  ASSERT_FALSE(end.ok());
  EXPECT_NE(end.error().text.find("has expired"), std::string::npos);
  EXPECT_EQ(end.error().details.resume, "task-id=task-1");
  EXPECT_EQ(on_disk()->state, RecordState::submitted);
}

TEST_F(Download, follows_five_redirects_and_no_more) {
  begin_with(0);
  script->add(redirect(302, "/again"), 5);
  script->add(whole(clip));
  expect_whole();
  EXPECT_EQ(header_of(script->request(5), "Authorization"), "");
  begin_with(0);
  script->add(redirect(302, "/again"), 6);
  EXPECT_FALSE(get().ok());
}

TEST_F(Download, never_leaves_tls) {
  begin_with(0);
  settings().allow_http = true;
  script->add(redirect(302, "http://results.example/clip.mp4"));
  const auto end = get();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(script->count(), 1u);
  EXPECT_EQ(end.error().text.find("s3cret"), std::string::npos);
}

TEST_F(Download, asks_three_times_more_for_what_is_no_mp4) {
  for (const auto* body : {"<html>please log in</html>", R"({"error":"no"})", ""}) {
    SCOPED_TRACE(body);
    begin_with(0);
    const auto before = script->count();
    const std::string text = body;
    script->add(answer(200, text, {{"Content-Length", std::to_string(text.size())}}), 4);
    const auto end = get();
    ASSERT_FALSE(end.ok());
    EXPECT_EQ(end.error().code, ErrorCode::wrong_type);
    EXPECT_EQ(script->count() - before, 4u);
  }
}

TEST_F(Download, goes_on_without_a_name_when_the_disk_takes_no_more) {
  begin_with(100'000);
  test_support::DiskFaults faults(entry_path("clip.part"));
  auto refused = part(clip, 100'000);
  refused.meanwhile = [&] { faults.fail_at(0, ENOSPC, true); };
  script->add(refused);
  script->add(part(clip, 100'000));
  expect_whole();
  ASSERT_EQ(warnings().size(), 1u);
  EXPECT_NE(warnings()[0].text.find("not cached"), std::string::npos);
}

}  // namespace
}  // namespace modelverse::job::test
