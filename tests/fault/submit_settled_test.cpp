// SPDX-License-Identifier: LGPL-2.1-or-later
// A submit whose answer was lost, for a model that takes an id of ours: it is asked for, and paid
// for once.
#include "element/element_test.h"
#include "fault/case.h"

namespace test_support {
namespace {

class SubmitSettled : public ElementTest {
 protected:
  // A whole run to the clip.
  void run(const std::string& rule, const std::string& properties = {}) {
    start_emulator();
    emulator().play("{\"rules\":[" + rule + "]}");
    Pipeline pipeline(source("model=kling-v3 prompt=go " + properties) +
                      " ! filesink location=" + clip());
    EXPECT_TRUE(pipeline.run());
    EXPECT_FALSE(pipeline.error()) << pipeline.error()->text;
    EXPECT_TRUE(pipeline.warnings().empty());
    pipeline.set_state(GST_STATE_NULL);
    EXPECT_TRUE(file_content(clip()) == file_content(clip_path()));
  }

  std::string clip() const { return files_.path() + "/out.mp4"; }

  std::string sent_id(std::size_t submit) const {
    const auto body = emulator().requests("submit").at(submit).body;
    return json_object_get_string_member_with_default(
        json_object_get_object_member(body.get(), "parameters"), "external_task_id", "");
  }

 private:
  ScratchDirectory files_;
};

TEST_F(SubmitSettled, finds_the_task_of_a_submit_that_was_accepted) {
  run(on_submit(R"("answer_lost":true)"));
  EXPECT_EQ(emulator().submits(), 1u);
  EXPECT_EQ(emulator().tasks().size(), 1u);
  EXPECT_EQ(sent_id(0).size(), 36u) << "a UUID";
}

TEST_F(SubmitSettled, finds_it_late) {
  run(on_submit(R"("answer_lost":true)") + "," +
      on_poll(R"("status":404,"error_code":"task_not_found","error_message":"task not found")", 5));
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(SubmitSettled, submits_again_what_was_not_accepted) {
  run(on_submit(R"("reset":true)"), "submit-timeout=1");
  ASSERT_EQ(emulator().submits(), 2u);
  EXPECT_EQ(emulator().tasks().size(), 1u) << "one is paid for";
  EXPECT_NE(sent_id(0), sent_id(1));
  const auto submits = emulator().requests("submit");
  EXPECT_GE(submits[1].time - submits[0].time, 0.9);
}

}  // namespace
}  // namespace test_support
