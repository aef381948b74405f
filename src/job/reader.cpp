// SPDX-License-Identifier: LGPL-2.1-or-later
// Waits for bytes and events.
#include "job/reader.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "job/descriptors.h"
#include "job/job.h"
#include "job/registry.h"

namespace modelverse::job {

namespace {

// A reader that joins after completion has not waited: it receives no phase messages.
Updates only_outcome(const Updates& updates) {
  Updates outcome;
  const auto add_last = [&]<typename Kind>(std::in_place_type_t<Kind>) {
    const auto last =
        std::find_if(updates.events.rbegin(), updates.events.rend(),
                     [](const Event& event) { return std::holds_alternative<Kind>(event); });
    if (last != updates.events.rend())
      outcome.events.push_back(*last);
  };
  add_last(std::in_place_type<StatusChanged>);
  add_last(std::in_place_type<ResultKnown>);
  return outcome;
}

}  // namespace

Reader::Reader(JobEnvironment environment) : environment_(std::move(environment)) {}

Reader::~Reader() {
  if (const auto joined = job_state())
    joined->leave();
}

std::shared_ptr<JobState> Reader::job_state() {
  return *job_state_.lock();
}

Status Reader::open(const Settings& settings) {
  if (job_state())
    return Done{};
  std::stop_token stop;
  {
    auto opening = opening_.lock();
    *opening = std::stop_source();
    stop = opening->get_token();
  }
  if (is_interrupted_)
    return cancelled_error();
  auto plan = retry_for_descriptors(RetryBudget(settings, environment_.random), *environment_.clock,
                                    stop, [&] { return make_plan(settings, stop); });
  if (stop.stop_requested())
    return cancelled_error();
  if (!plan)
    return std::move(plan).error();
  if (settings.cache_mode == CacheMode::off)
    until_whole_.emplace();
  auto joined = join_job(std::move(plan).value(), environment_);
  if (!joined)
    return std::move(joined).error();
  came_late_ = joined->is_complete;
  *job_state_.lock() = std::move(joined->job_state);
  return Done{};
}

ReadResult Reader::read(std::uint64_t offset, std::size_t size, bool exactly) {
  const auto joined = job_state();
  std::shared_ptr<store::Clip> clip;
  {
    auto state = joined->lock();
    const auto has_updates = [&] {
      return events_seen_ < state->events.size() || progress_seen_ != state->progress.serial;
    };
    // The end is known before the last byte arrives: qtdemux in pull mode looks there first.
    const auto is_beyond = [&] { return state->clip && state->size && offset >= *state->size; };
    const auto is_there = [&] {
      // No bytes of a place that is there, as filesrc gives them, and the end beyond the last one.
      const auto wanted = exactly && size > 0 ? offset + size : offset + 1;
      return state->clip && (state->available >= wanted || state->is_complete);
    };
    state.wait([&] {
      return is_interrupted_ || has_updates() || is_there() || is_beyond() || state->error;
    });
    if (is_interrupted_)
      return Interrupted{};
    if (has_updates())
      return UpdatesWaiting{};
    if (is_beyond())
      return AtEnd{};
    if (!is_there())
      return *state->error;
    if (offset >= state->available)
      return AtEnd{};
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, state->available - offset));
    state->served = std::max(state->served, offset + size);
    clip = state->clip;
  }
  auto chunk = exactly ? clip->read_exactly(offset, size) : clip->read(offset, size);
  if (!chunk)
    return std::move(chunk).error();
  if (until_whole_)
    note_delivered(offset, chunk->size);
  return std::move(chunk).value();
}

// The entry is removed only after complete delivery: after a crash the next process must find the
// clip.
void Reader::note_delivered(std::uint64_t offset, std::size_t size) {
  until_whole_->note(offset, size);
  const auto joined = job_state();
  CachedClip cached_clip;
  bool is_to_stay = false;
  {
    auto state = joined->lock();
    if (!state->is_complete || !until_whole_->is_whole(state->available))
      return;
    cached_clip = state->cached_clip;
    is_to_stay = state->is_to_stay;
  }
  until_whole_.reset();
  if (is_to_stay)
    return;
  remove_delivered(cached_clip);
}

Updates Reader::take_updates() {
  Updates updates;
  const auto joined = job_state();
  auto state = joined->lock();
  updates.events.assign(state->events.begin() + static_cast<std::ptrdiff_t>(events_seen_),
                        state->events.end());
  events_seen_ = state->events.size();
  if (progress_seen_ != state->progress.serial)
    updates.progress = state->progress;
  progress_seen_ = state->progress.serial;
  if (std::exchange(came_late_, false))
    return only_outcome(updates);
  return updates;
}

void Reader::interrupt() {
  is_interrupted_ = true;
  opening_.lock()->request_stop();
  if (const auto joined = job_state()) {
    auto state = joined->lock();
    state.notify_all();
  }
}

void Reader::resume() {
  is_interrupted_ = false;
}

bool Reader::is_open() {
  return job_state() != nullptr;
}

std::optional<std::uint64_t> Reader::size() {
  const auto joined = job_state();
  if (!joined)
    return std::nullopt;
  auto state = joined->lock();
  return state->clip ? state->size : std::nullopt;
}

Arrived Reader::arrived() {
  const auto joined = job_state();
  if (!joined)
    return {};
  auto state = joined->lock();
  return {
      // A size that turned out to be smaller is known before the bytes beyond it are dropped.
      .bytes = std::min(state->available, state->size.value_or(state->available)),
      .size = state->size,
      .bytes_per_second = state->arrival_rate.bytes_per_second(std::chrono::steady_clock::now()),
      .is_complete = state->is_complete};
}

bool Reader::is_complete() {
  const auto joined = job_state();
  return joined && joined->lock()->is_complete;
}

TaskStats Reader::stats() {
  const auto joined = job_state();
  return joined ? joined->lock()->stats : TaskStats{};
}

TaskStatus Reader::status() {
  const auto joined = job_state();
  return joined ? joined->lock()->status : TaskStatus::none;
}

}  // namespace modelverse::job
