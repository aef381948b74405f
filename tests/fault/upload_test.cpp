// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture of 40 MB on its way to the service: every byte arrives, and the process holds no
// more than the picture and the request's body.
#include <malloc.h>

#include <atomic>
#include <fstream>
#include <mutex>

#include "fault/matrix.h"
#include "support/raw_service.h"
#include "support/sanitized.h"

namespace test_support {
namespace {

// The figures say nothing under a sanitizer.
constexpr std::size_t picture_size = is_sanitized ? 4'000'000 : 40'000'000;
constexpr long allowance = 2 * 1024;  // KiB
constexpr std::string_view before = R"({"model":"openai/sora-2/image-to-video-pro","input":{)"
                                    R"("first_frame_url":"data:image/jpeg;base64,)";
constexpr std::string_view after =
    R"(","prompt":"large"},"parameters":{"resolution":"720p","duration":4}})";

class Digest {
 public:
  void add(std::string_view bytes) {
    g_checksum_update(sum_.get(), reinterpret_cast<const guchar*>(bytes.data()),
                      static_cast<gssize>(bytes.size()));
    size_ += bytes.size();
  }
  std::size_t size() const { return size_; }
  std::string hex() const { return g_checksum_get_string(sum_.get()); }

 private:
  const modelverse::ChecksumPtr sum_{g_checksum_new(G_CHECKSUM_SHA256)};
  std::size_t size_ = 0;
};

// Reads slowly, keeps a body's digest and not the body, and lets the task run until it is told.
class Reading {
 public:
  struct Submit {
    std::string head;
    std::size_t size = 0;
    std::string digest;
  };

  std::string base_url() const { return server_.url(""); }
  unsigned polls() const { return polls_; }
  void set_done(bool is_done) { is_done_ = is_done; }
  // So many submits are reset in the middle of their body.
  void reset_amid(int submits) { resets_left_ = submits; }
  unsigned submits() const { return submits_; }
  Submit last() const {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  void serve(Peer& peer) {
    while (const auto head = peer.read_head()) {
      const auto route = route_of(*head);
      if (route == "submit" && !receive(peer, *head))
        return;
      peer.send(answer_to(route));
    }
  }

  bool receive(Peer& peer, const std::string& head) {
    ++submits_;
    Digest digest;
    const auto size = body_size(head);
    const bool is_reset = resets_left_ > 0 && resets_left_-- > 0;
    while (digest.size() < (is_reset ? std::min<std::size_t>(size, 100'000) : size)) {
      const auto piece = peer.read_some(size - digest.size());
      if (piece.empty())
        return false;
      digest.add(piece);
    }
    if (is_reset) {
      peer.reset();
      return false;
    }
    const std::lock_guard lock(mutex_);
    last_ = {head, digest.size(), digest.hex()};
    return true;
  }

  std::string answer_to(const std::string& route) {
    if (route == "submit")
      return answer(R"({"output":{"task_id":"large"},"request_id":"r"})");
    if (route == "result")
      return answer(matrix_clip());
    ++polls_;
    if (!is_done_)
      return answer(R"({"output":{"task_id":"large","task_status":"Running"}})");
    return answer(R"({"output":{"task_id":"large","task_status":"Success","urls":[")" + base_url() +
                  R"(/clip.mp4"]}})");
  }

  mutable std::mutex mutex_;
  Submit last_;
  std::atomic<unsigned> polls_ = 0;
  std::atomic<unsigned> submits_ = 0;
  std::atomic<int> resets_left_ = 0;
  std::atomic<bool> is_done_ = true;
  TestServer server_{[this](Peer& peer) { serve(peer); }};
};

// The tests' picture with comments of noise behind its start: 40 MB, and still a JPEG.
std::string large_jpeg(std::size_t size = picture_size) {
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

std::string base64_of(const std::string& bytes) {
  const modelverse::CharPtr text(
      g_base64_encode(reinterpret_cast<const guchar*>(bytes.data()), bytes.size()));
  return text.get();
}

// KiB of the line of this process's status.
long status_of(const std::string& label) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(label + ":"))
      return std::strtol(line.c_str() + label.size() + 1, nullptr, 10);
  }
  ADD_FAILURE() << "/proc/self/status says nothing of " << label;
  return 0;
}

// From now on VmHWM is the highest since now.
void forget_peak() {
  std::ofstream file("/proc/self/clear_refs");
  file << "5" << std::flush;
  EXPECT_TRUE(file.good()) << "the peak of the memory cannot be reset";
}

// GStreamer asks a source for its URI to name the stream by (gst_pad_create_stream_id()), and
// copies it: a data: URI is a part of that. So what is looked at begins behind it.
GstPadProbeReturn forget_peak_at_start(GstPad*, GstPadProbeInfo* info, gpointer) {
  if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_STREAM_START)
    return GST_PAD_PROBE_OK;
  forget_peak();
  return GST_PAD_PROBE_REMOVE;
}

void watch_from_stream_start(GstElement* source) {
  GstPad* pad = gst_element_get_static_pad(source, "src");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, forget_peak_at_start, nullptr,
                    nullptr);
  gst_object_unref(pad);
}

class Upload : public ElementTest, public testing::WithParamInterface<const char*> {
 protected:
  std::string description(const std::string& more) const {
    return bare_source("prompt=large image-fit=none poll-interval=20 base-url=" +
                       service_.base_url() + " " + more) +
           " ! fakesink";
  }

  // What a first clip leaves behind in the libraries is not what this one costs.
  void warm_up() {
    for (const auto* take : {"take=1", "take=2"}) {
      Pipeline small(description("image-path=" + picture() + " " + take));
      EXPECT_TRUE(small.run());
    }
    EXPECT_TRUE(wait_for_no_job_threads());
  }

  // Everything that the test itself needs is gone when this returns.
  void set_picture(GstElement* source, Digest& expected) {
    const auto bytes = large_jpeg();
    size_ = bytes.size();
    const auto text = base64_of(bytes);
    for (const auto part : {before, std::string_view(text), after})
      expected.add(part);
    const std::string kind = GetParam();
    if (kind == "file") {
      const auto path = files_.path() + "/large.jpg";
      std::ofstream(path, std::ios::binary) << bytes;
      g_object_set(source, "image-path", path.c_str(), nullptr);
    } else if (kind == "data_uri") {
      g_object_set(source, "image-uri", ("data:image/jpeg;base64," + text).c_str(), nullptr);
    } else {
      GstBuffer* buffer = gst_buffer_new_memdup(bytes.data(), bytes.size());
      GstSample* sample = gst_sample_new(buffer, nullptr, nullptr, nullptr);
      g_object_set(source, "image-sample", sample, nullptr);
      gst_sample_unref(sample);
      gst_buffer_unref(buffer);
    }
  }

  long size_kib() const { return static_cast<long>(size_ / 1024); }

  Reading service_;
  ScratchDirectory files_;
  std::size_t size_ = 0;
};

void expect_below(const char* what, long cost) {
  testing::Test::RecordProperty(what, static_cast<int>(cost));
  if (!is_sanitized) {
    EXPECT_LT(cost, allowance) << what;
  }
}

TEST_P(Upload, costs_the_picture_and_the_body_and_nothing_once_it_is_accepted) {
  warm_up();
  service_.set_done(false);
  Digest expected;
  Pipeline pipeline(description(""));
  set_picture(pipeline.source(), expected);
  malloc_trim(0);
  forget_peak();
  const auto idle = status_of("VmRSS");
  if (std::string_view(GetParam()) == "data_uri")
    watch_from_stream_start(pipeline.source());
  const auto polls = service_.polls();
  pipeline.set_state(GST_STATE_PLAYING);
  pipeline.wait_for_progress("generate", GST_PROGRESS_TYPE_START);
  ASSERT_TRUE(wait_until([&] { return service_.polls() > polls + 1; }));
  const auto body_kib = static_cast<long>(expected.size() / 1024);
  expect_below("peak_kib", status_of("VmHWM") - idle - size_kib() - body_kib);
  expect_below("waiting_kib", status_of("VmRSS") - idle);
  service_.set_done(true);
  EXPECT_TRUE(pipeline.wait_for_end());
  const auto submit = service_.last();
  EXPECT_EQ(submit.size, expected.size());
  EXPECT_EQ(submit.digest, expected.hex());
  EXPECT_NE(submit.head.find("\r\nContent-Length: " + std::to_string(expected.size()) + "\r\n"),
            std::string::npos)
      << submit.head;
  EXPECT_EQ(submit.head.find("Transfer-Encoding"), std::string::npos) << submit.head;
}

// A part of a request is none, so nothing was accepted.
class HalfSent : public ElementTest {
 protected:
  std::string description(const std::string& more) {
    const auto path = files_.path() + "/large.jpg";
    // More than the sockets of the kernel hold.
    std::ofstream(path, std::ios::binary) << large_jpeg(40'000'000);
    return bare_source("prompt=large image-fit=none poll-interval=20 base-url=" +
                       service_.base_url() + " image-path=" + path + " " + more) +
           " ! fakesink";
  }
  Reading service_;
  ScratchDirectory files_;
};

TEST_F(HalfSent, a_submit_is_repeated_and_one_task_is_paid_for) {
  service_.reset_amid(2);
  Pipeline pipeline(description("retries=2"));
  EXPECT_TRUE(pipeline.run());
  EXPECT_EQ(service_.submits(), 3u);
  EXPECT_EQ(pipeline.stat("retries"), 2u);
  EXPECT_GT(service_.last().size, 40'000'000u);
}

TEST_F(HalfSent, a_submit_is_repeated_within_retries_and_blocks_no_later_run) {
  service_.reset_amid(2);
  const auto elements = description("retries=1");
  Pipeline pipeline(elements);
  EXPECT_FALSE(pipeline.run());
  EXPECT_EQ(service_.submits(), 2u);
  EXPECT_EQ(service_.last().size, 0u);
  Pipeline later(elements);
  EXPECT_TRUE(later.run());
  EXPECT_EQ(service_.submits(), 3u);
}

INSTANTIATE_TEST_SUITE_P(Of, Upload, testing::Values("file", "data_uri", "sample"),
                         [](const auto& shown) { return std::string(shown.param); });

}  // namespace
}  // namespace test_support
