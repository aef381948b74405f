// SPDX-License-Identifier: LGPL-2.1-or-later
// What the emulator checks of a request, each kind of rule once: its table of models has the rest.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "emulator/service_client.h"
#include "support/plain_png.h"

namespace test_support {
namespace {

// In the bodies below @URL, @URI and @B64 stand for a picture in that form.
std::string with_pictures(std::string body) {
  const std::vector<std::pair<std::string, std::string>> forms = {
      {"@URL", "https://pictures.example/a.jpg"},
      {"@URI", data_uri(small_png())},
      {"@B64", base64(small_png())}};
  for (const auto& [mark, picture] : forms) {
    for (auto at = body.find(mark); at != std::string::npos; at = body.find(mark, at))
      body.replace(at, mark.size(), picture);
  }
  return body;
}

std::string body_of(const std::string& model, const std::string& rest) {
  return with_pictures("{\"model\":\"" + model + "\"," + rest + "}");
}

// With fields that the element has no property for; its own requests:
// tests/element/models_test.cpp.
struct Good {
  const char* model;
  const char* rest;
};

const Good good_bodies[] = {
    {"Wan-AI/Wan2.6-I2V",
     R"("input":{"img_url":"@URL","prompt":"p"},"parameters":{"resolution":"1080P","duration":15,"prompt_extend":true,"shot_type":"single","seed":4294967295})"},
    {"viduq2",
     R"("input":{"prompt":"p","subjects":[{"id":"s","images":["@URI"],"voice_id":""}]},"parameters":{"vidu_type":"reference2video"})"},
    {"doubao-seedance-2-0-260128",
     R"("input":{"content":[{"type":"text","text":"p"},{"type":"image_url","image_url":{"url":"@URL"},"role":"reference_image"},{"type":"image_url","image_url":{"url":"@URI"},"role":"reference_image"},{"type":"audio_url","audio_url":{"url":"https://a.example/a.mp3"},"role":"reference_audio"}]},"parameters":{"resolution":"4K","duration":15,"ratio":"21:9"})"},
    {"doubao-seedance-1-5-pro-251215",
     R"("input":{"content":[{"type":"text","text":"p"},{"type":"image_url","image_url":{"url":"@URL"},"role":"first_frame"},{"type":"image_url","image_url":{"url":"@URI"},"role":"last_frame"}]},"parameters":{"generate_audio":true,"duration":5,"execution_expires_after":3600,"resolution":"720p","camera_fixed":false,"watermark":false,"draft":false})"},
    {"doubao-seedance-1-5-pro-251215",
     R"("input":{"content":[{"type":"draft_task","draft_task":{"id":"t"}}]},"parameters":{"resolution":"1080p"})"},
};

struct Bad {
  const char* model;
  const char* rest;
  const char* named;  // in the message
};

const Bad bad_bodies[] = {
    {"openai/sora-2/text-to-video", R"("input":{},"parameters":{"duration":4})", "input.prompt"},
    {"Wan-AI/Wan2.2-T2V", R"("input":{"prompt":"p"},"parameters":{"seed":-1})", "parameters.seed"},
    {"Wan-AI/Wan2.5-I2V", R"("input":{"first_frame_url":"@URL","prompt":"p"})",
     "parameters.resolution"},
    {"Wan-AI/Wan2.5-I2V",
     R"("input":{"first_frame_url":"@B64","prompt":"p"},"parameters":{"resolution":"720p"})",
     "input.first_frame_url"},
    {"Wan-AI/Wan2.5-I2V",
     R"("input":{"first_frame_url":"@URL","prompt":"p"},"parameters":{"resolution":"720P"})",
     "parameters.resolution"},
    {"Wan-AI/Wan2.6-I2V", R"("input":{"first_frame_url":"@URL","prompt":"p"})",
     "input.first_frame_url"},
    {"viduq3-pro",
     R"("input":{"first_frame_url":"@URL"},"parameters":{"vidu_type":"img2video","duration":17})",
     "parameters.duration"},
    {"MiniMax-Hailuo-2.3",
     R"("input":{"prompt":"p"},"parameters":{"duration":10,"resolution":"1080P"})",
     "parameters.duration"},
    {"MiniMax-Hailuo-02", R"("input":{"prompt":"p"},"parameters":{"prompt_optimizer":"true"})",
     "parameters.prompt_optimizer"},
    {"kling-video-o1", R"("input":{"prompt":"p"},"parameters":{"image_list":"@URL"})",
     "parameters.image_list"},
    {"kling-video-o1",
     R"("input":{"prompt":"p"},"parameters":{"image_list":[{"type":"first_frame"}]})",
     "parameters.image_list[].image_url"},
    {"kling-v3-omni",
     R"("input":{"prompt":"p"},"parameters":{"aspect_ratio":"1:1","image_list":[{"image_url":"@B64","type":"end_frame"}]})",
     "first_frame"},
    {"wan2.6-r2v",
     R"("input":{"prompt":"p","reference_urls":["@URL","@URL","@URL","@URL","@URL","@URL"]},"parameters":{"size":"1280x720"})",
     "input.reference_urls"},
    {"veo-3.1-generate-001",
     R"("input":{"prompt":"p","image":{"bytesBase64Encoded":"@B64","mimeType":"image/jpeg"}},"parameters":{"generate_audio":true})",
     "input.image.mimeType"},
    {"doubao-seedance-1-5-pro-251215",
     R"("input":{"content":[{"type":"text","text":"p"},{"type":"draft_task","draft_task":{"id":"t"}}]})",
     "draft_task"},
};

// One emulator for all.
class Models : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    emulator_ = std::make_unique<EmulatorProcess>(
        std::vector<std::string>{"--generation-time", "0", "--clip", test_file("small.png")});
  }
  static void TearDownTestSuite() { emulator_.reset(); }

  // How the task ends whose picture has this size, as a PNG of one colour.
  static std::string end_with_picture(const std::string& model, int width, int height);

  static std::unique_ptr<EmulatorProcess> emulator_;
};
std::unique_ptr<EmulatorProcess> Models::emulator_;

TEST_F(Models, take_the_request_of_their_page) {
  for (const auto& [model, rest] : good_bodies) {
    SCOPED_TRACE(std::string(model) + rest);
    const RawReply reply = submit(*emulator_, body_of(model, rest));
    EXPECT_EQ(reply.status, 200u) << reply.body;
  }
}

TEST_F(Models, refuse_what_their_page_rules_out) {
  for (const auto& [model, rest, named] : bad_bodies) {
    SCOPED_TRACE(std::string(model) + rest);
    const RawReply reply = submit(*emulator_, body_of(model, rest));
    EXPECT_EQ(reply.status, 400u);
    EXPECT_EQ(reply.at("error.code"), "param_error");
    EXPECT_NE(reply.at("error.message").find(named), std::string::npos) << reply.body;
  }
}

TEST_F(Models, bound_the_prompt_in_letters) {
  const auto rest = [](int letters) {
    std::string prompt;
    for (int i = 0; i < letters; ++i)
      prompt += "猫";
    return R"("input":{"prompt":")" + prompt + R"("},"parameters":{"vidu_type":"text2video"})";
  };
  EXPECT_EQ(submit(*emulator_, body_of("viduq2", rest(2000))).status, 200);
  EXPECT_EQ(submit(*emulator_, body_of("viduq2", rest(2001))).status, 400);
}

TEST_F(Models, bound_the_pictures_bytes_and_know_its_type) {
  const auto rest = [](const std::string& picture) {
    return R"("input":{"prompt":"p"},"parameters":{"image":")" + base64(picture) + R"("})";
  };
  std::string picture = small_png();
  picture.resize(10'485'760, '\0');
  EXPECT_EQ(submit(*emulator_, body_of("kling-v2-6", rest(picture))).status, 200);
  picture += '\0';
  const RawReply reply = submit(*emulator_, body_of("kling-v2-6", rest(picture)));
  EXPECT_NE(reply.at("error.message").find("larger"), std::string::npos) << reply.body;
  const RawReply webp =
      submit(*emulator_, body_of("kling-v2-6", rest(std::string("RIFF\0\0\0\0WEBPVP8 ", 16))));
  EXPECT_NE(webp.at("error.message").find("type"), std::string::npos) << webp.body;
}

TEST_F(Models, want_a_data_uris_type_in_lower_case_where_the_page_says_so) {
  const auto rest = [](const std::string& uri) {
    return R"("input":{"content":[{"type":"image_url","image_url":{"url":")" + uri + R"("}}]})";
  };
  const std::string model = "doubao-seedance-1-5-pro-251215";
  EXPECT_EQ(submit(*emulator_, body_of(model, rest(data_uri(small_png())))).status, 200);
  EXPECT_EQ(submit(*emulator_, body_of(model, rest(data_uri(small_png(), "image/PNG")))).status,
            400);
}

std::string Models::end_with_picture(const std::string& model, int width, int height) {
  const std::string rest = R"("input":{"prompt":"p"},"parameters":{"image":")" +
                           base64(plain_png(width, height)) + R"("})";
  const RawReply reply = submit(*emulator_, body_of(model, rest));
  EXPECT_EQ(reply.status, 200u) << reply.body;
  return finish(*emulator_, reply.at("output.task_id")).at("output.error_message");
}

TEST_F(Models, show_no_picture_among_the_parameters_of_their_tasks) {
  const std::string picture = plain_png(300, 300);
  const std::string rest =
      R"("input":{"prompt":"p"},"parameters":{"image":")" + base64(picture) + R"("})";
  ASSERT_EQ(submit(*emulator_, body_of("kling-v2-6", rest)).status, 200);
  const EmulatorTask task = emulator_->tasks().back();
  JsonObject* shown = json_object_get_object_member(task.parameters.get(), "image");
  ASSERT_NE(shown, nullptr);
  EXPECT_EQ(json_object_get_int_member(shown, "length"), static_cast<gint64>(picture.size()));
}

TEST_F(Models, fail_a_picture_beyond_the_limits_of_its_sides) {
  EXPECT_EQ(end_with_picture("kling-v2-6", 300, 300), "");
  EXPECT_EQ(end_with_picture("kling-v2-6", 750, 300), "");
  EXPECT_NE(end_with_picture("kling-v2-6", 299, 600).find("shorter side"), std::string::npos);
  EXPECT_NE(end_with_picture("kling-v2-6", 752, 300).find("aspect"), std::string::npos);
}

}  // namespace
}  // namespace test_support
