// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_slot.h"

#include <utility>

namespace modelverse {

void FrameSlot::put(SamplePtr picture) {
  auto state = state_.lock();
  if (state->picture || state->has_been_used)
    return;
  state->picture = std::move(picture);
  state.notify_all();
}

bool FrameSlot::has_picture() {
  auto state = state_.lock();
  return state->picture || state->has_been_used;
}

void FrameSlot::promise() {
  state_.lock()->is_promised = true;
}

void FrameSlot::close(unsigned passed_over) {
  auto state = state_.lock();
  state->end = StreamEnded{passed_over};
  state.notify_all();
}

void FrameSlot::reopen() {
  auto state = state_.lock();
  state->end.reset();
  state->is_promised = false;
}

void FrameSlot::drop() {
  // Released outside the lock.
  SamplePtr old;
  auto state = state_.lock();
  old = std::exchange(state->picture, nullptr);
  state->has_been_used = state->has_been_used || old;
}

void FrameSlot::empty() {
  reopen();
  drop();
  state_.lock()->has_been_used = false;
}

Arrival FrameSlot::wait(std::chrono::seconds longest) {
  auto state = state_.lock();
  const auto is_over = [&] { return state->is_interrupted || state->picture || state->end; };
  while (!state.wait_for(longest, is_over)) {
    if (!state->is_promised)
      return NothingYet{};
  }
  if (state->is_interrupted)
    return Woken{};
  if (state->picture)
    return state->picture;
  return *state->end;
}

void FrameSlot::interrupt() {
  auto state = state_.lock();
  state->is_interrupted = true;
  state.notify_all();
}

void FrameSlot::resume() {
  state_.lock()->is_interrupted = false;
}

}  // namespace modelverse
