// SPDX-License-Identifier: LGPL-2.1-or-later
// Each model that is known makes a clip, as the emulator understands its page; unknown ones and
// those of the user's own list do, too.
#include <gst/gst.h>

#include <algorithm>
#include <fstream>

#include "api/body_template.h"
#include "api/models.h"
#include "element_test.h"

namespace test_support {
namespace {

using namespace modelverse::api;

class ModelsTest : public ElementTest {
 protected:
  ~ModelsTest() override { g_unsetenv("MODELVERSE_MODELS_FILE"); }

  std::string of_model(const std::string& model, const std::string& more = {}) const {
    const auto& row = Models::built_in().find(model);
    auto text = "poll-interval=5 model=" + model + " prompt=\"the boat sails away\" " + more;
    if (row.picture == PictureUse::none && row.references == PictureUse::required)
      text += " reference-images=\"<\\\"" + picture() + "\\\">\"";
    return row.picture == PictureUse::none ? bare_source(text) : source(text);
  }

  void use_models_file(const std::string& text) {
    const auto path = cache_dir() + "/models.json";
    std::ofstream(path) << text;
    g_setenv("MODELVERSE_MODELS_FILE", path.c_str(), TRUE);
  }
};

// Every property that a mode of the row takes, with a value of its own.
std::string all_properties(const Profile& profile, const std::string& picture) {
  const auto has = [&profile](std::string_view placeholder) {
    return count_placeholders(profile.body, placeholder) > 0;
  };
  std::string text;
  if (profile.picture != PictureUse::none)
    text += " image-path=" + picture;
  if (profile.last_picture != PictureUse::none)
    text += " last-image-path=" + picture;
  if (profile.references != PictureUse::none)
    text += " reference-images=\"<\\\"" + picture + "\\\"" +
            (profile.max_references == 1 ? "" : ", \\\"" + picture + "\\\"") + ">\"";
  if (has(negative_prompt_placeholder))
    text += " negative-prompt=rain";
  if (has(seed_placeholder))
    text += " seed=" + std::to_string(std::min<std::int64_t>(profile.max_seed, 4294967295));
  if (has(aspect_ratio_placeholder) || has(size_placeholder))
    text += " aspect-ratio=" + aspect_ratios_at(profile, "").back();
  if (has(audio_placeholder))
    text += profile.audio.off ? " audio=off" : " audio=on";
  return text;
}

std::vector<const Profile*> ways_of(const Profile& row) {
  std::vector<const Profile*> ways;
  for (const auto& mode : row.modes)
    ways.push_back(mode.profile.get());
  return ways.empty() ? std::vector{&row} : ways;
}

// The emulator's models are written from the vendor's schemas by somebody who did not read the
// rows: it refuses what a schema refuses.
TEST_F(ModelsTest, make_a_clip_of_every_property_that_they_take) {
  start_emulator({"--generation-time", "0"});
  unsigned count = 0;
  for (const auto& row : Models::built_in().rows()) {
    for (const auto* profile : ways_of(row)) {
      const auto more = all_properties(*profile, picture());
      SCOPED_TRACE(row.model + more);
      Pipeline pipeline(bare_source("poll-interval=5 model=" + row.model + " prompt=waves" + more) +
                        " ! fakesink");
      EXPECT_TRUE(pipeline.run()) << (pipeline.error() ? pipeline.error()->text : "");
      ++count;
    }
  }
  EXPECT_EQ(emulator().submits(), count);
}

TEST_F(ModelsTest, take_their_defaults_every_resolution_and_its_longest_duration) {
  start_emulator({"--generation-time", "0"});
  unsigned count = 0;
  const auto expect_clip = [&](const std::string& model, const std::string& more) {
    SCOPED_TRACE(model + more);
    Pipeline pipeline(of_model(model, more + " take=" + std::to_string(++count)) + " ! fakesink");
    EXPECT_TRUE(pipeline.run()) << (pipeline.error() ? pipeline.error()->text : "");
  };
  for (const auto& row : Models::built_in().rows()) {
    expect_clip(row.model, "");
    for (const auto& resolution : row.resolutions)
      expect_clip(row.model, "resolution=" + resolution.name + " duration=" +
                                 std::to_string(durations_at(row, resolution.name).back()));
  }
  EXPECT_EQ(emulator().submits(), count);
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

}  // namespace
}  // namespace test_support
