// SPDX-License-Identifier: LGPL-2.1-or-later
// Each method makes one change under the lock and wakes the readers once.
#include "job/job_state.h"

#include <utility>

namespace modelverse::job {

bool JobState::join() {
  auto state = lock();
  if (state->is_closed)
    return false;
  ++state->readers;
  return true;
}

void JobState::leave() {
  {
    auto state = lock();
    --state->readers;
    if (state->readers > 0 || state->is_posting)
      return;
    state->is_closed = true;
  }
  stop_.request_stop();
}

bool JobState::begin_post(std::chrono::seconds may_take) {
  auto state = lock();
  state->is_posting = !state->is_closed;
  state->longest_post = may_take;
  return state->is_posting;
}

bool JobState::keep_posting() {
  auto state = lock();
  state->is_closed = state->is_closed || state->readers == 0;
  return !state->is_closed;
}

void JobState::end_post() {
  {
    auto state = lock();
    state->is_posting = false;
    state.notify_all();
    if (state->readers > 0)
      return;
    state->is_closed = true;
  }
  stop_.request_stop();
}

void JobState::begin_eviction() {
  lock()->is_evicting = true;
}

void JobState::end_eviction() {
  auto state = lock();
  state->is_evicting = false;
  state.notify_all();
}

void JobState::add(Event event) {
  auto state = lock();
  state->events.push_back(std::move(event));
  state.notify_all();
}

void JobState::report_progress(Phase phase, int percent, std::string text) {
  auto state = lock();
  state->progress = {state->progress.serial + 1, phase, percent, std::move(text)};
  state.notify_all();
}

void JobState::set_status(TaskStatus status) {
  auto state = lock();
  if (std::exchange(state->status, status) == status)
    return;
  state->events.push_back(StatusChanged{status, state->stats});
  state.notify_all();
}

void JobState::set_result(std::size_t count, unsigned index) {
  auto state = lock();
  if (std::exchange(state->result_count, count) == count)
    return;
  state->events.push_back(ResultKnown{count, index});
  state.notify_all();
}

void JobState::set_size(std::optional<std::uint64_t> size) {
  auto state = lock();
  state->size = size;
  state->stats.size = size.value_or(0);
  state.notify_all();
}

void JobState::publish(std::shared_ptr<store::Clip> clip, std::uint64_t available) {
  auto state = lock();
  state->clip = std::move(clip);
  state->available = available;
  state->arrival_rate.note(available, std::chrono::steady_clock::now());
  state.notify_all();
}

void JobState::grow(std::uint64_t available) {
  auto state = lock();
  state->available = available;
  state->arrival_rate.note(available, std::chrono::steady_clock::now());
  state->stats.bytes = available;
  state.notify_all();
}

void JobState::finish(std::shared_ptr<store::Clip> clip, CachedClip cached_clip) {
  auto state = lock();
  state->cached_clip = std::move(cached_clip);
  state->clip = std::move(clip);
  state->available = state->clip->available();
  state->size = state->available;
  state->stats.size = state->available;
  state->stats.bytes = state->available;
  state->is_complete = true;
  state.notify_all();
}

void JobState::fail(Error error) {
  auto state = lock();
  state->error = std::move(error);
  state->is_closed = true;
  state.notify_all();
}

bool JobState::shrink(std::uint64_t available) {
  auto state = lock();
  if (state->served > available)
    return false;
  state->available = available;
  return true;
}

}  // namespace modelverse::job
