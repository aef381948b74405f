// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes response bytes to their position in the clip. Bytes that the clip already holds are
// compared, not written again: a server that ignores Range, or starts at another offset, costs
// traffic only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "http/transport.h"
#include "job/job.h"
#include "job/mp4_probe.h"
#include "store/clip.h"

namespace modelverse::job {

// Readers can start at this size when the index comes first.
inline constexpr std::uint64_t probed_bytes = 64 * 1024;

class Receiver final : public http::BodySink {
 public:
  // move_to() before the first exchange.
  explicit Receiver(Job& job) : job_(job) {}

  // Before each exchange.
  void prepare() {
    error_.reset();
    has_disk_failed_ = is_range_rejected_ = has_progressed_ = false;
  }
  // Headers that request the missing bytes.
  std::vector<http::Header> range_headers() const;

  bool begin(const http::HttpResponse& response) override;
  std::span<std::byte> space() override;
  bool commit(std::size_t size) override;
  void on_idle() override;

  // After the last exchange: checks the clip's end. False: see error().
  bool finish();
  // The next request asks for the whole file; received bytes are compared with the existing ones.
  void request_whole() { wants_whole_ = true; }
  // The same, for a clip that turned out to be wrong: before publish() the received bytes are
  // discarded.
  Status start_over();
  // Begins in this file, or continues in another one that holds the same bytes.
  void move_to(std::shared_ptr<store::Clip> clip);

  const std::shared_ptr<store::Clip>& clip() const { return clip_; }
  // Why the receiver ended this exchange.
  const std::optional<Error>& error() const { return error_; }
  // error() is a write error of the disk.
  bool has_disk_failed() const { return has_disk_failed_; }
  // The response does not match the existing bytes; the next request asks for the whole file.
  bool is_range_rejected() const { return is_range_rejected_; }
  bool has_progressed() const { return has_progressed_; }
  // This response reached the end of the existing bytes, and all declared bytes are present (or the
  // server declared no size and closed the connection cleanly).
  bool is_complete() const {
    return position_ >= clip_->available() && (!total_ || clip_->available() >= *total_);
  }
  // The response was complete and shorter than the existing bytes.
  bool is_shrunk() const {
    return position_ < clip_->available() && (!total_ || position_ == *total_);
  }
  bool is_published() const { return is_published_; }
  // Before the first exchange: an earlier run received everything.
  bool was_complete_before() const;

 private:
  bool place(const http::HttpResponse& response);
  bool reject_range();
  bool matches_existing(const http::HttpResponse& response,
                        std::optional<std::uint64_t> total) const;
  void note_version(const http::HttpResponse& response);
  void record_version();
  bool append(std::size_t size);
  bool compare(std::span<const std::byte> received);
  bool replace_from(std::uint64_t offset, std::span<const std::byte> received);
  bool grew();
  void announce();
  bool probe_start();
  bool check_end();
  void publish();
  bool refuse_size();
  bool refuse(ErrorCode code, std::string text, std::string debug,
              SourceLocation origin = SourceLocation::current());

  Job& job_;
  std::shared_ptr<store::Clip> clip_;
  Mp4Layout layout_ = Mp4Layout::need_more;
  std::optional<std::uint64_t> total_;
  bool wants_whole_ = false;
  bool is_published_ = false;
  std::uint64_t announced_ = 0;  // bytes that were announced to readers
  int announced_percent_ = -5;
  std::vector<std::byte> scratch_;  // received bytes that are only compared

  // Version of the clip in the current response.
  struct Version {
    std::string etag;
    std::string last_modified;
    std::uint64_t size = 0;
  };

  // State of the current exchange.
  int http_status_ = 0;
  Version arriving_;
  std::uint64_t position_ = 0;  // in the clip, of the next byte received
  std::optional<Error> error_;
  bool may_be_part_ = false;  // else, without Content-Range, the response is the whole file
  bool has_disk_failed_ = false;
  bool is_range_rejected_ = false;
  bool has_progressed_ = false;
};

}  // namespace modelverse::job
