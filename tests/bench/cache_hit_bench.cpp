// SPDX-License-Identifier: LGPL-2.1-or-later
// How long a clip in the cache takes to its first buffer, beside filesrc on the same file.
#include <fstream>
#include <future>
#include <iomanip>
#include <iostream>

#include "element/element_test.h"
#include "record.h"
#include "support/timing.h"

namespace test_support {
namespace {

constexpr int pairs = 25;

// The clip, made `size` bytes long by a box that players skip.
void write_padded(const std::string& path, std::string clip, std::size_t size) {
  const auto padding = size - clip.size();
  for (int shift = 24; shift >= 0; shift -= 8)
    clip += static_cast<char>(padding >> shift & 0xff);
  clip += "free" + std::string(padding - 8, '\0');
  std::ofstream(path, std::ios::binary) << clip;
}

GstPadProbeReturn tell(GstPad*, GstPadProbeInfo*, gpointer promise) {
  static_cast<std::promise<void>*>(promise)->set_value();
  return GST_PAD_PROBE_REMOVE;
}

// From set_state(PLAYING) to the first buffer.
Milliseconds time_to_first_buffer(const std::string& description) {
  Pipeline pipeline(description);
  std::promise<void> first;
  auto* pad = gst_element_get_static_pad(pipeline.source(), "src");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, tell, &first, nullptr);
  gst_object_unref(pad);
  return time_of([&] {
    pipeline.set_state(GST_STATE_PLAYING);
    EXPECT_EQ(first.get_future().wait_for(patience), std::future_status::ready);
  });
}

// Bytes; the picture is hashed at each start, the clip is not.
struct Sizes {
  std::size_t clip;
  std::size_t picture;  // 0: the sample as it is
};

class CacheHit : public ElementTest, public testing::WithParamInterface<Sizes> {
 protected:
  std::string kept() const {
    for (const auto& entry : entries_in(cache_dir() + "/cache"))
      return entry / "clip.mp4";
    return {};
  }
};

TEST_P(CacheHit, beside_filesrc_on_the_same_file) {
  ScratchDirectory directory;
  const auto served = directory.path() + "/clip.mp4";
  write_padded(served, file_content(clip_path()), GetParam().clip);
  auto bytes = file_content(picture());
  bytes.resize(std::max(bytes.size(), GetParam().picture));
  const auto photo = directory.path() + "/photo.jpg";
  std::ofstream(photo, std::ios::binary) << bytes;
  start_emulator({"--generation-time", "0.1", "--clip", served});
  const auto ours =
      bare_source("image-path=" + photo + " cache-dir=" + cache_dir() + "/cache") + " ! fakesink";
  {
    Pipeline first(ours);
    ASSERT_TRUE(first.run());
  }
  ASSERT_TRUE(wait_for_no_job_threads());
  emulator().forget_requests();
  const auto theirs = "filesrc name=src location=" + kept() + " ! fakesink";
  std::vector<Milliseconds> our_times, their_times;
  for (int pair = 0; pair < pairs; ++pair) {
    our_times.push_back(time_to_first_buffer(ours));
    their_times.push_back(time_to_first_buffer(theirs));
  }
  EXPECT_TRUE(emulator().requests().empty());
  const auto ours_is = percentile(our_times, 0.5), theirs_is = percentile(their_times, 0.5);
  std::cout << std::fixed << std::setprecision(2) << "clip " << std::setw(5)
            << static_cast<double>(GetParam().clip) / 1e6 << " MB, picture "
            << static_cast<double>(bytes.size()) / 1e6 << " MB: modelversesrc " << ours_is.count()
            << " ms, filesrc " << theirs_is.count() << " ms, ratio " << ours_is / theirs_is
            << " (medians of " << pairs << " pairs to the first buffer; least "
            << percentile(our_times, 0).count() << " and " << percentile(their_times, 0).count()
            << " ms)\n";
  record("\"bench\": \"hit\", \"clip\": " + std::to_string(GetParam().clip) + ", \"picture\": " +
         std::to_string(bytes.size()) + ", \"ours\": " + std::to_string(ours_is.count()) +
         ", \"filesrc\": " + std::to_string(theirs_is.count()) +
         ", \"pairs\": " + std::to_string(pairs));
}

INSTANTIATE_TEST_SUITE_P(Each, CacheHit,
                         testing::Values(Sizes{1'300'000, 0}, Sizes{5'000'000, 0},
                                         Sizes{35'000'000, 0}, Sizes{5'000'000, 3'000'000}));

}  // namespace
}  // namespace test_support
