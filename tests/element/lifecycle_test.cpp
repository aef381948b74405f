// SPDX-License-Identifier: LGPL-2.1-or-later
// States, and what may be set in them.
#include <algorithm>

#include "element_test.h"

namespace test_support {
namespace {

class Lifecycle : public ElementTest {};

TEST_F(Lifecycle, without_any_property_it_goes_to_ready_and_back) {
  Pipeline pipeline("modelversesrc name=src ! fakesink");
  EXPECT_EQ(pipeline.set_state(GST_STATE_READY), GST_STATE_CHANGE_SUCCESS);
  EXPECT_EQ(pipeline.set_state(GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
}

TEST_F(Lifecycle, without_any_property_playing_fails_with_one_clear_error) {
  Pipeline pipeline("modelversesrc name=src ! fakesink");
  EXPECT_EQ(pipeline.set_state(GST_STATE_PLAYING), GST_STATE_CHANGE_FAILURE);
  pipeline.drain();
  ASSERT_TRUE(pipeline.error());
  EXPECT_EQ(pipeline.error()->code, GST_RESOURCE_ERROR_SETTINGS);
  // GstBaseSrc adds "Failed to start" behind it.
  EXPECT_LE(pipeline.count(GST_MESSAGE_ERROR), 2);
}

TEST_F(Lifecycle, an_element_that_was_never_used_is_freed) {
  for (const char* name : {"modelversesrc", "modelverseanimate"}) {
    auto* element = gst_element_factory_make(name, nullptr);
    ASSERT_NE(element, nullptr);
    g_object_add_weak_pointer(G_OBJECT(element), reinterpret_cast<gpointer*>(&element));
    gst_object_unref(element);
    EXPECT_EQ(element, nullptr);
  }
}

// The sequences of GStreamer's own test of all elements (1.22, tests/check/generic/states.c).
TEST_F(Lifecycle, takes_any_sequence_of_states_with_settings_and_without) {
  start_emulator({"--generation-time", "1000"});
  constexpr auto null = GST_STATE_NULL, ready = GST_STATE_READY, paused = GST_STATE_PAUSED,
                 playing = GST_STATE_PLAYING;
  const std::vector<std::vector<GstState>> sequences = {
      {ready, paused, playing, paused, ready, null, paused, ready, playing, paused, null},
      {ready, paused, ready, paused, playing, paused, ready, null},
      {ready, paused, playing, paused, playing, paused, ready, paused, playing, paused, ready,
       null}};
  for (const std::string& name :
       {std::string("modelversesrc"), std::string("modelverseanimate"), source(), animator()}) {
    for (const auto& sequence : sequences) {
      auto* element = gst_parse_launch(name.c_str(), nullptr);
      gst_object_ref_sink(element);
      for (const auto state : sequence)
        gst_element_set_state(element, state);
      EXPECT_EQ(GST_STATE(element), GST_STATE_NULL) << name;
      EXPECT_EQ(GST_OBJECT_REFCOUNT_VALUE(element), 1) << name;
      gst_object_unref(element);
    }
  }
  EXPECT_LE(emulator().submits(), 1u);
}

TEST_F(Lifecycle, a_second_run_is_served_from_the_cache_without_any_request) {
  start_emulator({"--generation-time", "0.2"});
  Pipeline first(source() + " ! fakesink");
  ASSERT_TRUE(first.run());
  const auto requests = emulator().requests();
  Pipeline second(source() + " ! fakesink");
  EXPECT_TRUE(second.run());
  EXPECT_EQ(emulator().requests().size(), requests.size());
  EXPECT_TRUE(second.progress().empty());
}

std::string uri_of(GstElement* source) {
  gchar* text = gst_uri_handler_get_uri(GST_URI_HANDLER(source));
  const std::string uri = text ? text : "";
  g_free(text);
  return uri;
}

TEST_F(Lifecycle, what_is_set_while_playing_is_refused_with_a_warning) {
  start_emulator({"--generation-time", "1"});
  Pipeline pipeline(source() + " ! fakesink");
  const auto uri = uri_of(pipeline.source());
  pipeline.set_state(GST_STATE_PLAYING);
  ASSERT_TRUE(pipeline.wait_for_progress("submit", GST_PROGRESS_TYPE_START));
  std::string warned;
  const auto log = g_log_set_default_handler(
      [](const gchar*, GLogLevelFlags, const gchar* text, gpointer all) {
        *static_cast<std::string*>(all) += std::string(text) + "\n";
      },
      &warned);
  g_object_set(pipeline.source(), "prompt", "another prompt", "task-id", "another-task", "resubmit",
               TRUE, "cache-mode", 1, "take", 7, "image-path", "/nowhere.jpg", nullptr);
  g_log_set_default_handler(log, nullptr);
  EXPECT_EQ(std::count(warned.begin(), warned.end(), '\n'), 6) << warned;
  EXPECT_NE(warned.find("image-path"), std::string::npos) << warned;
  EXPECT_FALSE(gst_uri_handler_set_uri(GST_URI_HANDLER(pipeline.source()),
                                       "modelverse:///a.jpg?prompt=other", nullptr));
  EXPECT_EQ(uri_of(pipeline.source()), uri);
  // A seek asks for a first buffer once more.
  gst_element_seek_simple(pipeline.source(), GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH, 0);
  EXPECT_TRUE(pipeline.wait_for_end());
  EXPECT_EQ(emulator().submits(), 1u);
}

std::string task_id_of(GstElement* source) {
  gchar* text = nullptr;
  g_object_get(source, "task-id", &text, nullptr);
  const std::string id = text ? text : "";
  g_free(text);
  return id;
}

TEST_F(Lifecycle, a_uri_or_a_task_id_of_null_forgets_the_task_of_the_run_before) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline(source() + " ! fakesink");
  for (const bool by_uri : {false, true}) {
    ASSERT_TRUE(pipeline.run());
    pipeline.set_state(GST_STATE_READY);
    EXPECT_NE(task_id_of(pipeline.source()), "");
    if (by_uri) {
      ASSERT_TRUE(gst_uri_handler_set_uri(GST_URI_HANDLER(pipeline.source()),
                                          "modelverse:///a.jpg?prompt=other", nullptr));
    } else {
      g_object_set(pipeline.source(), "task-id", nullptr, nullptr);
    }
    EXPECT_EQ(task_id_of(pipeline.source()), "");
  }
}

TEST_F(Lifecycle, a_uri_notifies_of_the_properties_that_it_sets) {
  Pipeline pipeline("modelversesrc name=src");
  std::string notified;
  g_signal_connect(pipeline.source(), "notify",
                   G_CALLBACK(+[](GObject*, GParamSpec* spec, std::string* names) {
                     *names += std::string(spec->name) + " ";
                   }),
                   &notified);
  auto* handler = GST_URI_HANDLER(pipeline.source());
  EXPECT_TRUE(gst_uri_handler_set_uri(handler, "modelverse:///a.jpg?duration=8", nullptr));
  for (const char* name : {"image-path", "duration", "prompt"})
    EXPECT_NE(notified.find(name), std::string::npos) << notified;
  notified.clear();
  EXPECT_FALSE(gst_uri_handler_set_uri(handler, "modelverse:///a.jpg?colour=red", nullptr));
  EXPECT_EQ(notified, "");
}

}  // namespace
}  // namespace test_support
