// SPDX-License-Identifier: LGPL-2.1-or-later
// What a query finds in the cache without a job.
#include "job/kept.h"

#include <filesystem>
#include <fstream>

#include "bench.h"
#include "job/reader.h"
#include "support/plain_png.h"

namespace modelverse::job::test {
namespace {

struct KeptClip : Bench {
  KeptClip() {
    settings().image_uri = "https://pictures.example/a.png";
    settings().base_url = plan.base_url;
    settings().cache_dir = plan.cache_dir;
    keep();
  }
  // Makes the clip of the settings.
  void keep() {
    script->add(accepted());
    script->add(success({link}));
    fetch();
  }
  void fetch() {
    script->add(whole(clip));
    Reader reader(environment());
    EXPECT_TRUE(reader.open(settings()).ok());
    // The last byte comes when the clip is recorded.
    while (std::holds_alternative<UpdatesWaiting>(reader.read(clip.size() - 1, 1, true)))
      reader.take_updates();
    EXPECT_TRUE(reader.is_complete());
  }
  std::string path() const {
    for (const auto& file : std::filesystem::recursive_directory_iterator(plan.cache_dir))
      if (file.path().filename() == "clip.mp4")
        return file.path();
    return {};
  }
  const std::string clip = mp4(300'000);
};

TEST_F(KeptClip, of_the_same_request_is_found) {
  EXPECT_EQ(kept_clip_size(settings()), clip.size());
  settings().task_id = "task-1";
  EXPECT_EQ(kept_clip_size(settings()), clip.size());
}

TEST_F(KeptClip, of_the_same_task_is_found_beside_the_first) {
  settings().url_index = 1;
  script->add(success({"https://results.example/0", link}));
  fetch();
  EXPECT_EQ(kept_clip_size(settings()), clip.size());
  settings().url_index = 0;
  EXPECT_EQ(kept_clip_size(settings()), clip.size());
}

struct OtherClip {
  const char* name;
  void (*change)(Settings&);
};
struct AnotherClip : KeptClip, testing::WithParamInterface<OtherClip> {};

TEST_P(AnotherClip, is_not_found) {
  GetParam().change(settings());
  EXPECT_FALSE(kept_clip_size(settings()));
}

INSTANTIATE_TEST_SUITE_P(
    All, AnotherClip,
    testing::Values(OtherClip{"request", [](Settings& s) { s.prompt = "another"; }},
                    OtherClip{"task", [](Settings& s) { s.task_id = "task-2"; }},
                    OtherClip{"clip_of_the_task", [](Settings& s) { s.url_index = 1; }},
                    OtherClip{"refresh", [](Settings& s) { s.cache_mode = CacheMode::refresh; }},
                    OtherClip{"invalid", [](Settings& s) { s.prompt = "\xff"; }}),
    [](const auto& shown) { return shown.param.name; });

TEST_F(KeptClip, of_a_large_picture_is_not_looked_for) {
  settings().image_uri.clear();
  settings().image_path = directory.path() + "/picture.png";
  settings().image_fit = ImageFit::none;
  std::ofstream(settings().image_path, std::ios::binary) << test_support::plain_png(1280, 720);
  std::filesystem::resize_file(settings().image_path, 8 << 20);
  keep();
  EXPECT_EQ(kept_clip_size(settings()), clip.size());
  std::filesystem::resize_file(settings().image_path, (8 << 20) + 1);
  keep();
  EXPECT_EQ(script->posts(), 3u);
  EXPECT_FALSE(kept_clip_size(settings()));
}

TEST_F(KeptClip, that_was_cut_is_not_found) {
  ASSERT_FALSE(path().empty());
  std::filesystem::resize_file(path(), 1000);
  EXPECT_FALSE(kept_clip_size(settings()));
}

}  // namespace
}  // namespace modelverse::job::test
