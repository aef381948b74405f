// SPDX-License-Identifier: LGPL-2.1-or-later
#include "presets.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "modelverseanimate.h"
#include "modelversesrc.h"

namespace modelverse {
namespace {

struct ElementFreer {
  void operator()(GstElement* element) const { gst_object_unref(element); }
};
using ElementPtr = std::unique_ptr<GstElement, ElementFreer>;

ElementPtr make_source() {
  auto* element = GST_ELEMENT(g_object_new(MODELVERSE_TYPE_SRC, nullptr));
  return ElementPtr(GST_ELEMENT(gst_object_ref_sink(element)));
}

class Presets : public testing::Test {
 protected:
  // Presets go to where the test was told, and not into somebody's home.
  void SetUp() override {
    const char* home = g_getenv("XDG_DATA_HOME");
    ASSERT_TRUE(home) << "XDG_DATA_HOME is not set: run this through meson test";
    ASSERT_STREQ(home, g_get_user_data_dir());
    path_ = std::string(home) + "/gstreamer-1.0/presets/ModelverseSrc.prs";
    std::remove(path_.c_str());
  }
  std::string path_;
};

TEST_F(Presets, bring_back_how_clips_are_made_and_not_of_what) {
  const auto source = make_source();
  g_object_set(source.get(), "resolution", "1080p", "duration", 8, "image-path", "/a/picture.jpg",
               "prompt", "a-prompt", "task-id", "a-task", "api-key", "a-secret", nullptr);
  ASSERT_TRUE(gst_preset_save_preset(GST_PRESET(source.get()), "large"));
  const auto other = make_source();
  g_object_set(other.get(), "prompt", "another", nullptr);
  ASSERT_TRUE(gst_preset_load_preset(GST_PRESET(other.get()), "large"));
  gchar* resolution = nullptr;
  gchar* prompt = nullptr;
  gchar* task = nullptr;
  gint duration = 0;
  g_object_get(other.get(), "resolution", &resolution, "duration", &duration, "prompt", &prompt,
               "task-id", &task, nullptr);
  EXPECT_STREQ(resolution, "1080p");
  EXPECT_EQ(duration, 8);
  EXPECT_STREQ(prompt, "another");
  EXPECT_EQ(task, nullptr);
  g_free(resolution);
  g_free(prompt);
  g_free(task);
}

TEST_F(Presets, hold_no_secret) {
  const auto source = make_source();
  g_object_set(source.get(), "image-path", "/a/picture.jpg", "prompt", "a-prompt", "task-id",
               "a-task", "api-key", "a-secret", "proxy", "http://user:a-secret@h", nullptr);
  ASSERT_TRUE(gst_preset_save_preset(GST_PRESET(source.get()), "plain"));
  std::ifstream file(path_);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const char* kept : {"poll-interval", "submit-timeout"})
    EXPECT_NE(text.find(kept), std::string::npos) << text;
  for (const char* word : {"a-secret", "a-task", "a-prompt", "picture.jpg"})
    EXPECT_EQ(text.find(word), std::string::npos) << word;
}

TEST_F(Presets, of_the_filter_hold_which_frame_it_takes) {
  const auto make = [] {
    auto* element = GST_ELEMENT(g_object_new(MODELVERSE_TYPE_ANIMATE, nullptr));
    return ElementPtr(GST_ELEMENT(gst_object_ref_sink(element)));
  };
  const auto filter = make();
  gst_util_set_object_arg(G_OBJECT(filter.get()), "frame", "last");
  ASSERT_TRUE(gst_preset_save_preset(GST_PRESET(filter.get()), "ends"));
  const auto other = make();
  ASSERT_TRUE(gst_preset_load_preset(GST_PRESET(other.get()), "ends"));
  gint frame = 0;
  g_object_get(other.get(), "frame", &frame, nullptr);
  EXPECT_EQ(frame, static_cast<gint>(StreamFrame::last));
}

}  // namespace
}  // namespace modelverse
