// SPDX-License-Identifier: LGPL-2.1-or-later
// Handing over one picture.
#include "intake.h"

#include <utility>

namespace modelverse {

void Intake::put(SamplePtr picture) {
  auto state = state_.lock();
  if (state->picture || state->has_been_used)
    return;
  state->picture = std::move(picture);
  state.notify_all();
}

bool Intake::has_picture() {
  auto state = state_.lock();
  return state->picture || state->has_been_used;
}

void Intake::promise() {
  state_.lock()->is_promised = true;
}

void Intake::close(unsigned passed_over) {
  auto state = state_.lock();
  state->end = StreamEnded{passed_over};
  state.notify_all();
}

void Intake::reopen() {
  auto state = state_.lock();
  state->end.reset();
  state->is_promised = false;
}

void Intake::drop() {
  // Let go of outside the lock.
  SamplePtr old;
  auto state = state_.lock();
  old = std::exchange(state->picture, nullptr);
  state->has_been_used = state->has_been_used || old;
}

void Intake::empty() {
  reopen();
  drop();
  state_.lock()->has_been_used = false;
}

Arrival Intake::wait(std::chrono::seconds longest) {
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

void Intake::interrupt() {
  auto state = state_.lock();
  state->is_interrupted = true;
  state.notify_all();
}

void Intake::resume() {
  state_.lock()->is_interrupted = false;
}

}  // namespace modelverse
