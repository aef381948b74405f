// SPDX-License-Identifier: LGPL-2.1-or-later
// Passes the picture from upstream's thread to the streaming thread, which waits for it.
#pragma once

#include <gst/gst.h>

#include <chrono>
#include <memory>
#include <optional>
#include <variant>

#include "core/guarded.h"

namespace modelverse {

using SamplePtr = std::shared_ptr<GstSample>;

// The stream ended without a picture, after `passed_over` buffers that cannot be shown.
struct StreamEnded {
  unsigned passed_over = 0;
};
struct NothingYet {};  // no picture, no promise, no end
struct Woken {};
using Arrival = std::variant<SamplePtr, StreamEnded, NothingYet, Woken>;

// Thread-safe. Only wait() blocks.
class FrameSlot {
 public:
  // Sets the picture. The first call counts until empty().
  void put(SamplePtr picture);
  bool has_picture();
  // A candidate has arrived; the end of the stream decides.
  void promise();
  // No picture will arrive.
  void close(unsigned passed_over);
  // Undoes promise() and close().
  void reopen();
  // The picture has been used: releases it. wait() does not wait for another.
  void drop();
  void empty();

  // Waits for an arrival; at most `longest` if no picture is promised.
  Arrival wait(std::chrono::seconds longest);
  // Makes wait() return at once, until resume().
  void interrupt();
  void resume();

 private:
  struct State {
    SamplePtr picture;
    bool has_been_used = false;  // and released
    std::optional<StreamEnded> end;
    bool is_promised = false;
    bool is_interrupted = false;
  };
  Guarded<State> state_;
};

}  // namespace modelverse
