// SPDX-License-Identifier: LGPL-2.1-or-later
// What the bus and the pad get to know.
#include <algorithm>
#include <mutex>
#include <set>

#include "element_test.h"

namespace test_support {
namespace {

class Messages : public ElementTest {};

std::vector<ProgressSeen> of_code(const Pipeline& pipeline, const std::string& code) {
  std::vector<ProgressSeen> some;
  for (const auto& seen : pipeline.progress()) {
    if (seen.code == code)
      some.push_back(seen);
  }
  return some;
}

TEST_F(Messages, percent_is_real_and_never_falls_and_never_reaches_100_early) {
  start_emulator({"--generation-time", "1"});
  emulator().play(R"({"rules":[{"route":"result","bytes_per_second":800000}]})");
  Pipeline pipeline(source() + " ! fakesink");
  ASSERT_TRUE(pipeline.run());
  for (const std::string code : {"generate", "download"}) {
    const auto seen = of_code(pipeline, code);
    int last = 0;
    std::set<int> distinct;
    for (const auto& one : seen) {
      EXPECT_GE(one.percent, last) << code;
      EXPECT_TRUE(one.percent < 100 || one.type == GST_PROGRESS_TYPE_COMPLETE) << code;
      EXPECT_FALSE(one.text.empty());
      last = one.percent;
      distinct.insert(one.percent);
    }
    EXPECT_EQ(seen.back().percent, 100) << code;
    if (code == "download") {
      EXPECT_GT(distinct.size(), 3u);
      EXPECT_LE(seen.size(), 24u) << "one message a 5 % at the most";
    }
  }
}

TEST_F(Messages, stats_and_task_properties_tell_of_the_task) {
  start_emulator({"--generation-time", "0.3"});
  Pipeline pipeline(source() + " ! fakesink");
  ASSERT_TRUE(pipeline.run());
  gchar* task_id = nullptr;
  gint status = -1;
  GstStructure* stats = nullptr;
  g_object_get(pipeline.source(), "task-id", &task_id, "task-status", &status, "stats", &stats,
               nullptr);
  EXPECT_EQ(status, 4) << "success; an application stores the number in its own int";
  ASSERT_NE(stats, nullptr);
  EXPECT_TRUE(gst_structure_has_name(stats, "modelverse-stats"));
  EXPECT_STREQ(gst_structure_get_string(stats, "task-id"), task_id);
  EXPECT_STREQ(gst_structure_get_string(stats, "model"), "openai/sora-2/image-to-video-pro");
  guint64 bytes = 0;
  guint64 size = 0;
  guint polls = 0;
  EXPECT_TRUE(gst_structure_get_uint64(stats, "bytes", &bytes));
  EXPECT_TRUE(gst_structure_get_uint64(stats, "size", &size));
  EXPECT_TRUE(gst_structure_get_uint(stats, "polls", &polls));
  EXPECT_EQ(bytes, file_content(clip_path()).size());
  EXPECT_EQ(size, bytes);
  EXPECT_EQ(polls, emulator().polls());
  double cost = 0;
  EXPECT_TRUE(gst_structure_get_double(stats, "cost", &cost));
  EXPECT_EQ(cost, 8.56);
  EXPECT_STREQ(gst_structure_get_string(stats, "currency"), "CNY");
  g_free(task_id);
  gst_structure_free(stats);
}

// What came in which order, from the bus's and the pad's own threads.
struct Order {
  std::vector<std::string> seen;
  std::mutex mutex;
  void add(const char* what) {
    const std::lock_guard lock(mutex);
    seen.emplace_back(what);
  }
};

GstBusSyncReply note_message(GstBus*, GstMessage* message, gpointer data) {
  GstProgressType type = GST_PROGRESS_TYPE_START;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_PROGRESS)
    gst_message_parse_progress(message, &type, nullptr, nullptr);
  if (type == GST_PROGRESS_TYPE_COMPLETE)
    static_cast<Order*>(data)->add("complete");
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_DURATION_CHANGED)
    static_cast<Order*>(data)->add("duration");
  return GST_BUS_PASS;
}

void note_buffer(GstElement*, GstBuffer*, GstPad*, gpointer data) {
  static_cast<Order*>(data)->add("buffer");
}

TEST_F(Messages, the_duration_and_the_last_complete_come_before_the_first_buffer) {
  start_emulator({"--generation-time", "0.3"});
  Order order;
  Pipeline pipeline(source() + " ! fakesink name=sink signal-handoffs=true");
  auto* bus = gst_element_get_bus(pipeline.get());
  gst_bus_set_sync_handler(bus, note_message, &order, nullptr);
  g_signal_connect(pipeline.element("sink"), "handoff", G_CALLBACK(note_buffer), &order);
  EXPECT_TRUE(pipeline.run());
  pipeline.set_state(GST_STATE_NULL);
  gst_bus_set_sync_handler(bus, nullptr, nullptr, nullptr);
  gst_object_unref(bus);
  const auto first_buffer = std::find(order.seen.begin(), order.seen.end(), "buffer");
  ASSERT_NE(first_buffer, order.seen.end());
  EXPECT_EQ(std::count(order.seen.begin(), first_buffer, "complete"), 3);
  EXPECT_EQ(std::count(order.seen.begin(), first_buffer, "duration"), 1);
}

TEST_F(Messages, tags_carry_the_prompt_the_model_and_the_task) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline(source("prompt=\"the boat sails away\"") + " ! fakesink");
  ASSERT_TRUE(pipeline.run());
  GstTagList* tags = nullptr;
  for (const auto& message : pipeline.messages()) {
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_TAG && !tags)
      gst_message_parse_tag(message.get(), &tags);
  }
  ASSERT_NE(tags, nullptr);
  gchar* text = nullptr;
  EXPECT_TRUE(gst_tag_list_get_string(tags, GST_TAG_DESCRIPTION, &text));
  EXPECT_STREQ(text, "the boat sails away");
  g_free(text);
  EXPECT_TRUE(gst_tag_list_get_string(tags, GST_TAG_TITLE, &text));
  g_free(text);
  EXPECT_TRUE(gst_tag_list_get_string(tags, GST_TAG_ENCODER, &text));
  EXPECT_STREQ(text, "openai/sora-2/image-to-video-pro");
  g_free(text);
  EXPECT_TRUE(gst_tag_list_get_string(tags, GST_TAG_COMMENT, &text));
  g_free(text);
  gst_tag_list_unref(tags);
}

TEST_F(Messages, an_eos_event_while_generating_ends_the_stream_and_cancels_the_progress) {
  start_emulator({"--generation-time", "1000"});
  Pipeline pipeline(source() + " ! fakesink");
  pipeline.set_state(GST_STATE_PLAYING);
  pipeline.wait_for_progress("generate", GST_PROGRESS_TYPE_CONTINUE);
  EXPECT_TRUE(gst_element_send_event(pipeline.get(), gst_event_new_eos()));
  EXPECT_TRUE(pipeline.wait_for_end());
  const auto progress = pipeline.progress();
  ASSERT_FALSE(progress.empty());
  EXPECT_EQ(progress.back().type, GST_PROGRESS_TYPE_CANCELED);
  EXPECT_EQ(progress.back().code, "generate");
}

TEST_F(Messages, stopping_in_a_phase_cancels_its_progress) {
  start_emulator({"--generation-time", "1000"});
  Pipeline pipeline(source() + " ! fakesink");
  pipeline.set_state(GST_STATE_PLAYING);
  pipeline.wait_for_progress("generate", GST_PROGRESS_TYPE_START);
  pipeline.set_state(GST_STATE_READY);
  pipeline.drain();
  EXPECT_EQ(pipeline.progress().back().type, GST_PROGRESS_TYPE_CANCELED);
}

}  // namespace
}  // namespace test_support
