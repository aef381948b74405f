// SPDX-License-Identifier: LGPL-2.1-or-later
// The emulator's parts whose state cannot be held still from outside the process.
#include <gtest/gtest.h>

#include <array>

#include "emulator/encoded_picture.h"
#include "emulator/http.h"
#include "emulator/task_list.h"
#include "emulator/text.h"

namespace emulator {
namespace {

Clip good_clip() {
  Clip clip;
  clip.bytes = adopt_blob(g_bytes_new_static("clip", 4));
  return clip;
}

TEST(TaskList, lets_a_task_pend_for_a_fifth_of_the_generation_time) {
  TaskList tasks(1e6, 1);
  auto job = std::make_shared<ClipJob>();
  job->finish(good_clip());
  Task& task = tasks.add({}, job, "", "");
  EXPECT_EQ(tasks.state(task), TaskState::pending);
  task.submitted -= std::chrono::seconds(199'000);
  EXPECT_EQ(tasks.state(task), TaskState::pending);
  task.submitted -= std::chrono::seconds(2'000);
  EXPECT_EQ(tasks.state(task), TaskState::running);
  task.submitted -= std::chrono::seconds(800'000);
  EXPECT_EQ(tasks.state(task), TaskState::success);
}

TEST(TaskList, waits_for_the_clip_when_the_time_has_passed) {
  TaskList tasks(0, 1);
  const auto job = std::make_shared<ClipJob>();
  const Task& task = tasks.add({}, job, "", "");
  EXPECT_EQ(tasks.state(task), TaskState::running);
  job->finish(good_clip());
  EXPECT_EQ(tasks.state(task), TaskState::success);
}

TEST(TaskList, lets_a_task_fail_whose_clip_cannot_be_made) {
  TaskList tasks(0, 1);
  const auto job = std::make_shared<ClipJob>();
  const Task& task = tasks.add({}, job, "", "");
  Clip none;
  none.problem = "no picture";
  job->finish(none);
  EXPECT_EQ(tasks.state(task), TaskState::failure);
}

TEST(TaskList, finds_the_newest_task_of_an_id) {
  TaskList tasks(0, 1);
  tasks.add({}, std::make_shared<ClipJob>(), "first", "id");
  tasks.add({}, std::make_shared<ClipJob>(), "second", "id");
  ASSERT_TRUE(tasks.find("id"));
  EXPECT_EQ(tasks.find("id")->request_digest, "second");
  EXPECT_FALSE(tasks.find("other"));
}

TEST(Content, is_the_same_filler_at_any_offset) {
  for (const auto shape :
       {Content::Shape::bytes, Content::Shape::mp4, Content::Shape::mp4_index_first}) {
    const Content content = Content::filler(100'000, shape);
    std::array<unsigned char, 100> whole{};
    content.copy(0, whole);
    for (std::size_t offset = 0; offset < 60; ++offset) {
      std::array<unsigned char, 40> part{};
      content.copy(offset, part);
      EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + static_cast<long>(offset)));
    }
  }
}

// A box: a 32-bit length, a type; where the length is 1, a 64-bit one behind the type.
TEST(Content, is_filled_into_boxes_that_end_with_the_file) {
  const Content content = Content::filler(100'000, Content::Shape::mp4_index_first);
  std::array<unsigned char, 48> head{};
  content.copy(0, head);
  const auto type_at = [&](std::size_t box) {
    return std::string(head.begin() + static_cast<long>(box) + 4,
                       head.begin() + static_cast<long>(box) + 8);
  };
  EXPECT_EQ(type_at(0), "ftyp");
  EXPECT_EQ(head[3], 24);
  EXPECT_EQ(type_at(24), "moov");
  EXPECT_EQ(head[27], 8);
  EXPECT_EQ(type_at(32), "mdat");
  EXPECT_EQ(head[35], 1);
  std::uint64_t length = 0;
  for (std::size_t i = 40; i < 48; ++i)
    length = length << 8 | head[i];
  EXPECT_EQ(32 + length, content.size());
}

TEST(MaskSignature, masks_nothing_else) {
  EXPECT_EQ(mask_signature("Expires=1&Signature=abc"), "Expires=1&Signature=***");
  EXPECT_EQ(mask_signature("Signature=abc&x=1"), "Signature=***&x=1");
  EXPECT_EQ(mask_signature("task_id=Signature"), "task_id=Signature");
  EXPECT_EQ(mask_signature(""), "");
}

TEST(EncodedPicture, keeps_the_bytes_and_the_media_type) {
  const auto uri = read_encoded_picture("DATA:image/PNG;base64,QUJD");
  ASSERT_TRUE(uri && uri->bytes);
  EXPECT_EQ(uri->encoding, PictureEncoding::data_uri);
  EXPECT_EQ(uri->media_type, "image/PNG");
  EXPECT_EQ(blob_size(uri->bytes), 3u);
  const auto bare = read_encoded_picture("QUI=");
  ASSERT_TRUE(bare && bare->bytes);
  EXPECT_EQ(bare->encoding, PictureEncoding::base64);
  EXPECT_EQ(blob_size(bare->bytes), 2u);
}

}  // namespace
}  // namespace emulator
