// SPDX-License-Identifier: LGPL-2.1-or-later
// Sends one response with libsoup: late, slowly, cut, stalled or with a wrong length, as its rule
// says.
#pragma once

#include "emulator/service.h"

namespace emulator {

// Starts at once, on the default main context, and ends with the message.
class Transmission {
 public:
  Transmission(SoupServerMessage* message, ResponsePlan plan);
  ~Transmission();
  Transmission(const Transmission&) = delete;
  Transmission& operator=(const Transmission&) = delete;

  SoupServerMessage* message() const { return message_.get(); }

 private:
  using Step = void (Transmission::*)();
  void call_after(double seconds, Step step);
  void send_headers();
  void go_on();
  void append_piece();
  void cut();

  ObjectPtr<SoupServerMessage> message_;
  ResponsePlan plan_;
  std::uint64_t end_;        // of the part of the body that is sent
  std::uint64_t sent_ = 0;   // appended to libsoup's body
  std::uint64_t piece_ = 0;  // the size of the last piece
  int drain_steps_ = 0;
  guint timer_ = 0;
  Step next_ = nullptr;
};

}  // namespace emulator
