// SPDX-License-Identifier: LGPL-2.1-or-later
// The recipes that animate pictures out of a pipeline, run as they are. What the emulator makes is
// made of the picture that it was sent, so that the frames tell which one that was.
#include <json-glib/json-glib.h>

#include "client_test.h"

namespace test_support {
namespace {

class Scenes : public ClientTest {
 protected:
  void SetUp() override {
    ElementTest::SetUp();
    maker_ =
        std::make_unique<EmulatorProcess>(std::vector<std::string>{"--generation-time", "0.1"});
  }
  std::map<std::string, std::string> environment() const override {
    auto variables = ClientTest::environment();
    variables["MODELVERSE_BASE_URL"] = maker_->base_url();
    return variables;
  }
  void recipe(const std::string& name, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), example("recipes/" + name));
    run(arguments);
  }
  std::size_t submits() const { return maker_->submits(); }
  // With the last submit.
  std::string prompt_sent() const {
    const auto submits = maker_->requests("submit");
    auto* body = submits.empty() ? nullptr : submits.back().body.get();
    auto* input = body ? json_object_get_object_member(body, "input") : nullptr;
    return input ? json_object_get_string_member_with_default(input, "prompt", "") : "";
  }

 private:
  std::unique_ptr<EmulatorProcess> maker_;
};

// The same frame, encoded by the emulator twice; the next ones of a clip are further off.
constexpr double same_frame = 4;
// A clip's beginning and its end.
constexpr double far_apart = 10;

TEST_F(Scenes, a_camera_is_animated_and_its_clip_gone_on_from) {
  const std::string prompt = "she says \"hi\" \\o/\nand laughs";
  recipe("webcam.sh", {prompt, file("booth.mp4"), "videotestsrc"});
  EXPECT_EQ(prompt_sent(), prompt);
  const auto booth = thumbnails_of(file("booth.mp4"));
  ASSERT_EQ(booth.size(), 120u);
  recipe("last-frame.sh", {"file://" + file("booth.mp4"), "it rains", file("more.mp4")});
  const auto more = thumbnails_of(file("more.mp4"));
  ASSERT_EQ(more.size(), 120u);
  EXPECT_LT(difference(booth.back(), more.front()), same_frame);
  EXPECT_GT(difference(booth.front(), more.front()), far_apart);
  EXPECT_EQ(submits(), 2u);
}

}  // namespace
}  // namespace test_support
