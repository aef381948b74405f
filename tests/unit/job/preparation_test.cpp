// SPDX-License-Identifier: LGPL-2.1-or-later
// When a picture is changed, and who hears of it.
#include "job/preparation.h"

#include <glib.h>
#include <gst/gst.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "bench.h"
#include "support/files.h"
#include "support/plain_png.h"
#include "support/scripted_helper.h"

namespace modelverse::job::test {
namespace {

std::string fixture(const std::string& name) {
  const char* directory = g_getenv("MODELVERSE_TEST_PICTURES");
  return test_support::file_content(std::string(directory ? directory : ".") + "/" + name);
}

// 64x48: smaller than the model wants.
std::string small_picture() {
  return fixture("plain.png");
}

struct Preparation : Bench {
  Preparation() {
    settings().image_path = directory.path() + "/picture.png";
    settings().cache_dir = directory.path() + "/cache";
    write(small_picture());
    made(ImageFit::crop);
  }

  void write(const std::string& bytes) {
    std::ofstream(settings().image_path, std::ios::binary) << bytes;
  }

  Settings& settings() { return wanted; }

  void made(ImageFit fit) {
    wanted.image_fit = fit;
    auto fresh = make_plan(wanted, {});
    ASSERT_TRUE(fresh.ok()) << fresh.error().text;
    plan = std::move(fresh).value();
  }

  const PictureBytes& picture() { return std::get<PictureBytes>(plan.settings.picture); }

  Settings wanted = plan.settings;
};

TEST_F(Preparation, waits_until_nothing_but_a_submit_helps) {
  ASSERT_TRUE(plan.changes.at(0));
  EXPECT_EQ(picture().bytes, small_picture());
  EXPECT_EQ(picture().change, "fit 1 crop 1280x720");
  complete_with(mp4(20'000));
  run();
  EXPECT_FALSE(error());
  EXPECT_TRUE(warnings().empty());
  EXPECT_EQ(script->posts(), 0u);
}

TEST_F(Preparation, changes_as_many_pictures_at_once_as_there_are_cores) {
  const test_support::ScriptedHelper helper(
      "echo start >>$0.log; sleep 0.1; echo end >>$0.log; exit 1");
  const auto cores = std::max(std::thread::hardware_concurrency(), 1u);
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < cores + 2; ++i)
      threads.emplace_back([own = plan, environment = environment()]() mutable {
        JobState state;
        Job job(own, state, environment);
        EXPECT_FALSE(prepare(job).ok());
      });
  }
  std::istringstream log(helper.written("log"));
  unsigned inside = 0, most = 0;
  for (std::string line; log >> line;)
    most = std::max(most, line == "start" ? ++inside : --inside);
  EXPECT_EQ(most, cores);
}

TEST_F(Preparation, changes_the_picture_and_warns_once) {
  ASSERT_TRUE(prepare(job()).ok());
  const auto& sent = std::get<PictureBytes>(plan.settings.picture);
  EXPECT_EQ(sent.media_type, "image/png");
  EXPECT_NE(sent.bytes, small_picture());
  EXPECT_TRUE(sent.change.empty());
  ASSERT_EQ(warnings().size(), 1u);
  EXPECT_NE(warnings()[0].text.find("64x48"), std::string::npos);
  EXPECT_NE(warnings()[0].text.find("1280x720"), std::string::npos);
}

TEST_F(Preparation, leaves_the_picture_alone_with_none) {
  made(ImageFit::none);
  EXPECT_FALSE(plan.changes.at(0));
  ASSERT_TRUE(prepare(job()).ok());
  EXPECT_EQ(std::get<PictureBytes>(plan.settings.picture).bytes, small_picture());
  EXPECT_TRUE(warnings().empty());
}

// What is sent as it is costs no process.
TEST_F(Preparation, needs_no_helper_for_a_picture_that_is_not_changed) {
  const std::string helper = g_getenv("MODELVERSE_PICTURE_HELPER");
  g_setenv("MODELVERSE_PICTURE_HELPER", "/nowhere", TRUE);
  made(ImageFit::none);
  EXPECT_TRUE(prepare(job()).ok());
  g_setenv("MODELVERSE_PICTURE_HELPER", helper.c_str(), TRUE);
}

TEST_F(Preparation, ends_before_the_post_where_there_is_no_helper) {
  const std::string helper = g_getenv("MODELVERSE_PICTURE_HELPER");
  g_setenv("MODELVERSE_PICTURE_HELPER", "/nowhere", TRUE);
  run();
  g_setenv("MODELVERSE_PICTURE_HELPER", helper.c_str(), TRUE);
  ASSERT_TRUE(error());
  EXPECT_EQ(error()->code, ErrorCode::not_found);
  EXPECT_EQ(script->posts(), 0u);
  EXPECT_FALSE(on_disk());
}

// Its bytes are large and there once.
TEST_F(Preparation, frees_the_picture_before_the_body_with_it_is_sent) {
  made(ImageFit::none);
  auto scene = accepted();
  scene.meanwhile = [this] {
    EXPECT_TRUE(std::holds_alternative<std::monostate>(plan.settings.picture));
  };
  script->add(scene);
  EXPECT_TRUE(submit(job()).ok());
  EXPECT_EQ(script->posts(), 1u);
}

TEST_F(Preparation, gives_each_change_its_own_key_and_each_run_the_same) {
  const auto cropped = plan.key;
  made(ImageFit::pad);
  const auto padded = plan.key;
  made(ImageFit::none);
  const auto untouched = plan.key;
  made(ImageFit::crop);
  EXPECT_EQ(plan.key, cropped);
  EXPECT_NE(padded, cropped);
  EXPECT_NE(untouched, cropped);
  EXPECT_NE(untouched, padded);
}

TEST_F(Preparation, refuses_a_damaged_picture_before_anything_is_sent) {
  auto damaged = small_picture();
  damaged[45] = static_cast<char>(damaged[45] + 1);
  write(damaged);
  made(ImageFit::crop);
  run();
  ASSERT_TRUE(error());
  EXPECT_EQ(error()->code, ErrorCode::wrong_type);
  EXPECT_EQ(script->posts(), 0u);
  EXPECT_FALSE(on_disk());
}

// kling-v2-6 takes JPEG and PNG, of 300 pixels at least.
TEST_F(Preparation, makes_what_the_model_takes_of_what_it_does_not) {
  write(fixture("plain.tiff"));
  settings().model = "kling-v2-6";
  made(ImageFit::crop);
  const auto prepared = prepare(job());
  ASSERT_TRUE(prepared.ok()) << prepared.error().text;
  EXPECT_EQ(std::get<PictureBytes>(plan.settings.picture).media_type, "image/png");
  settings().image_fit = ImageFit::none;
  const auto refused = make_plan(wanted, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().text.find("image/tiff"), std::string::npos) << refused.error().text;
}

// 64x48 is too small for Kling, whose references need not have the size of the frames.
TEST_F(Preparation, changes_the_pictures_of_all_roles_and_names_them) {
  settings().model = "kling-v3-omni";
  settings().prompt = "go";
  settings().last_image_uri = "file://" + settings().image_path;
  made(ImageFit::crop);
  EXPECT_TRUE(plan.changes.at(0) && plan.changes.at(1));
  const auto prepared = prepare(job());
  ASSERT_TRUE(prepared.ok()) << prepared.error().text;
  EXPECT_NE(std::get<PictureBytes>(plan.settings.last_picture).bytes, small_picture());
  EXPECT_EQ(std::get<PictureBytes>(plan.settings.last_picture).bytes,
            std::get<PictureBytes>(plan.settings.picture).bytes);
  ASSERT_EQ(warnings().size(), 2u);
  EXPECT_TRUE(warnings()[1].text.starts_with("last-image: ")) << warnings()[1].text;
}

std::shared_ptr<GstSample> sample_of(const std::string& bytes, const char* caps_text) {
  GstBuffer* buffer = gst_buffer_new_memdup(bytes.data(), bytes.size());
  GstCaps* caps = gst_caps_from_string(caps_text);
  std::shared_ptr<GstSample> sample(gst_sample_new(buffer, caps, nullptr, nullptr),
                                    gst_sample_unref);
  gst_buffer_unref(buffer);
  gst_caps_unref(caps);
  return sample;
}

// Of the request's body.
std::size_t count_in(const std::string& body, const std::string& text) {
  std::size_t count = 0;
  for (auto at = body.find(text); at != std::string::npos; at = body.find(text, at + 1))
    ++count;
  return count;
}

// 64x48, as the first frame, and brought to the same size.
TEST_F(Preparation, takes_a_last_frame_from_memory_as_from_a_file) {
  settings().model = "kling-v3-omni";
  settings().prompt = "go";
  made(ImageFit::crop);
  std::vector<std::string> keys = {plan.key};
  const std::pair<std::string, const char*> last_frames[] = {
      {std::string(64 * 48 * 4, '\x7f'),
       "video/x-raw,format=RGBA,width=64,height=48,framerate=0/1"},
      {fixture("baseline.jpg"), "image/jpeg"}};
  for (const auto& [bytes, caps] : last_frames) {
    settings().last_image_sample = sample_of(bytes, caps);
    made(ImageFit::crop);
    EXPECT_EQ(std::ranges::count(keys, plan.key), 0) << caps;
    keys.push_back(plan.key);
    ASSERT_TRUE(plan.changes.at(1)) << caps;
    script->add(accepted());
    const auto end = submit(job());
    ASSERT_TRUE(end.ok()) << end.error().text;
    const auto body = script->request(script->count() - 1).body.str();
    EXPECT_EQ(count_in(body, "first_frame"), 1u) << caps;
    EXPECT_EQ(count_in(body, "end_frame"), 1u) << caps;
    EXPECT_EQ(warnings().size(), 2 * script->posts()) << "one for each picture";
    EXPECT_TRUE(warnings().back().text.starts_with("last-image: ")) << warnings().back().text;
    EXPECT_NE(warnings().back().text.find("64x48"), std::string::npos) << warnings().back().text;
  }
}

TEST_F(Preparation, reads_references_from_paths_and_uris_and_hands_links_on) {
  const auto path = settings().image_path;
  settings().model = "kling-v3-omni";
  settings().prompt = "go";
  settings().image_path.clear();
  settings().reference_images = {path, "https://a.example/r.png", "file://" + path};
  made(ImageFit::crop);
  const auto prepared = prepare(job());
  ASSERT_TRUE(prepared.ok()) << prepared.error().text;
  ASSERT_EQ(plan.settings.references.size(), 3u);
  EXPECT_EQ(std::get<PictureLink>(plan.settings.references[1]).uri, "https://a.example/r.png");
  EXPECT_EQ(std::get<PictureBytes>(plan.settings.references[2]).bytes,
            std::get<PictureBytes>(plan.settings.references[0]).bytes);
  ASSERT_EQ(warnings().size(), 2u);
  EXPECT_TRUE(warnings()[1].text.starts_with("reference-images[2]: ")) << warnings()[1].text;
}

TEST_F(Preparation, brings_a_last_frame_of_another_size_to_that_of_the_first) {
  settings().model = "viduq3-pro";
  settings().last_image_path = directory.path() + "/last.png";
  const auto change = [this](int width, int height) {
    std::ofstream(settings().last_image_path, std::ios::binary)
        << test_support::plain_png(width, height);
    made(ImageFit::crop);
    return std::get<PictureBytes>(plan.settings.last_picture).change;
  };
  EXPECT_EQ(change(80, 48), "") << "1.25 times as wide as the first, which is 64x48";
  EXPECT_EQ(change(96, 60), "fit 1 crop 64x48");
}

TEST_F(Preparation, names_the_picture_that_cannot_be_read) {
  settings().model = "kling-v3-omni";
  settings().prompt = "go";
  settings().last_image_path = directory.path() + "/none.png";
  const auto refused = make_plan(wanted, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::not_found);
  EXPECT_TRUE(refused.error().text.starts_with("last-image: ")) << refused.error().text;
}

TEST_F(Preparation, sends_the_aspect_ratio_of_a_standing_picture) {
  settings().model = "veo-3.1-generate-001";
  settings().prompt = "go";
  made(ImageFit::crop);
  EXPECT_EQ(plan.settings.aspect_ratio, "") << "a lying picture: the service's default";
  write(test_support::plain_png(720, 1280));
  made(ImageFit::crop);
  EXPECT_EQ(plan.settings.aspect_ratio, "9:16");
  settings().aspect_ratio = "16:9";
  made(ImageFit::crop);
  EXPECT_EQ(plan.settings.aspect_ratio, "16:9");
}

TEST_F(Preparation, lets_the_picture_choose_how_the_video_lies) {
  settings().model = "openai/sora-2/image-to-video";
  made(ImageFit::crop);
  EXPECT_EQ(plan.settings.resolution, "1280x720");
  EXPECT_EQ(picture().change, "fit 1 crop 1280x720");
}

TEST_F(Preparation, leaves_a_picture_alone_that_an_extra_stands_for) {
  settings().extra_input = {{"first_frame_url", {std::string("https://pictures.example/a.png")}}};
  made(ImageFit::crop);
  EXPECT_FALSE(plan.changes.at(0));
}

TEST_F(Preparation, refuses_a_request_that_is_too_large_when_it_is_changed) {
  const auto models = directory.path() + "/models.json";
  std::ofstream(models) << R"({"models":[{"model":"acme/x","like":"viduq3-pro","min-side":300,)"
                           R"("max-body-bytes":1000}]})";
  g_setenv("MODELVERSE_MODELS_FILE", models.c_str(), true);
  settings().model = "acme/x";
  made(ImageFit::crop);
  const auto prepared = prepare(job());
  g_unsetenv("MODELVERSE_MODELS_FILE");
  ASSERT_FALSE(prepared.ok());
  EXPECT_EQ(prepared.error().code, ErrorCode::settings);
  EXPECT_NE(prepared.error().text.find("acme/x"), std::string::npos) << prepared.error().text;
  EXPECT_TRUE(warnings().empty());
}

}  // namespace
}  // namespace modelverse::job::test
