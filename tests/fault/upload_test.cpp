// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture of 40 MB on its way to the service: the process holds the picture and the request's
// body, and neither once the task is accepted. tests/unit has the bytes on the wire and broken
// uploads.
#include <malloc.h>

#include <fstream>

#include "element/element_test.h"
#include "support/peak.h"
#include "support/sanitized.h"

namespace test_support {
namespace {

// The figures say nothing under a sanitizer.
constexpr std::size_t picture_size = is_sanitized ? 4'000'000 : 40'000'000;
constexpr long allowance = 8 * 1024;  // KiB

// The tests' picture with comments of noise behind its start: 40 MB, and still a JPEG.
std::string large_jpeg(std::size_t size) {
  constexpr std::size_t payload = 65'000;
  const auto small = file_content(ElementTest::picture());
  std::string bytes = small.substr(0, 2);
  bytes.reserve(size);
  std::uint32_t noise = 1;
  while (bytes.size() + small.size() + payload + 2 < size) {
    bytes += {'\xff', '\xfe', static_cast<char>((payload + 2) >> 8),
              static_cast<char>((payload + 2) & 0xff)};
    for (std::size_t i = 0; i < payload; ++i)
      bytes += static_cast<char>((noise = noise * 1664525 + 1013904223) >> 24);
  }
  return bytes + small.substr(2);
}

class Upload : public ElementTest, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    ElementTest::SetUp();
    start_emulator({"--generation-time", "0.05"});
    // What a first clip leaves behind in the libraries is not what this one costs.
    Pipeline small(source("prompt=small") + " ! fakesink");
    EXPECT_TRUE(small.run());
    EXPECT_TRUE(wait_for_no_job_threads());
  }

  // Returns the picture's digest. Everything that the test itself needs is gone by then.
  std::string set_picture(GstElement* source) const {
    const auto bytes = large_jpeg(picture_size);
    if (GetParam() == std::string("file")) {
      const auto path = files_.path() + "/large.jpg";
      std::ofstream(path, std::ios::binary) << bytes;
      g_object_set(source, "image-path", path.c_str(), nullptr);
    } else {
      GstBuffer* buffer = gst_buffer_new_memdup(bytes.data(), bytes.size());
      GstSample* sample = gst_sample_new(buffer, nullptr, nullptr, nullptr);
      g_object_set(source, "image-sample", sample, nullptr);
      gst_sample_unref(sample);
      gst_buffer_unref(buffer);
    }
    return digest_of(bytes);
  }

  ScratchDirectory files_;
};

TEST_P(Upload, costs_the_picture_and_the_body_and_nothing_once_it_is_accepted) {
  emulator().play(R"({"rules":[{"route":"status","task_status":"Running","times":0}]})");
  Pipeline pipeline(bare_source("prompt=large image-fit=none") + " ! fakesink");
  const auto digest = set_picture(pipeline.source());
  malloc_trim(0);
  forget_peak();
  const auto idle = status_kib("VmRSS");
  const auto polls = emulator().polls();
  pipeline.set_state(GST_STATE_PLAYING);
  pipeline.wait_for_progress("generate", GST_PROGRESS_TYPE_START);
  ASSERT_TRUE(wait_until([&] { return emulator().polls() > polls + 1; }));
  const auto peak = peak_kib() - idle;
  const auto waiting = status_kib("VmRSS") - idle;
  EXPECT_NE(submitted_text(emulator()).find(digest), std::string::npos);
  const auto body = static_cast<long>(emulator().requests("submit").back().body_size / 1024);
  RecordProperty("peak_kib", static_cast<int>(peak));
  RecordProperty("waiting_kib", static_cast<int>(waiting));
  if (!is_sanitized) {
    EXPECT_LT(peak, static_cast<long>(picture_size / 1024) + body + allowance);
    EXPECT_LT(waiting, allowance);
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Upload, testing::Values("file", "sample"),
                         [](const auto& shown) { return std::string(shown.param); });

}  // namespace
}  // namespace test_support
