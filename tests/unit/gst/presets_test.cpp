// SPDX-License-Identifier: LGPL-2.1-or-later
#include "presets.h"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <set>
#include <string>

#include "modelverseanimate.h"
#include "modelversesrc.h"
#include "support/files.h"

namespace modelverse {
namespace {

struct ElementFreer {
  void operator()(GstElement* element) const { gst_object_unref(element); }
};
using ElementPtr = std::unique_ptr<GstElement, ElementFreer>;

ElementPtr make_element(GType type) {
  auto* element = GST_ELEMENT(g_object_new(type, nullptr));
  return ElementPtr(GST_ELEMENT(gst_object_ref_sink(element)));
}
ElementPtr make_source() {
  return make_element(MODELVERSE_TYPE_SRC);
}

// All that a preset may hold: how clips are made. The properties that pay (resubmit, cache-mode),
// that say where or as whom, or that name a task or a file are not among them.
const std::set<std::string> kept = {"aspect-ratio",
                                    "audio",
                                    "duration",
                                    "frame",
                                    "image-encoding",
                                    "image-fit",
                                    "model",
                                    "poll-interval",
                                    "resolution",
                                    "retries",
                                    "retry-backoff-factor",
                                    "retry-backoff-max",
                                    "seed",
                                    "submit-timeout",
                                    "task-timeout",
                                    "timeout"};

std::set<std::string> properties_of(GstElement* element) {
  guint count = 0;
  auto** specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(element), &count);
  std::set<std::string> names;
  for (guint i = 0; i < count; ++i)
    names.insert(specs[i]->name);
  g_free(specs);
  return names;
}

std::set<std::string> preset_properties_of(GstElement* element) {
  auto** names = gst_preset_get_property_names(GST_PRESET(element));
  const std::set<std::string> all(names, names + g_strv_length(names));
  g_strfreev(names);
  return all;
}

class Presets : public testing::Test {
 protected:
  // Presets go to where the test was told, and not into somebody's home.
  void SetUp() override {
    const char* home = g_getenv("XDG_DATA_HOME");
    ASSERT_TRUE(home) << "XDG_DATA_HOME is not set: run this through meson test";
    ASSERT_STREQ(home, g_get_user_data_dir());
    path_ = std::string(home) + "/gstreamer-1.0/presets/ModelverseSrc.prs";
  }
  // GstPreset reads the file once in a process: what an older version saved stands in it.
  static void SetUpTestSuite() {
    const std::string directory = std::string(g_get_user_data_dir()) + "/gstreamer-1.0/presets";
    ASSERT_EQ(g_mkdir_with_parents(directory.c_str(), 0700), 0);
    std::ofstream(directory + "/ModelverseSrc.prs")
        << "[_presets_]\nelement-name=ModelverseSrc\nversion=1.22.0\n\n[older]\n"
           "duration=8\nresubmit=true\ncache-mode=refresh\nbase-url=http://127.0.0.1:1\n"
           "allow-http=true\napi-key-file=/a/key\ntask-id=older-1\nurl-index=3\n";
  }
  std::string path_;
};

TEST_F(Presets, bring_back_how_clips_are_made_and_not_of_what) {
  const auto source = make_source();
  g_object_set(source.get(), "resolution", "1080p", "duration", 8, "seed", gint64{77}, "audio",
               static_cast<gint>(Audio::off), "negative-prompt", "a-prompt", "image-path",
               "/a/picture.jpg", "prompt", "a-prompt", "task-id", "a-task", "api-key", "a-secret",
               nullptr);
  ASSERT_TRUE(gst_preset_save_preset(GST_PRESET(source.get()), "large"));
  const auto other = make_source();
  g_object_set(other.get(), "prompt", "another", nullptr);
  ASSERT_TRUE(gst_preset_load_preset(GST_PRESET(other.get()), "large"));
  gchar* resolution = nullptr;
  gchar* prompt = nullptr;
  gchar* task = nullptr;
  gint duration = 0;
  gint audio = 0;
  gint64 seed = 0;
  g_object_get(other.get(), "resolution", &resolution, "duration", &duration, "prompt", &prompt,
               "task-id", &task, "audio", &audio, "seed", &seed, nullptr);
  EXPECT_EQ(audio, static_cast<gint>(Audio::off));
  EXPECT_EQ(seed, 77);
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
  const std::string text = test_support::file_content(path_);
  for (const char* kept : {"poll-interval", "submit-timeout"})
    EXPECT_NE(text.find(kept), std::string::npos) << text;
  for (const char* word : {"a-secret", "a-task", "a-prompt", "picture.jpg"})
    EXPECT_EQ(text.find(word), std::string::npos) << word;
}

TEST_F(Presets, of_the_filter_hold_which_frame_it_takes) {
  const auto make = [] { return make_element(MODELVERSE_TYPE_ANIMATE); };
  const auto filter = make();
  gst_util_set_object_arg(G_OBJECT(filter.get()), "frame", "last");
  ASSERT_TRUE(gst_preset_save_preset(GST_PRESET(filter.get()), "ends"));
  const auto other = make();
  ASSERT_TRUE(gst_preset_load_preset(GST_PRESET(other.get()), "ends"));
  gint frame = 0;
  g_object_get(other.get(), "frame", &frame, nullptr);
  EXPECT_EQ(frame, static_cast<gint>(StreamFrame::last));
}

TEST_F(Presets, hold_nothing_but_how_clips_are_made) {
  for (const GType type : {MODELVERSE_TYPE_SRC, MODELVERSE_TYPE_ANIMATE}) {
    const auto element = make_element(type);
    const auto in_preset = preset_properties_of(element.get());
    for (const auto& name : properties_of(element.get()))
      EXPECT_EQ(in_preset.contains(name), kept.contains(name)) << name;
  }
}

TEST_F(Presets, of_an_older_version_bring_back_nothing_that_pays_or_says_where) {
  const auto source = make_source();
  ASSERT_TRUE(gst_preset_load_preset(GST_PRESET(source.get()), "older"));
  gint duration = 0;
  g_object_get(source.get(), "duration", &duration, nullptr);
  EXPECT_EQ(duration, 8);
  for (const char* name : {"resubmit", "cache-mode", "base-url", "allow-http", "api-key-file",
                           "task-id", "url-index"}) {
    auto* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(source.get()), name);
    GValue loaded = G_VALUE_INIT;
    g_object_get_property(G_OBJECT(source.get()), name, &loaded);
    EXPECT_TRUE(g_param_value_defaults(spec, &loaded)) << name;
    g_value_unset(&loaded);
  }
}

TEST_F(Presets, hold_the_extras_that_are_set_and_forget_those_that_were) {
  const auto source = make_source();
  auto* extras = gst_structure_new("extra", "camera_fixed", G_TYPE_BOOLEAN, TRUE, "style",
                                   G_TYPE_STRING, "oil\non \"canvas\"", nullptr);
  g_object_set(source.get(), "extra-parameters", extras, nullptr);
  ASSERT_TRUE(gst_preset_save_preset(GST_PRESET(source.get()), "extras"));
  const auto other = make_source();
  ASSERT_TRUE(gst_preset_load_preset(GST_PRESET(other.get()), "extras"));
  GstStructure* loaded = nullptr;
  g_object_get(other.get(), "extra-parameters", &loaded, nullptr);
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(gst_structure_is_equal(loaded, extras));
  gst_structure_free(loaded);
  gst_structure_free(extras);

  g_object_set(source.get(), "extra-parameters", nullptr, nullptr);
  ASSERT_TRUE(gst_preset_save_preset(GST_PRESET(source.get()), "extras"));
  const auto third = make_source();
  ASSERT_TRUE(gst_preset_load_preset(GST_PRESET(third.get()), "extras"));
  g_object_get(third.get(), "extra-parameters", &loaded, nullptr);
  EXPECT_FALSE(loaded);
}

}  // namespace
}  // namespace modelverse
