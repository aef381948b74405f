// SPDX-License-Identifier: LGPL-2.1-or-later
// What holds in every phase.
#include "fault/matrix.h"

namespace test_support {
namespace {

class Always : public Matrix {};

TEST_P(Always, ends_as_the_matrix_says) {
  run_case();
}

// Ids that would lead astray where they are not escaped.
std::vector<Case> hostile_ids() {
  const std::pair<const char*, const char*> ids[] = {{"a_path", "../../../../etc/passwd"},
                                                     {"a_query", "a&task_id=b#c?d=e"},
                                                     {"a_new_line", R"(a\r\nX-Injected: b)"},
                                                     {"an_escape", "%2e%2e%00"},
                                                     {"a_quote", R"(a\"b\\c'd)"},
                                                     {"another_script", "t\xc3\xa4sk-\xe4\xbd\xa0"},
                                                     {"text_that_turns",
                                                      "a\xe2\x80\xae"
                                                      "b"},
                                                     {"a_terminal_code", R"(a\u001b[2Jb)"}};
  std::vector<Case> cases;
  for (const auto& [name, id] : ids)
    cases.push_back({.name = name,
                     .expected = clip_arrives(),
                     .rules = on_submit(std::string(R"("task_id":")") + id + '"')});
  return cases;
}
INSTANTIATE_TEST_SUITE_P(HostileId, Always, testing::ValuesIn(hostile_ids()),
                         [](const auto& shown) { return shown.param.name; });

}  // namespace
}  // namespace test_support
