// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iterator>
#include <string>
#include <utility>

#include "glib/handles.h"
#include "render/audio_joint.h"
#include "render/clip_files.h"
#include "render/destination.h"
#include "render/plan_table.h"
#include "render/report.h"
#include "support/scratch_directory.h"

namespace {
std::function<void()> after_next_link;
}  // namespace

// The module's link() in this program.
extern "C" int link(const char* from, const char* to) noexcept {
  const auto result = static_cast<int>(::syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
  if (const auto action = std::exchange(after_next_link, nullptr))
    action();
  return result;
}

namespace modelverse::render {
namespace {

Event planned(const char* shot, const char* state, std::optional<double> cost) {
  Event event = {.kind = Event::Kind::plan, .shot = shot, .state = state};
  if (cost)
    event.cost = Money{micros_of(*cost), "CNY"};
  return event;
}

TEST(Plan, is_added_up) {
  EXPECT_EQ(plan_total({planned("a", "kept", 0), planned("b", "to be made", 1.5),
                        planned("c", "to be made", 2)})
                .text,
            "3 shots: 1 kept, 2 to be made; cost: 3.50 CNY");
  const auto unknown = plan_total({planned("a", "to be made", {})});
  EXPECT_EQ(unknown.text, "1 shot: 1 to be made; cost: unknown");
  EXPECT_FALSE(unknown.cost);
}

TEST(Plan, tells_what_is_remarkable_of_a_shot) {
  auto shot = planned("b", "to be made", 0);
  shot.text = "the same request as a";
  const std::vector<Event> warnings = {
      {.kind = Event::Kind::warning, .shot = "b", .text = "The model x is unknown."},
      {.kind = Event::Kind::warning, .shot = "c", .text = "The model x is unknown."},
      {.kind = Event::Kind::warning, .text = "The plan costs more."}};
  EXPECT_NE(plan_as_text({shot}, warnings)
                .find("\nb: the same request as a\nb and 1 more: warning: The model x is unknown.\n"
                      "warning: The plan costs more.\n1 shot: "),
            std::string::npos);
}

TEST(Report, sums_up) {
  Totals totals = {.wanted = 5, .made = 1, .kept = 2, .failed = 1, .skipped = 1};
  totals.cost = Money{micros_of(2.4), "CNY"};
  EXPECT_EQ(summary_of(totals, false),
            "5 shots: 1 made, 2 kept, 1 failed, 1 skipped; submitted for about 2.40 CNY.");
  EXPECT_EQ(summary_of({.wanted = 1, .submitting = 1}, true),
            "Interrupted. 1 shot: 0 made, 0 kept, 1 left, 1 of them being submitted. Run again to "
            "continue.");
}

TEST(Report, gives_times_as_people_write_them) {
  EXPECT_EQ(time_text(65), "1:05");
  EXPECT_EQ(time_text(7400), "2:03:20");
}

TEST(Report, names_failed_and_skipped_shots_in_its_summary) {
  const auto line = summary_line_of(
      {.kind = Event::Kind::failed, .shot = "bay", .text = "it\nbroke", .remedy = "Run again."});
  EXPECT_EQ(line, "failed: bay: it broke. Run again.");
  EXPECT_EQ(
      summary_line_of({.kind = Event::Kind::skipped, .shot = "storm", .text = "starts from bay"}),
      "skipped: storm (starts from bay)");
}

constexpr GstClockTime packet = 21'333'333;

// Ten clips of 4 s whose sound has 189 packets, 32 ms more than the video.
TEST(AudioJoint, keeps_the_sound_within_20_ms) {
  AudioJoint joint;
  GstClockTime expected = 0;
  for (guint64 clip = 0; clip < 10; ++clip) {
    for (guint64 i = 0; i < 189; ++i) {
      const auto time = clip * 4 * GST_SECOND + i * packet;
      const auto placed =
          joint.place(time, i == 188 ? packet / 2 : packet, (clip + 1) * 4 * GST_SECOND);
      if (placed == GST_CLOCK_TIME_NONE)
        continue;
      EXPECT_LE(std::abs(GST_CLOCK_DIFF(time, placed)), GstClockTimeDiff{11} * GST_MSECOND);
      EXPECT_TRUE(placed == expected) << "no gap";
      expected = placed + packet;
    }
  }
  EXPECT_GT(expected, 39'980 * GST_MSECOND);
}

TEST(AudioJoint, leaves_a_pause_between_clips) {
  AudioJoint joint;
  joint.place(0, packet, GST_SECOND);
  EXPECT_EQ(joint.place(GST_SECOND, packet, 2 * GST_SECOND), GST_SECOND);
}

std::string content(const std::string& path) {
  char* text = nullptr;
  g_file_get_contents(path.c_str(), &text, nullptr, nullptr);
  const CharPtr owner(text);
  return text ? text : "";
}

TEST(Destination, is_written_to_on_trial_and_keeps_the_clips_from_the_film) {
  const test_support::ScratchDirectory scratch;
  const auto path = [&](const char* name) { return scratch.path() + "/" + name; };
  ASSERT_EQ(g_mkdir(path("film.mp4").c_str(), 0755), 0);
  g_file_set_contents(path("file").c_str(), "", -1, nullptr);
  Shot shot;
  shot.id = "bay";
  const std::pair<Destination, const char*> refused[] = {
      {{path("file"), ""}, "Cannot write"},
      {{"/proc/self/none", ""}, "Cannot write"},
      {{path("clips"), "/proc/self/film.mp4"}, "Cannot write"},
      {{"", path("film.mp4")}, "directory"},
      {{path("clips"), path("clips/../clips/bay.mp4")}, "clip of the shot bay"},
  };
  for (const auto& [destination, word] : refused) {
    const auto prepared = destination.prepare({shot});
    ASSERT_FALSE(prepared) << word;
    EXPECT_NE(prepared.error().text.find(word), std::string::npos) << prepared.error().text;
  }
  const Destination good("", path("a/bay.mp4"));
  EXPECT_TRUE(good.prepare({shot}));
  EXPECT_TRUE(g_file_test(path("a/.bay.mp4.clips").c_str(), G_FILE_TEST_IS_DIR));
  good.clean_up({shot});
  EXPECT_EQ(g_rmdir(path("a").c_str()), 0) << "nothing is left";
}

std::ptrdiff_t files_in(const std::string& directory) {
  return std::distance(std::filesystem::directory_iterator(directory), {});
}

TEST(ClipFiles, replace_a_file_in_one_step_and_are_made_again_without_a_change) {
  const test_support::ScratchDirectory scratch;
  const auto from = scratch.path() + "/clip", to = scratch.path() + "/bay.mp4";
  g_file_set_contents(from.c_str(), "new", -1, nullptr);
  g_file_set_contents(to.c_str(), "old", -1, nullptr);
  // A change in place would be one of the cached clip.
  constexpr auto may_write = static_cast<std::filesystem::perms>(0222);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(put_clip(from, to));
    EXPECT_EQ(content(to), "new");
    EXPECT_EQ(files_in(scratch.path()), 2);
    EXPECT_EQ(std::filesystem::status(to).permissions() & may_write, std::filesystem::perms::none);
  }
  const auto missing = put_clip(scratch.path() + "/none", to);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_EQ(content(to), "new");
}

// Two shards that start from the same shot put its clip at the same time.
TEST(ClipFiles, may_get_their_name_from_two_at_the_same_time) {
  const test_support::ScratchDirectory scratch;
  const auto one = scratch.path() + "/one", other = scratch.path() + "/other";
  const auto to = scratch.path() + "/bay.mp4";
  for (const auto& path : {one, other})
    g_file_set_contents(path.c_str(), "clip", -1, nullptr);
  for (const auto& second : {one, other}) {
    after_next_link = [&] { EXPECT_TRUE(put_clip(second, to)); };
    EXPECT_TRUE(put_clip(one, to));
    EXPECT_EQ(content(to), "clip");
    EXPECT_EQ(files_in(scratch.path()), 3);
    std::filesystem::remove(to);
  }
}

}  // namespace
}  // namespace modelverse::render
