// SPDX-License-Identifier: LGPL-2.1-or-later
#include "intake.h"

#include <gtest/gtest.h>

#include <future>

namespace modelverse {
namespace {

using std::chrono::seconds;

constexpr seconds long_time(60);

SamplePtr picture() {
  return SamplePtr(gst_sample_new(nullptr, nullptr, nullptr, nullptr), gst_sample_unref);
}

// What another thread that waits gets once `change` was made.
template <typename Change>
Arrival arrival_after(Intake& intake, Change change) {
  auto waiting = std::async(std::launch::async, [&] { return intake.wait(long_time); });
  change();
  return waiting.get();
}

TEST(Intake, hands_over_the_picture_to_who_waits_and_to_who_comes_later) {
  Intake intake;
  const auto one = picture();
  EXPECT_EQ(std::get<SamplePtr>(arrival_after(intake, [&] { intake.put(one); })), one);
  EXPECT_EQ(std::get<SamplePtr>(intake.wait(long_time)), one);
  EXPECT_TRUE(intake.has_picture());
}

TEST(Intake, the_first_picture_stays_until_it_is_emptied) {
  Intake intake;
  const auto one = picture();
  intake.put(one);
  intake.put(picture());
  intake.close(3);
  intake.reopen();
  EXPECT_EQ(std::get<SamplePtr>(intake.wait(long_time)), one);
  intake.empty();
  EXPECT_FALSE(intake.has_picture());
  EXPECT_TRUE(std::holds_alternative<NothingYet>(intake.wait(seconds(0))));
}

TEST(Intake, keeps_no_picture_that_has_been_used_and_takes_no_other_until_it_is_emptied) {
  Intake intake;
  std::weak_ptr<GstSample> used;
  {
    const auto one = picture();
    used = one;
    intake.put(one);
  }
  EXPECT_FALSE(used.expired());
  intake.drop();
  EXPECT_TRUE(used.expired());
  EXPECT_TRUE(intake.has_picture());
  intake.put(picture());
  EXPECT_TRUE(std::holds_alternative<NothingYet>(intake.wait(seconds(0))));
  intake.empty();
  EXPECT_FALSE(intake.has_picture());
  intake.put(picture());
  EXPECT_TRUE(std::holds_alternative<SamplePtr>(intake.wait(long_time)));
}

TEST(Intake, tells_of_an_end_without_a_picture_until_it_is_opened_again) {
  Intake intake;
  const auto arrival = arrival_after(intake, [&] { intake.close(3); });
  EXPECT_EQ(std::get<StreamEnded>(arrival).passed_over, 3u);
  EXPECT_TRUE(std::holds_alternative<StreamEnded>(intake.wait(long_time)));
  intake.reopen();
  EXPECT_TRUE(std::holds_alternative<NothingYet>(intake.wait(seconds(0))));
}

TEST(Intake, what_is_promised_is_waited_for_without_a_limit) {
  Intake intake;
  intake.promise();
  auto waiting = std::async(std::launch::async, [&] { return intake.wait(seconds(0)); });
  EXPECT_EQ(waiting.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  const auto one = picture();
  intake.put(one);
  EXPECT_EQ(std::get<SamplePtr>(waiting.get()), one);
}

TEST(Intake, an_interrupt_ends_every_wait_until_resume) {
  Intake intake;
  EXPECT_TRUE(std::holds_alternative<Woken>(arrival_after(intake, [&] { intake.interrupt(); })));
  intake.put(picture());
  EXPECT_TRUE(std::holds_alternative<Woken>(intake.wait(long_time)));
  intake.resume();
  EXPECT_TRUE(std::holds_alternative<SamplePtr>(intake.wait(long_time)));
}

}  // namespace
}  // namespace modelverse
