// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures, from the property to the clip that the emulator makes of them.
#include <gst/app/gstappsink.h>
#include <gst/base/gstbasesrc.h>

#include "element_test.h"
#include "support/frames.h"
#include "support/scripted_helper.h"

namespace test_support {
namespace {

class Picture : public ElementTest {
 protected:
  void SetUp() override {
    ElementTest::SetUp();
    start_generating_emulator();
  }

  // A picture of ImageMagick's making.
  std::string made(const std::string& name, const std::string& how) const {
    const auto path = cache_dir() + "/" + name;
    const auto command = "convert " + picture() + " " + how + " " + path;
    EXPECT_EQ(g_spawn_command_line_sync(command.c_str(), nullptr, nullptr, nullptr, nullptr), TRUE);
    return path;
  }

  std::string source_of(const std::string& path, const std::string& more = {}) const {
    return bare_source("image-path=" + path + " " + more);
  }

  std::string sent_digest() const {
    const auto body = submitted_text(emulator());
    const auto start = body.find("\"sha256\":\"") + 10;
    return body.substr(start, 64);
  }
};

// The first that this gst-launch fragment makes; full.
GstSample* sample_from(const std::string& maker) {
  Pipeline pipeline(maker + " ! appsink name=out");
  pipeline.set_state(GST_STATE_PLAYING);
  return gst_app_sink_try_pull_sample(GST_APP_SINK(pipeline.element("out")), 20 * GST_SECOND);
}

// Mean difference of a frame of the clip and the sent picture; another picture is much further off.
constexpr double same_picture = 10;

TEST_F(Picture, is_shown_by_every_frame_of_the_clip) {
  const auto decoded = decode(source("prompt=\"a test\""));
  EXPECT_TRUE(decoded.reached_eos);
  EXPECT_EQ(decoded.frames, 120);
  EXPECT_EQ(decoded.width, 1280);
  EXPECT_EQ(decoded.height, 720);
  EXPECT_GT(decoded.audio_buffers, 0);
  EXPECT_LT(difference(decoded.first, thumbnail_of_picture(picture())), same_picture);
  EXPECT_GT(difference(decoded.first, decoded.last), 2) << "nothing moves";
}

TEST_F(Picture, is_shown_for_the_duration_and_in_the_resolution_that_were_set) {
  const auto decoded = decode(source("duration=8 resolution=1080p"));
  EXPECT_TRUE(decoded.reached_eos);
  EXPECT_EQ(decoded.frames, 240);
  EXPECT_EQ(decoded.width, 1792);
  EXPECT_EQ(decoded.height, 1024);
}

TEST_F(Picture, of_another_size_is_cropped_and_announced_once_and_paid_for_once) {
  const auto path = made("tall.png", "-resize 400x700!");
  for (int run = 0; run < 2; ++run) {
    Pipeline pipeline(source_of(path) + " ! fakesink");
    ASSERT_TRUE(pipeline.run());
    const auto warnings = pipeline.warnings();
    ASSERT_EQ(warnings.size(), run == 0 ? 1u : 0u);
    if (run > 0)
      continue;
    EXPECT_NE(warnings[0].text.find("400x700"), std::string::npos) << warnings[0].text;
    EXPECT_NE(warnings[0].text.find("720x1280"), std::string::npos) << warnings[0].text;
  }
  EXPECT_EQ(emulator().submits(), 1u);
  const auto decoded = decode(source_of(path));
  EXPECT_EQ(decoded.width, 720);
  EXPECT_EQ(decoded.height, 1280);
}

TEST_F(Picture, of_the_right_size_and_type_is_sent_byte_for_byte_whatever_the_fit_is) {
  for (const char* fit : {"crop", "pad", "none"}) {
    Pipeline pipeline(source_of(picture(), std::string("image-fit=") + fit) + " ! fakesink");
    ASSERT_TRUE(pipeline.run());
    EXPECT_TRUE(pipeline.warnings().empty());
  }
  EXPECT_EQ(emulator().submits(), 1u);
  EXPECT_EQ(sent_digest(), digest_of(file_content(picture())));
}

TEST_F(Picture, whose_decoder_never_ends_is_given_up_on_stop) {
  const ScriptedHelper helper("echo $$ > $0.pid; exec sleep 1000");
  Pipeline pipeline(source_of(made("small.png", "-resize 300x200!")) + " ! fakesink");
  pipeline.set_state(GST_STATE_PLAYING);
  ASSERT_TRUE(wait_until([&] { return helper.written("pid").ends_with('\n'); }));
  pipeline.set_state(GST_STATE_NULL);
  const auto process = "/proc/" + std::to_string(std::stoi(helper.written("pid")));
  EXPECT_TRUE(wait_until([&] { return !g_file_test(process.c_str(), G_FILE_TEST_EXISTS); }));
  EXPECT_EQ(emulator().submits(), 0u);
}

// An encoded picture, then a frame, handed over in memory.
TEST_F(Picture, in_memory_is_animated_like_any_other) {
  const struct {
    std::string maker;
    int width;
    bool is_untouched;
  } cases[] = {
      {"filesrc location=" + picture() + " blocksize=1000000 ! image/jpeg", 1280, true},
      {"videotestsrc num-buffers=1 pattern=smpte ! video/x-raw,format=NV12,width=1280,height=720",
       1280, false},
      {"videotestsrc num-buffers=1 ! video/x-raw,width=300,height=400", 720, false},
  };
  for (const auto& one : cases) {
    auto* sample = sample_from(one.maker);
    ASSERT_NE(sample, nullptr) << one.maker;
    Pipeline pipeline(bare_source() + " ! fakesink");
    g_object_set(pipeline.source(), "image-sample", sample, nullptr);
    GstSample* kept = nullptr;
    g_object_get(pipeline.source(), "image-sample", &kept, nullptr);
    EXPECT_EQ(kept, sample);
    gst_sample_unref(kept);
    gst_sample_unref(sample);
    ASSERT_TRUE(pipeline.run()) << one.maker;
    EXPECT_EQ(pipeline.warnings().size(), one.width == 1280 ? 0u : 1u);
    EXPECT_EQ(sent_digest() == digest_of(file_content(picture())), one.is_untouched);
  }
  EXPECT_EQ(emulator().submits(), 3u);
}

// Neither the element nor its job holds it while the clip is generated: the property alone does.
TEST_F(Picture, in_memory_goes_with_the_property_once_the_task_is_accepted) {
  emulator().play(R"({"rules":[{"route":"status","task_status":"Running","times":0}]})");
  auto* sample = sample_from("videotestsrc num-buffers=1 ! pngenc");
  ASSERT_NE(sample, nullptr);
  bool is_gone = false;
  gst_mini_object_weak_ref(
      GST_MINI_OBJECT(gst_sample_get_buffer(sample)),
      [](gpointer data, GstMiniObject*) { *static_cast<bool*>(data) = true; }, &is_gone);
  Pipeline pipeline(bare_source() + " ! fakesink");
  g_object_set(pipeline.source(), "image-sample", sample, nullptr);
  gst_sample_unref(sample);
  // Not before the element has read it: another clip would be made.
  auto* pad = GST_BASE_SRC_PAD(pipeline.source());
  GST_PAD_STREAM_LOCK(pad);
  pipeline.set_state(GST_STATE_PLAYING);
  g_object_set(pipeline.source(), "image-sample", nullptr, nullptr);
  EXPECT_FALSE(is_gone);
  GST_PAD_STREAM_UNLOCK(pad);
  ASSERT_TRUE(pipeline.wait_for_progress("generate", GST_PROGRESS_TYPE_START));
  EXPECT_FALSE(is_gone);
  g_object_set(pipeline.source(), "image-sample", nullptr, nullptr);
  EXPECT_TRUE(is_gone);
}

}  // namespace
}  // namespace test_support
