// SPDX-License-Identifier: LGPL-2.1-or-later
// Announces received bytes to the readers.
#include <algorithm>
#include <utility>

#include "job/estimate.h"
#include "job/receiver.h"

namespace modelverse::job {

namespace {

// Readers are woken for at least this many bytes during a download: half of the clip's window in
// memory.
constexpr std::uint64_t announce_step = store::clip_window_blocks * store::clip_block_size / 2;

}  // namespace

bool Receiver::grew() {
  // The last bytes are withheld until the clip is recorded as complete: a reader at the end of the
  // clip may end the process.
  const bool is_at_end = total_ && clip_->available() >= *total_;
  if (is_published_) {
    if (!is_at_end && clip_->available() - announced_ >= announce_step)
      announce();
    return true;
  }
  context_.job_state.edit_stats([&](TaskStats& stats) { stats.bytes = clip_->available(); });
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
  context_.job_state.report_progress(Phase::download, percent, download_text(have, size));
  return true;
}

void Receiver::on_idle() {
  const bool is_at_end = total_ && clip_->available() >= *total_;
  if (is_published_ && !is_at_end && clip_->available() > announced_)
    announce();
}

void Receiver::announce() {
  announced_ = clip_->available();
  context_.job_state.grow(announced_);
}

void Receiver::publish() {
  is_published_ = true;
  context_.job_state.complete_phase(Phase::download, "Download: the clip can be played");
  announced_ = clip_->available();
  context_.job_state.publish(clip_, announced_);
}

void Receiver::move_to(std::shared_ptr<store::Clip> clip) {
  clip_ = std::move(clip);
  if (!is_published_)
    return;
  announced_ = clip_->available();
  context_.job_state.publish(clip_, announced_);
}

}  // namespace modelverse::job
