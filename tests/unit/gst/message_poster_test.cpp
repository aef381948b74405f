// SPDX-License-Identifier: LGPL-2.1-or-later
#include "message_poster.h"

#include <gtest/gtest.h>

#include "bus.h"

namespace modelverse {
namespace {

using Lines = std::vector<std::string>;

class Poster : public ::testing::Test {
 protected:
  void post(std::vector<job::Event> events) {
    poster_.post({.events = std::move(events), .progress = {}});
  }
  void go_on(Phase phase, int percent) {
    poster_.post(
        {.events = {},
         .progress = job::Progress{
             .serial = 1, .phase = phase, .percent = percent, .text = "Generating: Running"}});
  }
  static job::Event started(Phase phase) { return job::PhaseStarted{phase, "Starting"}; }
  static job::Event completed(Phase phase) { return job::PhaseCompleted{phase, "Done"}; }

  ElementOnBus bus_;
  MessagePoster poster_{bus_.element()};
};

TEST_F(Poster, tells_of_each_phase_in_order_with_one_end_each) {
  post({started(Phase::submit), completed(Phase::submit), started(Phase::generate),
        completed(Phase::generate), started(Phase::download)});
  post({completed(Phase::download)});
  poster_.cancel();
  EXPECT_EQ(bus_.told(),
            (Lines{"start submit 0", "complete submit 100", "start generate 0",
                   "complete generate 100", "start download 0", "complete download 100"}));
}

TEST_F(Poster, starts_no_phase_after_a_cancel_until_a_new_run) {
  poster_.cancel();
  post({started(Phase::submit), completed(Phase::submit)});
  EXPECT_EQ(bus_.told(), Lines{});
  poster_.begin();
  post({started(Phase::submit)});
  EXPECT_EQ(bus_.told(), Lines{"start submit 0"});
}

TEST_F(Poster, ends_a_phase_that_is_cancelled_while_its_start_is_posted) {
  auto* bus = gst_element_get_bus(bus_.element());
  gst_bus_set_sync_handler(
      bus,
      [](GstBus*, GstMessage*, gpointer poster) {
        static_cast<MessagePoster*>(poster)->cancel();
        return GST_BUS_PASS;
      },
      &poster_, nullptr);
  post({started(Phase::submit)});
  gst_bus_set_sync_handler(bus, nullptr, nullptr, nullptr);
  gst_object_unref(bus);
  const auto told = bus_.told();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_TRUE(told[1].starts_with("canceled submit")) << told[1];
}

TEST_F(Poster, drops_the_end_of_a_phase_that_is_not_open) {
  post({completed(Phase::submit)});
  EXPECT_EQ(bus_.told(), Lines{});
  post({started(Phase::generate), completed(Phase::submit)});
  EXPECT_EQ(bus_.told(), Lines{"start generate 0"});
  post({completed(Phase::generate), completed(Phase::generate)});
  EXPECT_EQ(bus_.told(), Lines{"complete generate 100"});
}

TEST_F(Poster, puts_the_real_percent_into_a_continue) {
  post({started(Phase::generate)});
  go_on(Phase::generate, 37);
  EXPECT_EQ(bus_.told(), (Lines{"start generate 0", "continue generate 37"}));
}

TEST_F(Poster, passes_the_text_on) {
  post({started(Phase::generate)});
  go_on(Phase::generate, 1);
  const auto all = bus_.messages();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(text_field(gst_message_get_structure(all[0].get()), "text"), "Starting");
  EXPECT_EQ(text_field(gst_message_get_structure(all[1].get()), "text"), "Generating: Running");
}

TEST_F(Poster, drops_a_continue_that_its_phases_end_has_overtaken) {
  post({started(Phase::generate), completed(Phase::generate)});
  go_on(Phase::generate, 50);
  post({started(Phase::download)});
  go_on(Phase::generate, 60);
  EXPECT_EQ(bus_.told(), (Lines{"start generate 0", "complete generate 100", "start download 0"}));
}

TEST_F(Poster, drops_the_progress_that_comes_with_the_phases_end) {
  post({started(Phase::generate)});
  poster_.post({.events = {completed(Phase::generate)},
                .progress = job::Progress{
                    .serial = 2, .phase = Phase::generate, .percent = 9, .text = "x"}});
  EXPECT_EQ(bus_.told(), (Lines{"start generate 0", "complete generate 100"}));
}

TEST_F(Poster, posts_the_error_before_the_phase_ends_on_it) {
  post({started(Phase::download)});
  poster_.post_error_and_end(
      {.code = ErrorCode::read, .text = "The link has expired.", .debug = {}});
  poster_.cancel();
  const auto all = bus_.messages();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(in_words(all[0].get()), "start download 0");
  EXPECT_EQ(in_words(all[1].get()), "error");
  EXPECT_TRUE(in_words(all[2].get()).starts_with("progress-error download"));
  EXPECT_EQ(text_field(gst_message_get_structure(all[2].get()), "text"), "The link has expired.");
}

TEST_F(Poster, posts_an_error_alone_where_no_phase_is_open) {
  poster_.post_error_and_end({.code = ErrorCode::settings, .text = "No picture.", .debug = {}});
  post({started(Phase::submit), completed(Phase::submit)});
  poster_.post_error_and_end({.code = ErrorCode::read, .text = "Late.", .debug = {}});
  EXPECT_EQ(bus_.told(), (Lines{"error", "start submit 0", "complete submit 100", "error"}));
}

TEST_F(Poster, cancels_an_open_phase_once) {
  post({started(Phase::generate)});
  poster_.cancel();
  poster_.cancel();
  post({completed(Phase::generate)});
  const auto told = bus_.told();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0], "start generate 0");
  EXPECT_TRUE(told[1].starts_with("canceled generate")) << told[1];
}

TEST_F(Poster, posts_a_task_message_and_notifies_at_each_change_of_status) {
  std::string notified;
  g_signal_connect(bus_.element(), "notify",
                   G_CALLBACK(+[](GObject*, GParamSpec* spec, std::string* names) {
                     *names += std::string(spec->name) + " ";
                   }),
                   &notified);
  TaskStats stats;
  stats.task_id = "task-9";
  stats.polls = 3;
  post({job::StatusChanged{TaskStatus::running, stats}});
  const auto all = bus_.messages();
  ASSERT_EQ(all.size(), 1u);
  ASSERT_EQ(in_words(all[0].get()), "element modelverse/task");
  const auto* structure = gst_message_get_structure(all[0].get());
  EXPECT_EQ(text_field(structure, "status"), "running");
  EXPECT_EQ(text_field(structure, "task-id"), "task-9");
  guint polls = 0;
  EXPECT_TRUE(gst_structure_get_uint(structure, "polls", &polls));
  EXPECT_EQ(polls, 3u);
  EXPECT_EQ(notified, "task-id task-status ");
  post({job::StatusChanged{TaskStatus::success, stats}});
  EXPECT_EQ(notified, "task-id task-status task-status ");
}

TEST_F(Poster, posts_how_many_clips_there_are_and_which_one_is_fetched) {
  post({job::ResultKnown{.count = 3, .index = 1}});
  const auto all = bus_.messages();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(in_words(all[0].get()), "element modelverse/result");
  guint count = 0;
  guint index = 0;
  EXPECT_TRUE(gst_structure_get(gst_message_get_structure(all[0].get()), "count", G_TYPE_UINT,
                                &count, "url-index", G_TYPE_UINT, &index, nullptr));
  EXPECT_EQ(count, 3u);
  EXPECT_EQ(index, 1u);
}

TEST_F(Poster, posts_a_warning_without_ending_the_phase) {
  post({started(Phase::download),
        job::Warned{{.code = ErrorCode::open_write, .text = "Not kept.", .debug = {}}},
        completed(Phase::download)});
  EXPECT_EQ(bus_.told(), (Lines{"start download 0", "warning", "complete download 100"}));
}

TEST_F(Poster, posts_an_info_of_what_a_user_may_wonder_about) {
  post({job::Informed{"Waiting for another run."}});
  const auto all = bus_.messages();
  ASSERT_EQ(all.size(), 1u);
  ASSERT_EQ(GST_MESSAGE_TYPE(all[0].get()), GST_MESSAGE_INFO);
  ErrorSlot info;
  gchar* debug = nullptr;
  gst_message_parse_info(all[0].get(), info.out(), &debug);
  const CharPtr owned(debug);
  EXPECT_TRUE(g_error_matches(info.get(), GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY));
  EXPECT_STREQ(info.message(), "Waiting for another run.");
  EXPECT_NE(std::string(debug).find("Waiting for another run."), std::string::npos)
      << "gst-launch-1.0 shows nothing else";
}

TEST_F(Poster, keeps_what_is_noted_off_the_bus) {
  post({started(Phase::generate), job::Logged{"Trying again"}, completed(Phase::generate)});
  EXPECT_EQ(bus_.told(), (Lines{"start generate 0", "complete generate 100"}));
}

}  // namespace
}  // namespace modelverse
