// SPDX-License-Identifier: LGPL-2.1-or-later
// Places and compares received bytes, and announces them to the readers.
#include "job/receiver.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "glib/text.h"
#include "job/content_range.h"
#include "job/estimate.h"

namespace modelverse::job {

namespace {

constexpr std::size_t compare_bytes = 64 * 1024;

// Readers are woken for at least this many bytes during a download: half of the clip's window in
// memory.
constexpr std::uint64_t announce_step = store::clip_window_blocks * store::clip_block_size / 2;

std::string header_or_empty(const http::HttpResponse& response, std::string_view name) {
  const auto* value = response.header(name);
  return value ? *value : std::string();
}

}  // namespace

std::vector<http::Header> Receiver::range_headers() const {
  const auto have = clip_->available();
  if (have == 0 || wants_whole_)
    return {};
  return resume_headers(have, job_.record);
}

bool Receiver::begin(const http::HttpResponse& response) {
  http_status_ = static_cast<int>(response.status);
  if (response.status != 200 && response.status != 206)
    return false;
  if (!place(response))
    return false;
  if (total_.value_or(0) > store::clip_size_limit)
    return refuse_size();
  note_version(response);
  // A partial download of an earlier run may already be enough for readers to start.
  return position_ < clip_->available() || clip_->available() == 0 || grew();
}

bool Receiver::place(const http::HttpResponse& response) {
  const auto range = parse_content_range(header_or_empty(response, "Content-Range"));
  auto total = parse_number(header_or_empty(response, "Content-Length"));
  if (response.status == 206 && range) {
    total = range->total;
    if (range->first > clip_->available() || !matches_existing(response, total))
      return reject_range();
    position_ = range->first;
  } else {
    // 200, or the object store's 206 without Content-Range: the whole file.
    position_ = 0;
  }
  may_be_part_ = response.status == 206 && !range && !range_headers().empty();
  total_ = total;
  wants_whole_ = false;
  return true;
}

bool Receiver::reject_range() {
  request_whole();
  is_range_rejected_ = true;
  return false;
}

bool Receiver::matches_existing(const http::HttpResponse& response,
                                std::optional<std::uint64_t> total) const {
  const auto& record = job_.record;
  const auto etag = header_or_empty(response, "ETag");
  if (!record.etag.empty() && !etag.empty() && etag != record.etag)
    return false;
  return record.size == 0 || !total || *total == record.size;
}

void Receiver::note_version(const http::HttpResponse& response) {
  arriving_ = {header_or_empty(response, "ETag"), header_or_empty(response, "Last-Modified"),
               total_.value_or(0)};
  if (position_ >= clip_->available())
    record_version();
}

// Called only after all existing bytes were compared: a later run would otherwise resume bytes of
// one version with the validators of another, and the size of a response that is not the clip would
// be the end of the stream for its readers.
void Receiver::record_version() {
  if (total_)
    job_.state.set_size(total_);
  auto& record = job_.record;
  if (record.etag == arriving_.etag && record.last_modified == arriving_.last_modified &&
      record.size == arriving_.size)
    return;
  record.etag = arriving_.etag;
  record.last_modified = arriving_.last_modified;
  record.size = arriving_.size;
  // A failed write only affects a later resumption, which then compares all bytes.
  (void)save_record(job_);
}

std::span<std::byte> Receiver::space() {
  const auto have = clip_->available();
  if (position_ >= have)
    return clip_->space();
  scratch_.resize(compare_bytes);
  return std::span(scratch_).first(
      static_cast<std::size_t>(std::min<std::uint64_t>(compare_bytes, have - position_)));
}

bool Receiver::commit(std::size_t size) {
  if (position_ < clip_->available())
    return compare(std::span<const std::byte>(scratch_).first(size));
  return append(size);
}

bool Receiver::append(std::size_t size) {
  if (position_ + size > store::clip_size_limit)
    return refuse_size();
  if (total_ && position_ + size > *total_)
    return refuse(ErrorCode::wrong_type, _("The clip is longer than its declared size."),
                  "more bytes than " + std::to_string(*total_));
  if (auto written = clip_->commit(size); !written) {
    has_disk_failed_ = true;
    error_ = std::move(written).error();
    return false;
  }
  position_ += size;
  has_progressed_ = true;
  return grew();
}

bool Receiver::compare(std::span<const std::byte> received) {
  const auto mine = clip_->read_exactly(position_, received.size());
  if (!mine) {
    error_ = mine.error();
    return false;
  }
  const auto differs = std::mismatch(received.begin(), received.end(), mine->data).first;
  const auto same = static_cast<std::size_t>(differs - received.begin());
  position_ += same;
  if (same < received.size() && may_be_part_)
    return reject_range();
  if (same < received.size())
    return replace_from(position_, received.subspan(same));
  if (position_ == clip_->available())
    record_version();
  return true;
}

bool Receiver::replace_from(std::uint64_t offset, std::span<const std::byte> received) {
  if (!job_.state.shrink(offset))
    return refuse(ErrorCode::read,
                  _("The clip changed on the server during the download. Start again."),
                  "different bytes at " + std::to_string(offset) + " than before");
  announced_ = std::min(announced_, offset);
  if (offset < probed_bytes)
    layout_ = Mp4Layout::need_more;
  if (auto cut = clip_->truncate(offset); !cut) {
    error_ = std::move(cut).error();
    return false;
  }
  record_version();
  while (!received.empty()) {
    const auto target = clip_->space();
    const auto size = std::min(target.size(), received.size());
    std::memcpy(target.data(), received.data(), size);
    received = received.subspan(size);
    if (!append(size))
      return false;
  }
  return true;
}

bool Receiver::probe_start() {
  if (layout_ != Mp4Layout::need_more || clip_->available() == 0)
    return true;
  const auto size = std::min(clip_->available(), probed_bytes);
  const auto start = clip_->read_exactly(0, static_cast<std::size_t>(size));
  if (!start) {
    error_ = start.error();
    return false;
  }
  layout_ = probe_mp4({start->data, start->size});
  if (layout_ == Mp4Layout::not_mp4)
    return refuse(ErrorCode::wrong_type, _("The result is not an MP4 video."),
                  "no ftyp box at the start");
  if (layout_ == Mp4Layout::need_more && size == probed_bytes)
    layout_ = Mp4Layout::index_last;
  return true;
}

bool Receiver::was_complete_before() const {
  const auto have = clip_->available();
  return !total_ && have > 0 && have == job_.record.size;
}

bool Receiver::finish() {
  if (!probe_start())
    return false;
  if (layout_ == Mp4Layout::need_more)
    return refuse(ErrorCode::wrong_type, _("The result is not an MP4 video."),
                  std::to_string(clip_->available()) + " bytes without a media box");
  return check_end();
}

bool Receiver::check_end() {
  const auto read = [this](std::uint64_t offset, std::size_t size) -> std::vector<std::byte> {
    const auto chunk = clip_->read_exactly(offset, size);
    if (chunk)
      return {chunk->data, chunk->data + chunk->size};
    error_ = chunk.error();
    return {};
  };
  const auto missing = missing_mp4_bytes(clip_->available(), read);
  if (error_)
    return false;
  if (missing > 0)
    return refuse(ErrorCode::wrong_type, _("The downloaded clip is incomplete."),
                  std::to_string(missing) + " bytes are missing at its end");
  return true;
}

Status Receiver::start_over() {
  request_whole();
  if (is_published_)
    return Done{};
  layout_ = Mp4Layout::need_more;
  announced_percent_ = -5;
  total_.reset();
  return clip_->truncate(0);
}

bool Receiver::refuse_size() {
  return refuse(ErrorCode::wrong_type, _("The result is too large for a clip."),
                "more than " + std::to_string(store::clip_size_limit) + " bytes");
}

bool Receiver::refuse(ErrorCode code, std::string text, std::string debug, SourceLocation origin) {
  error_ =
      Error{.code = code, .text = std::move(text), .debug = std::move(debug), .origin = origin};
  error_->details.http_status = http_status_;
  return false;
}

bool Receiver::grew() {
  // The last bytes are withheld until the clip is recorded as complete: a reader at the end of the
  // clip may end the process.
  const bool is_at_end = total_ && clip_->available() >= *total_;
  if (is_published_) {
    if (!is_at_end && clip_->available() - announced_ >= announce_step)
      announce();
    return true;
  }
  job_.state.edit_stats([&](TaskStats& stats) { stats.bytes = clip_->available(); });
  if (!probe_start())
    return false;
  if (layout_ == Mp4Layout::index_first && clip_->available() >= probed_bytes && !is_at_end) {
    publish();
    return true;
  }
  const auto size = total_.value_or(0);
  const auto have = clip_->available();
  const int percent = size > 0 ? static_cast<int>(std::min<std::uint64_t>(99, have * 100 / size))
                               : std::min(99, static_cast<int>(have / 5'000'000));
  if (percent < announced_percent_ + 5)
    return true;
  announced_percent_ = percent;
  job_.state.report_progress(Phase::download, percent, download_text(have, size));
  return true;
}

void Receiver::on_idle() {
  const bool is_at_end = total_ && clip_->available() >= *total_;
  if (is_published_ && !is_at_end && clip_->available() > announced_)
    announce();
}

void Receiver::announce() {
  announced_ = clip_->available();
  job_.state.grow(announced_);
}

void Receiver::publish() {
  is_published_ = true;
  job_.state.complete_phase(Phase::download, _("Download: the clip can be played"));
  announced_ = clip_->available();
  job_.state.publish(clip_, announced_);
}

void Receiver::move_to(std::shared_ptr<store::Clip> clip) {
  clip_ = std::move(clip);
  if (!is_published_)
    return;
  announced_ = clip_->available();
  job_.state.publish(clip_, announced_);
}

}  // namespace modelverse::job
