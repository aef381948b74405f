// SPDX-License-Identifier: LGPL-2.1-or-later
// States: they never block, and none of them pays twice.
#include <chrono>
#include <filesystem>

#include "element_test.h"

namespace test_support {
namespace {

class Lifecycle : public ElementTest {};

// Far above what stopping takes (see the benchmark), far below any wait of the element.
constexpr std::chrono::seconds at_once(5);

std::chrono::steady_clock::duration time_to_null(Pipeline& pipeline) {
  const auto begin = std::chrono::steady_clock::now();
  pipeline.set_state(GST_STATE_NULL);
  return std::chrono::steady_clock::now() - begin;
}

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
  EXPECT_EQ(pipeline.error()->domain, GST_RESOURCE_ERROR);
  EXPECT_EQ(pipeline.error()->code, GST_RESOURCE_ERROR_SETTINGS);
  EXPECT_NE(pipeline.error()->text.find("image-path"), std::string::npos);
  // GstBaseSrc adds "Failed to start" behind it.
  EXPECT_LE(pipeline.count(GST_MESSAGE_ERROR), 2);
}

TEST_F(Lifecycle, a_missing_picture_fails_the_change_of_state) {
  for (const std::string picture : {"image-path=/no/such.jpg", "image-uri=file:///no/such.jpg"}) {
    Pipeline pipeline("modelversesrc name=src " + picture + " ! fakesink");
    EXPECT_EQ(pipeline.set_state(GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
    pipeline.drain();
    ASSERT_TRUE(pipeline.error());
    EXPECT_EQ(pipeline.error()->code, GST_RESOURCE_ERROR_NOT_FOUND);
    EXPECT_NE(pipeline.error()->text.find("/no/such.jpg"), std::string::npos);
  }
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

TEST_F(Lifecycle, cycles_that_do_not_wait_for_anything_submit_once) {
  start_emulator({"--generation-time", "1"});
  Pipeline pipeline(source() + " ! fakesink");
  for (int i = 0; i < 20; ++i) {
    pipeline.set_state(GST_STATE_PLAYING);
    pipeline.set_state(GST_STATE_READY);
  }
  EXPECT_TRUE(pipeline.run());
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Lifecycle, stops_at_once_while_submitting_and_keeps_the_answer) {
  start_emulator({"--generation-time", "0.2"});
  emulator().play(R"({"rules":[{"route":"submit","delay":8}]})");
  {
    Pipeline pipeline(source() + " ! fakesink");
    pipeline.set_state(GST_STATE_PLAYING);
    // The phase begins before the request is on its way, and a stop then submits nothing.
    ASSERT_TRUE(wait_until([&] { return emulator().submits() == 1; }));
    EXPECT_LT(time_to_null(pipeline), at_once);
  }
  ASSERT_TRUE(wait_for_no_job_threads());
  ASSERT_EQ(emulator().tasks().size(), 1u);
  std::string record;
  for (const auto& entry : entries_in(cache_dir()))
    record = file_content(entry / "record.json");
  EXPECT_NE(record.find(emulator().tasks()[0].id), std::string::npos) << record;
  EXPECT_NE(record.find("\"submitted\""), std::string::npos) << record;
  Pipeline again(source() + " ! fakesink");
  EXPECT_TRUE(again.run());
  EXPECT_EQ(emulator().submits(), 1u);
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

TEST_F(Lifecycle, two_elements_in_one_pipeline_share_one_task) {
  start_emulator({"--generation-time", "0.5"});
  auto other = source();
  other.replace(other.find("name=src"), 8, "name=two");
  Pipeline pipeline(source() + " ! fakesink " + other + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  EXPECT_EQ(emulator().submits(), 1u);
  EXPECT_EQ(emulator().downloads(), 1u);
}

std::string uri_of(GstElement* source) {
  gchar* text = gst_uri_handler_get_uri(GST_URI_HANDLER(source));
  const std::string uri = text ? text : "";
  g_free(text);
  return uri;
}

TEST_F(Lifecycle, what_is_set_while_playing_is_refused) {
  start_emulator({"--generation-time", "1"});
  Pipeline pipeline(source() + " ! fakesink");
  const auto uri = uri_of(pipeline.source());
  pipeline.set_state(GST_STATE_PLAYING);
  ASSERT_TRUE(pipeline.wait_for_progress("submit", GST_PROGRESS_TYPE_START));
  g_object_set(pipeline.source(), "prompt", "another prompt", "task-id", "another-task", "resubmit",
               TRUE, "cache-mode", 1, "take", 7, "image-path", "/nowhere.jpg", nullptr);
  EXPECT_FALSE(gst_uri_handler_set_uri(GST_URI_HANDLER(pipeline.source()),
                                       "modelverse:///a.jpg?prompt=other", nullptr));
  EXPECT_EQ(uri_of(pipeline.source()), uri);
  // A seek asks for a first buffer once more.
  gst_element_seek_simple(pipeline.source(), GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH, 0);
  EXPECT_TRUE(pipeline.wait_for_end());
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Lifecycle, a_uri_forgets_the_task_of_the_run_before) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline(source() + " ! fakesink");
  ASSERT_TRUE(pipeline.run());
  pipeline.set_state(GST_STATE_READY);
  const auto task_id = [&] {
    gchar* text = nullptr;
    g_object_get(pipeline.source(), "task-id", &text, nullptr);
    const std::string id = text ? text : "";
    g_free(text);
    return id;
  };
  EXPECT_NE(task_id(), "");
  ASSERT_TRUE(gst_uri_handler_set_uri(GST_URI_HANDLER(pipeline.source()),
                                      "modelverse:///a.jpg?prompt=other", nullptr));
  EXPECT_EQ(task_id(), "");
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
