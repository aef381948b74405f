// SPDX-License-Identifier: LGPL-2.1-or-later
// Each model that is known makes a clip, as the emulator understands its page; unknown ones and
// those of the user's own list do, too.
#include <gst/gst.h>

#include <fstream>

#include "api/models.h"
#include "element_test.h"

namespace test_support {
namespace {

using modelverse::api::Models;
using modelverse::api::PictureUse;

class ModelsTest : public ElementTest {
 protected:
  ~ModelsTest() override { g_unsetenv("MODELVERSE_MODELS_FILE"); }

  std::string of_model(const std::string& model, const std::string& more = {}) const {
    const bool takes_picture = Models::built_in().find(model).picture == PictureUse::required;
    const auto text = "poll-interval=5 model=" + model + " prompt=\"the boat sails away\" " + more;
    return takes_picture ? source(text) : bare_source(text);
  }

  // The error of a pipeline that is refused when it starts.
  static ErrorSeen refusal(const std::string& description) {
    Pipeline pipeline(description + " ! fakesink");
    EXPECT_EQ(pipeline.set_state(GST_STATE_PLAYING), GST_STATE_CHANGE_FAILURE) << description;
    pipeline.drain();
    EXPECT_TRUE(pipeline.error()) << description;
    return pipeline.error().value_or(ErrorSeen{});
  }

  void use_models_file(const std::string& text) {
    const auto path = cache_dir() + "/models.json";
    std::ofstream(path) << text;
    g_setenv("MODELVERSE_MODELS_FILE", path.c_str(), TRUE);
  }
};

TEST_F(ModelsTest, each_make_a_clip) {
  start_emulator({"--generation-time", "0"});
  for (const auto& row : Models::built_in().rows()) {
    SCOPED_TRACE(row.model);
    const auto path = cache_dir() + "/clip.mp4";
    Pipeline pipeline(of_model(row.model) + " ! filesink location=" + path);
    EXPECT_TRUE(pipeline.run()) << (pipeline.error() ? pipeline.error()->text : "");
    pipeline.set_state(GST_STATE_NULL);
    EXPECT_EQ(file_content(path), file_content(clip_path()));
    ASSERT_FALSE(emulator().tasks().empty());
    EXPECT_EQ(emulator().tasks().back().model, row.model);
    EXPECT_EQ(emulator().tasks().back().prompt, "the boat sails away");
  }
  EXPECT_EQ(emulator().submits(), Models::built_in().rows().size());
}

TEST_F(ModelsTest, take_every_resolution_and_their_longest_duration) {
  start_emulator({"--generation-time", "0"});
  unsigned count = 0;
  for (const auto& row : Models::built_in().rows()) {
    for (const auto& resolution : row.resolutions) {
      const auto duration = std::to_string(durations_at(row, resolution.name).back());
      Pipeline pipeline(of_model(row.model, "resolution=" + resolution.name + " duration=" +
                                                duration + " take=" + std::to_string(++count)) +
                        " ! fakesink");
      EXPECT_TRUE(pipeline.run()) << row.model << resolution.name << duration;
    }
  }
  EXPECT_EQ(emulator().submits(), count);
}

TEST_F(ModelsTest, refuse_what_they_do_not_have_before_any_network) {
  start_emulator();
  const auto resolution = refusal(of_model("viduq2-pro-fast", "resolution=360p"));
  EXPECT_EQ(resolution.code, GST_RESOURCE_ERROR_SETTINGS);
  EXPECT_NE(resolution.text.find("720p, 1080p"), std::string::npos) << resolution.text;
  const auto duration = refusal(of_model("kling-v2-6", "duration=15"));
  EXPECT_NE(duration.text.find("5, 10"), std::string::npos) << duration.text;
  const auto both = refusal(of_model("MiniMax-Hailuo-02", "resolution=1080P duration=10"));
  EXPECT_NE(both.text.find("768P"), std::string::npos) << both.text;
  EXPECT_TRUE(emulator().requests().empty());
}

TEST_F(ModelsTest, of_text_refuse_a_picture_and_need_a_prompt) {
  start_emulator();
  const auto picture = refusal(source("model=openai/sora-2/text-to-video prompt=x"));
  EXPECT_NE(picture.text.find("image-path"), std::string::npos) << picture.text;
  const auto prompt = refusal(bare_source("model=openai/sora-2/text-to-video"));
  EXPECT_NE(prompt.text.find("prompt"), std::string::npos) << prompt.text;
  const auto none = refusal(bare_source("model=kling-v2-6 prompt=x"));
  EXPECT_NE(none.text.find("image-path"), std::string::npos) << none.text;
  EXPECT_TRUE(emulator().requests().empty());
}

TEST_F(ModelsTest, of_text_are_found_again_by_their_uri) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline(of_model("openai/sora-2/text-to-video") + " ! fakesink");
  ASSERT_TRUE(pipeline.run());
  gchar* uri = gst_uri_handler_get_uri(GST_URI_HANDLER(pipeline.source()));
  ASSERT_NE(uri, nullptr);
  g_setenv("MODELVERSE_CACHE_DIR", cache_dir().c_str(), TRUE);
  Pipeline again(std::string("urisourcebin uri=\"") + uri + "\" ! fakesink");
  EXPECT_TRUE(again.run()) << uri;
  g_unsetenv("MODELVERSE_CACHE_DIR");
  g_free(uri);
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(ModelsTest, take_no_link_where_they_take_bytes_only) {
  start_emulator();
  Pipeline pipeline(bare_source("model=veo-3.1-generate-001 prompt=x "
                                "image-uri=https://pictures.example/a.jpg") +
                    " ! fakesink");
  EXPECT_FALSE(pipeline.run());
  ASSERT_TRUE(pipeline.error());
  EXPECT_NE(pipeline.error()->text.find("image-path"), std::string::npos);
  EXPECT_TRUE(emulator().requests().empty());
}

TEST_F(ModelsTest, warn_where_their_page_knows_links_only) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline(of_model("Wan-AI/Wan2.5-I2V") + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  ASSERT_EQ(pipeline.warnings().size(), 1u);
  EXPECT_NE(pipeline.warnings()[0].text.find("image-uri"), std::string::npos);
}

TEST_F(ModelsTest, that_are_unknown_are_sent_like_the_default_one_with_a_warning) {
  start_emulator({"--generation-time", "0.1", "--any-model"});
  Pipeline pipeline(source("model=acme/next prompt=x resolution=9K duration=77") + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  ASSERT_EQ(pipeline.warnings().size(), 1u);
  EXPECT_NE(pipeline.warnings()[0].text.find("acme/next"), std::string::npos);
  const auto body = submitted_text(emulator());
  EXPECT_NE(body.find(R"("input":{"first_frame_url":{"sha256")"), std::string::npos) << body;
  EXPECT_NE(body.find(R"("parameters":{"resolution":"9K","duration":77})"), std::string::npos)
      << body;
}

// kling-video-o1 has no row: its picture stands in a list.
TEST_F(ModelsTest, that_are_unknown_can_be_built_by_hand_out_of_extras) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline(bare_source("model=kling-video-o1 prompt=\"it rains\" duration=5") +
                    " ! fakesink");
  auto* extras = gst_structure_from_string(
      "extras, mode=(string)pro, image_list=(structure)<[image, "
      "image_url=(string)\"https://pictures.example/a.jpg\", type=(string)first_frame;],"
      " [image, image_url=(string)\"https://pictures.example/b.jpg\", type=(string)end_frame;]>",
      nullptr);
  ASSERT_NE(extras, nullptr);
  g_object_set(pipeline.source(), "extra-parameters", extras, nullptr);
  gst_structure_free(extras);
  EXPECT_TRUE(pipeline.run()) << (pipeline.error() ? pipeline.error()->text : "");
  EXPECT_EQ(pipeline.warnings().size(), 1u);
  const auto body = submitted_text(emulator());
  EXPECT_NE(body.find(R"("image_list":[{"image_url":"https://pictures.example/a.jpg",)"
                      R"("type":"first_frame"},{"image_url":)"),
            std::string::npos)
      << body;
}

// The same on gst-launch's command line, with every type that JSON has.
TEST_F(ModelsTest, that_are_unknown_get_typed_extras_from_the_command_line) {
  start_emulator({"--generation-time", "0.1", "--any-model"});
  Pipeline pipeline(
      bare_source("model=acme/next prompt=x extra-input=\"i, seed=(gint64)4294967295, "
                  "strength=(double)0.5, loop=(boolean)true, ids=(int)<1, 2>, "
                  "camera=(structure)[c, pan=(int)-3, path=(string)<up, down>;]\"") +
      " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  const auto body = submitted_text(emulator());
  EXPECT_NE(body.find(R"("seed":4294967295,"strength":0.5,"loop":true,"ids":[1,2],)"
                      R"("camera":{"pan":-3,"path":["up","down"]})"),
            std::string::npos)
      << body;
}

// GStreamer reads an aspect ratio without its type as a set of flags.
TEST_F(ModelsTest, are_paid_for_with_all_extras_or_not_at_all) {
  start_emulator({"--generation-time", "0.1"});
  const std::string veo = "veo-3.1-generate-001";
  const auto refused = refusal(of_model(veo, "extra-parameters=\"p, aspect_ratio=9:16\""));
  EXPECT_NE(refused.text.find("aspect_ratio=(string)"), std::string::npos) << refused.text;
  EXPECT_TRUE(emulator().requests().empty());
  Pipeline pipeline(of_model(veo, "extra-parameters=\"p, aspect_ratio=(string)9:16\"") +
                    " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  EXPECT_NE(submitted_text(emulator()).find(R"("aspect_ratio":"9:16")"), std::string::npos);
}

TEST_F(ModelsTest, come_from_the_users_own_list_as_well) {
  start_emulator({"--generation-time", "0.1"});
  use_models_file(R"({"models":[{"model":"kling-video-o1","like":"kling-v2-6","picture":"optional",
    "body":{"input":{"prompt":"{prompt}"},"parameters":{"mode":"{resolution}",
      "image_list":[{"image_url":"{picture}","type":"first_frame"}]}}}]})");
  Pipeline pipeline(source("model=kling-video-o1 prompt=x") + " ! fakesink");
  EXPECT_TRUE(pipeline.run()) << (pipeline.error() ? pipeline.error()->text : "");
  EXPECT_TRUE(pipeline.warnings().empty());
  const auto body = submitted_text(emulator());
  EXPECT_NE(body.find(R"("parameters":{"mode":"pro","image_list":[{"image_url":{"sha256")"),
            std::string::npos)
      << body;
}

TEST_F(ModelsTest, of_a_list_that_is_broken_are_refused_with_file_and_place) {
  start_emulator();
  use_models_file("{\"models\":[\n{\"model\" \"x\"}]}");
  EXPECT_NE(refusal(source()).text.find("/models.json:2: "), std::string::npos);
  use_models_file(R"({"models":[{"model":"x","like":"kling-v2-6","durations":["long"]}]})");
  const auto text = refusal(source()).text;
  EXPECT_NE(text.find("/models.json: models[0] (x).durations[0] "), std::string::npos) << text;
  EXPECT_TRUE(emulator().requests().empty());
}

}  // namespace
}  // namespace test_support
