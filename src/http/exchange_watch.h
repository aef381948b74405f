// SPDX-License-Identifier: LGPL-2.1-or-later
// Ends an exchange from our side: stop, deadline, silence, or what libsoup must not do.
#pragma once

#include <gio/gio.h>

#include <chrono>
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
  std::optional<std::chrono::seconds> response_timeout;  // see Request
  bool is_response_short = false;
};

enum class Interruption {
  none,
  stop,
  deadline,
  silence,
  slow_response,
  resend,       // libsoup was about to send the request again
  chatter,      // informational responses without end
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
  // Silence and a slow response end it only when nothing is left to dispatch: a process that was
  // stopped reads what has arrived meanwhile.
  bool is_interrupted();
  void interrupt(Interruption why);
  // Ends the connection in both directions, now. Before libsoup closes it: closing a TLS connection
  // writes a farewell and waits until the peer reads (g_io_stream_close() without a cancellable in
  // soup-connection.c, then gnutls_bye()).
  void cut();
  Interruption why() const { return why_; }
  // Interrupted so long ago that libsoup's callback is not to be expected any more.
  bool is_grace_over() const;
  GCancellable* cancellable() const { return cancellable_.get(); }

  // Silence counts from here.
  void note_progress();
  // The connection stands and the request is about to be written: Limits::response_timeout counts
  // from here, in place of the limits of silence and of the response.
  void note_request_start();
  // The request has been sent. A peer that sends a byte now and then is not silent, so the
  // response's headers, or the whole of a short response, have a limit of their own: twice the one
  // of silence, one until it begins and one for the rest.
  void await_response();
  void note_headers();
  // One turn of the main context, at most until a limit is reached; once interrupted, until the
  // grace is over.
  void iterate();

 private:
  std::optional<Clock::TimePoint> next_wakeup() const;
  // Of silence or of the response.
  std::optional<Clock::TimePoint> next_timeout() const;
  bool is_overdue(Clock::TimePoint now);

  GMainContext* context_;
  Limits limits_;
  std::stop_token stop_;
  ObjectPtr<GCancellable> cancellable_;
  ObjectPtr<GSocket> socket_;
  SourcePtr alarm_;
  std::optional<Clock::TimePoint> silence_ends_;
  std::optional<Clock::TimePoint> response_ends_;
  bool is_response_limited_ = false;
  bool has_idled_ = false;  // the last turn of the context, after a timeout, had nothing to do
  unsigned busy_looks_ = 0;
  Interruption why_ = Interruption::none;
  Clock::TimePoint grace_ends_;
};

}  // namespace modelverse::http
