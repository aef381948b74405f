// SPDX-License-Identifier: LGPL-2.1-or-later
// However much a service sends, the element keeps little of it.
#include "fault/matrix.h"
#include "fault/player_test.h"
#include "support/raw_service.h"

namespace test_support {
namespace {

// What a process with the element may need more than one whose service is well.
constexpr long allowance = 12 * 1024;  // KiB

struct Flood {
  const char* name;
  std::string rules;         // the emulator's
  std::vector<RawStep> raw;  // or a raw service's
  std::string end;           // "eos", or a word of the error
  std::string properties = {};
};

RawStep endless(const std::string& route, std::string bytes, std::string endlessly) {
  return {.route = route, .bytes = std::move(bytes), .endlessly = std::move(endlessly), .times = 2};
}

const std::string kilobytes(64 << 10, ' ');
const std::string ok = "HTTP/1.1 200 OK\r\n";
const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";

std::string repeated(const char* text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i)
    all += text;
  return all;
}

RawStep bad_poll(std::string bytes) {
  return {.route = "status", .bytes = std::move(bytes), .times = 3};
}

// What comes as one answer.
const Flood bodies[] = {
    {"a_status_of_a_gibibyte", on_poll(R"("body_size":1073741824)", 3), {}, "eos"},
    {"a_receipt_of_a_gibibyte", on_submit(R"("body_size":1073741824)"), {}, "accepted and billed"},
    {"objects_of_100_000_levels", "", {bad_poll(answer(repeated("{\"a\":", 100'000)))}, "eos"},
    {"300_000_values",
     "",
     {bad_poll(answer(R"({"output":{"task_status":"Success","urls":[)" +
                      repeated("\"\",", 300'000) + R"(""]}})"))},
     "eos"},
};
// What never ends.
const Flood streams[] = {
    {"a_head", "", {endless("status", ok, "A: " + kilobytes + "\r\n")}, "eos"},
    {"a_body", "", {endless("status", ok + "\r\n", kilobytes)}, "eos"},
    {"a_trailer", "", {endless("status", chunked + "0\r\n", "A: b\r\n")}, "eos"},
    {"a_challenge",
     "",
     {endless("status", "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"a\"\r\n\r\n",
              kilobytes)},
     "eos"},
    {"a_download", "", {endless("result", ok + "\r\n", kilobytes)}, "eos"},
};

void PrintTo(const Flood& flood, std::ostream* out) {
  *out << flood.name;
}

class Memory : public PlayerTest, public testing::WithParamInterface<Flood> {
 protected:
  static void SetUpTestSuite() {
    gst_init(nullptr, nullptr);
    shared_ = std::make_unique<EmulatorProcess>(
        std::vector<std::string>{"--generation-time", "0.02", "--clip", clip_path()});
    const auto end = play(
        "modelversesrc name=src api-key=any poll-interval=5 cache-mode=off take=1"
        " cache-dir=" +
        ScratchDirectory().path() + " image-path=" + picture() +
        " base-url=" + shared_->base_url() + " ! fakesink");
    EXPECT_EQ(end.exit_code, 0) << end.output;
    usual_ = peak_memory(end);
  }
  static void TearDownTestSuite() { shared_.reset(); }
  static std::unique_ptr<EmulatorProcess> shared_;
  static long usual_;
};
std::unique_ptr<EmulatorProcess> Memory::shared_;
long Memory::usual_ = 0;

TEST_P(Memory, stays_bounded) {
  const auto& flood = GetParam();
  std::unique_ptr<RawService> raw;
  if (!flood.raw.empty())
    raw = std::make_unique<RawService>(flood.raw, matrix_clip());
  shared_->play("{\"rules\":[" + flood.rules + "]}");
  const auto end = play(source("poll-interval=5 retry-backoff-factor=0.001 " + flood.properties +
                               " base-url=" + (raw ? raw->base_url() : shared_->base_url())) +
                        " ! fakesink");
  if (flood.end == "eos")
    EXPECT_EQ(end.exit_code, 0) << end.output;
  else
    EXPECT_NE(line_of(end.output, "ERROR").find(flood.end), std::string::npos) << end.output;
  const auto peak = peak_memory(end);
  RecordProperty("peak_kib", static_cast<int>(peak));
  RecordProperty("usual_kib", static_cast<int>(usual_));
  EXPECT_LT(peak, usual_ + allowance);
}

INSTANTIATE_TEST_SUITE_P(Body, Memory, testing::ValuesIn(bodies),
                         [](const auto& shown) { return shown.param.name; });
INSTANTIATE_TEST_SUITE_P(Endless, Memory, testing::ValuesIn(streams),
                         [](const auto& shown) { return shown.param.name; });

}  // namespace
}  // namespace test_support
