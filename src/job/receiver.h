// SPDX-License-Identifier: LGPL-2.1-or-later
// Takes the bytes of responses to their place in the clip. What the clip holds already is compared,
// not written again: a server that ignores Range, or starts somewhere else, costs traffic only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "http/transport.h"
#include "job/context.h"
#include "job/mp4_probe.h"
#include "store/clip.h"

namespace modelverse::job {

// A reader is let in when this much is there and the index stands first.
inline constexpr std::uint64_t probed_bytes = 64 * 1024;

class Receiver final : public http::BodySink {
 public:
  Receiver(Context& context, std::shared_ptr<store::Clip> clip);

  // Before each exchange.
  void prepare() {
    error_.reset();
    has_disk_failed_ = is_misplaced_ = has_progressed_ = false;
  }
  // The headers that ask for what is missing.
  std::vector<http::Header> range_headers() const;

  bool begin(const http::Response& response) override;
  std::span<std::byte> space() override;
  bool commit(std::size_t size) override;
  void rest() override;

  // After the last exchange: checks what could not be checked before. False: see error().
  bool finish();
  // The next request is for the whole, and what is here is compared.
  void ask_for_whole() { wants_whole_ = true; }
  // The clip's bytes are not worth keeping: start from nothing.
  Status start_over();
  // Goes on in another file that holds the same bytes.
  void move_to(std::shared_ptr<store::Clip> clip);

  const std::shared_ptr<store::Clip>& clip() const { return clip_; }
  // Why this exchange was given up by us.
  const std::optional<Error>& error() const { return error_; }
  // error() is the disk's: write errors only.
  bool has_disk_failed() const { return has_disk_failed_; }
  // The response did not fit what is here; the next request asks for the whole.
  bool is_misplaced() const { return is_misplaced_; }
  bool has_progressed() const { return has_progressed_; }
  // This response reached the end of what is here, and every byte that was promised is there (or
  // the server never said how many there are and has closed well).
  bool is_whole() const {
    return position_ >= clip_->available() && (!total_ || clip_->available() >= *total_);
  }
  // The response was whole and shorter than what is here.
  bool is_shrunk() const {
    return position_ < clip_->available() && (!total_ || position_ == *total_);
  }
  bool is_published() const { return is_published_; }
  // Before the first exchange: an earlier run received everything.
  bool is_whole_from_before() const;

 private:
  bool place(const http::Response& response);
  bool misplace();
  bool fits_what_is_here(const http::Response& response, std::optional<std::uint64_t> total) const;
  void remember(const http::Response& response);
  void take_over_version();
  bool append(std::size_t size);
  bool compare(std::span<const std::byte> received);
  bool replace_from(std::uint64_t offset, std::span<const std::byte> received);
  bool grew();
  void announce();
  bool probe_start();
  bool check_end();
  void publish();
  bool refuse_size();
  bool refuse(ErrorCode code, std::string text, std::string debug);

  Context& context_;
  std::shared_ptr<store::Clip> clip_;
  Mp4Layout layout_ = Mp4Layout::need_more;
  std::optional<std::uint64_t> total_;
  bool wants_whole_ = false;
  bool is_published_ = false;
  std::uint64_t announced_ = 0;  // bytes that the readers know of
  int announced_percent_ = -5;
  std::vector<std::byte> scratch_;  // received bytes that are only compared

  // Which version of the clip the response under way is.
  struct Version {
    std::string etag;
    std::string last_modified;
    std::uint64_t size = 0;
  };

  // Of the exchange under way.
  int http_status_ = 0;
  Version arriving_;
  std::uint64_t position_ = 0;  // in the clip, of the next byte received
  std::optional<Error> error_;
  bool has_disk_failed_ = false;
  bool is_misplaced_ = false;
  bool has_progressed_ = false;
};

}  // namespace modelverse::job
