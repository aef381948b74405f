// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_slot.h"

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
Arrival arrival_after(FrameSlot& slot, Change change) {
  auto waiting = std::async(std::launch::async, [&] { return slot.wait(long_time); });
  change();
  return waiting.get();
}

TEST(FrameSlot, hands_over_the_picture_to_who_waits_and_to_who_comes_later) {
  FrameSlot slot;
  const auto one = picture();
  EXPECT_EQ(std::get<SamplePtr>(arrival_after(slot, [&] { slot.put(one); })), one);
  EXPECT_EQ(std::get<SamplePtr>(slot.wait(long_time)), one);
  EXPECT_TRUE(slot.has_picture());
}

TEST(FrameSlot, the_first_picture_stays_until_it_is_emptied) {
  FrameSlot slot;
  const auto one = picture();
  slot.put(one);
  slot.put(picture());
  slot.close(3);
  slot.reopen();
  EXPECT_EQ(std::get<SamplePtr>(slot.wait(long_time)), one);
  slot.empty();
  EXPECT_FALSE(slot.has_picture());
  EXPECT_TRUE(std::holds_alternative<NothingYet>(slot.wait(seconds(0))));
}

TEST(FrameSlot, keeps_no_picture_that_has_been_used_and_takes_no_other_until_it_is_emptied) {
  FrameSlot slot;
  std::weak_ptr<GstSample> used;
  {
    const auto one = picture();
    used = one;
    slot.put(one);
  }
  EXPECT_FALSE(used.expired());
  slot.drop();
  EXPECT_TRUE(used.expired());
  EXPECT_TRUE(slot.has_picture());
  slot.put(picture());
  EXPECT_TRUE(std::holds_alternative<NothingYet>(slot.wait(seconds(0))));
  slot.empty();
  EXPECT_FALSE(slot.has_picture());
  slot.put(picture());
  EXPECT_TRUE(std::holds_alternative<SamplePtr>(slot.wait(long_time)));
}

TEST(FrameSlot, tells_of_an_end_without_a_picture_until_it_is_opened_again) {
  FrameSlot slot;
  const auto arrival = arrival_after(slot, [&] { slot.close(3); });
  EXPECT_EQ(std::get<StreamEnded>(arrival).passed_over, 3u);
  EXPECT_TRUE(std::holds_alternative<StreamEnded>(slot.wait(long_time)));
  slot.reopen();
  EXPECT_TRUE(std::holds_alternative<NothingYet>(slot.wait(seconds(0))));
}

TEST(FrameSlot, what_is_promised_is_waited_for_without_a_limit) {
  FrameSlot slot;
  slot.promise();
  auto waiting = std::async(std::launch::async, [&] { return slot.wait(seconds(0)); });
  EXPECT_EQ(waiting.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  const auto one = picture();
  slot.put(one);
  EXPECT_EQ(std::get<SamplePtr>(waiting.get()), one);
}

TEST(FrameSlot, an_interrupt_ends_every_wait_until_resume) {
  FrameSlot slot;
  EXPECT_TRUE(std::holds_alternative<Woken>(arrival_after(slot, [&] { slot.interrupt(); })));
  slot.put(picture());
  EXPECT_TRUE(std::holds_alternative<Woken>(slot.wait(long_time)));
  slot.resume();
  EXPECT_TRUE(std::holds_alternative<SamplePtr>(slot.wait(long_time)));
}

}  // namespace
}  // namespace modelverse
