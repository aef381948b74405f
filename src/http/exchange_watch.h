// SPDX-License-Identifier: LGPL-2.1-or-later
// Ends an exchange from our side: stop, deadline, silence, or what libsoup must not do.
#pragma once

#include <gio/gio.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include "core/clock.h"
#include "glib/handles.h"

namespace modelverse::http {

struct SourceFreer {
  void operator()(GSource* source) const {
    g_source_destroy(source);
    g_source_unref(source);
  }
};
using SourcePtr = std::unique_ptr<GSource, SourceFreer>;

struct Limits {
  unsigned timeout = 0;  // s of silence, 0: none
  std::optional<Clock::TimePoint> deadline;
  bool is_answer_short = false;
};

enum class Interruption {
  none,
  stop,
  deadline,
  silence,
  slow_answer,
  resend,       // libsoup was about to send the request again
  chatter,      // informational answers without end
  misdirected,  // 421, which libsoup would buffer and answer with another request
};

// Lives on the exchange's thread and wakes its main context in time. The other thread, the one that
// requests the stop, only wakes that context: the GCancellable is touched from one thread.
class ExchangeWatch {
 public:
  ExchangeWatch(GMainContext* context, Limits limits, std::stop_token stop);
  ExchangeWatch(const ExchangeWatch&) = delete;
  ExchangeWatch& operator=(const ExchangeWatch&) = delete;

  // The connection that the exchange goes over, as soon as it is known.
  void note_socket(ObjectPtr<GSocket> socket) { socket_ = std::move(socket); }
  // True once the exchange is to end early; its connection is cut and the cancellable cancelled.
  bool is_interrupted();
  void interrupt(Interruption why);
  // Ends the connection in both directions, now. Before libsoup closes it: closing a TLS connection
  // writes a farewell and waits until the peer reads (g_io_stream_close() without a cancellable in
  // soup-connection.c, then gnutls_bye()).
  void cut();
  Interruption why() const { return why_; }
  GCancellable* cancellable() const { return cancellable_.get(); }

  // Silence counts from here.
  void note_progress();
  // Silence is watched by the socket's own timeout from now on.
  void leave_silence_to_socket() { silence_ends_.reset(); }
  // The request has been sent. A peer that sends a byte now and then is not silent, so the answer's
  // head, or the whole of a short answer, has a limit of its own: twice the one of silence, one
  // until it begins and one for the rest.
  void await_answer();
  void note_head();
  // One turn of the main context, at most until a limit is reached.
  void iterate();

 private:
  GMainContext* context_;
  Limits limits_;
  std::stop_token stop_;
  ObjectPtr<GCancellable> cancellable_;
  ObjectPtr<GSocket> socket_;
  SourcePtr alarm_;
  std::optional<Clock::TimePoint> silence_ends_;
  std::optional<Clock::TimePoint> answer_ends_;
  Interruption why_ = Interruption::none;
};

}  // namespace modelverse::http
