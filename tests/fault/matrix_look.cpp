// SPDX-License-Identifier: LGPL-2.1-or-later
// What must hold after a case.
#include <algorithm>

#include "fault/matrix.h"

namespace test_support {

void Matrix::expect_end(const Ran& ran, const Expected& expected) const {
  EXPECT_EQ(ran.submits, expected.submits);
  if (expected.retries) {
    EXPECT_EQ(ran.retries, *expected.retries);
  }
  const std::size_t warnings = expected.warning.empty() ? 0 : 1;
  EXPECT_EQ(ran.warnings.size(), warnings) << (ran.warnings.empty() ? "" : ran.warnings[0].text);
  if (warnings == 1 && ran.warnings.size() == 1) {
    EXPECT_NE(ran.warnings[0].text.find(expected.warning), std::string::npos)
        << ran.warnings[0].text;
  }
  if (!expected.error)
    return expect_clip(ran);
  EXPECT_FALSE(ran.is_eos);
  EXPECT_TRUE(matrix_clip().starts_with(ran.clip)) << "other bytes than the clip's were streamed";
  ASSERT_TRUE(ran.error);
  expect_error(*ran.error, expected);
}

void Matrix::expect_clip(const Ran& ran) const {
  EXPECT_TRUE(ran.is_eos);
  EXPECT_FALSE(ran.error) << ran.error->text << " | " << ran.error->debug;
  EXPECT_TRUE(ran.clip == matrix_clip()) << ran.clip.size() << " bytes";
}

void Matrix::expect_error(const ErrorSeen& seen, const Expected& expected) const {
  SCOPED_TRACE(seen.text + " | " + seen.debug);
  RecordProperty("error", seen.text);
  EXPECT_STREQ(g_quark_to_string(seen.domain), g_quark_to_string(expected.error->domain()));
  EXPECT_EQ(seen.code, expected.error->code);
  for (const auto& word : expected.words)
    EXPECT_NE(seen.text.find(word), std::string::npos) << word;
  EXPECT_NE(seen.debug.find(expected.debug), std::string::npos) << expected.debug;
  // Fit for a terminal, whatever a service has written.
  for (const char letter : seen.text + seen.debug)
    EXPECT_TRUE(letter == '\n' || !g_ascii_iscntrl(letter)) << static_cast<int>(letter);
  EXPECT_TRUE(g_utf8_validate(seen.text.c_str(), -1, nullptr));
  EXPECT_EQ(seen.phase, expected.phase);
  EXPECT_EQ(seen.http_status, expected.http_status);
  EXPECT_EQ(seen.error_code, expected.error_code);
  EXPECT_EQ(!seen.request_id.empty(), expected.has_request_id) << seen.request_id;
  EXPECT_EQ(seen.attempts, expected.attempts);
  const bool has_task = expected.phase == "generate" || expected.phase == "download";
  EXPECT_EQ(!seen.task_id.empty(), has_task);
  const bool can_go_on = has_task && expected.left == Left::submitted;
  EXPECT_EQ(seen.resume, can_go_on ? "task-id=" + seen.task_id : "");
}

void Matrix::expect_files(const Expected& expected) const {
  const auto entries = entries_in(cache());
  if (expected.left == Left::nothing && expected.also_left.empty()) {
    EXPECT_TRUE(entries.empty());
    return;
  }
  ASSERT_EQ(entries.size(), 1u);
  auto names = names_in(entry_path());
  std::vector<std::string> wanted = {"lock", "record.json"};
  if (expected.left == Left::complete)
    wanted.emplace_back("clip.mp4");
  else if (expected.left == Left::submitted)
    std::erase(names, "clip.part");
  wanted.insert(wanted.end(), expected.also_left.begin(), expected.also_left.end());
  std::ranges::sort(wanted);
  EXPECT_EQ(names, wanted);
  const char* const states[] = {"", "submitting", "submitted", "complete"};
  const auto state = std::string("\"") + states[static_cast<int>(expected.left)] + "\"";
  EXPECT_NE(file_content(entry_path("record.json")).find(state), std::string::npos) << state;
}

void Matrix::expect_no_secret(const Ran& ran) {
  for (const auto& text : ran.said) {
    for (const auto* secret : {the_key, "Signature=", "Expires="})
      EXPECT_EQ(text.find(secret), std::string::npos) << text;
  }
}

// Each START has its one end, and nothing follows it.
void Matrix::expect_whole_progress(const Ran& ran) {
  std::map<std::string, int> open;
  for (const auto& seen : ran.progress) {
    if (seen.type == GST_PROGRESS_TYPE_START)
      EXPECT_EQ(++open[seen.code], 1) << seen.code;
    else if (seen.type == GST_PROGRESS_TYPE_CONTINUE)
      EXPECT_EQ(open[seen.code], 1) << seen.code;
    else
      EXPECT_EQ(--open[seen.code], 0) << seen.code;
  }
  for (const auto& [code, count] : open)
    EXPECT_EQ(count, 0) << code;
}

// The service is well again. Nothing is paid twice, nothing that was paid for is lost.
void Matrix::expect_next_run(const Expected& expected) {
  const auto before = raw_ ? raw_->count("submit") : 0;
  play("");
  const auto again = run();
  const auto submits = again.submits - before;
  if (expected.left == Left::submitting) {
    EXPECT_EQ(submits, 0u);
    ASSERT_TRUE(again.error);
    EXPECT_EQ(again.error->code, GST_RESOURCE_ERROR_WRITE);
    EXPECT_NE(again.error->text.find("may have been accepted and billed"), std::string::npos);
    return;
  }
  if (expected.submits == 0 && expected.error && expected.left == Left::nothing) {
    EXPECT_EQ(submits, 0u);
    ASSERT_TRUE(again.error);
    EXPECT_EQ(again.error->code, expected.error->code);
    return;
  }
  expect_clip(again);
  EXPECT_EQ(submits, expected.left == Left::nothing ? 1u : 0u);
}

}  // namespace test_support
