// SPDX-License-Identifier: LGPL-2.1-or-later
// Ends an exchange locally: on stop, deadline or timeout, or to prevent an action of libsoup.
#pragma once

#include <gio/gio.h>

#include <chrono>
#include <functional>
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
  std::chrono::milliseconds timeout{};  // without progress; 0: no limit
  std::optional<Clock::TimePoint> deadline;
  std::optional<std::chrono::milliseconds> response_timeout;  // see HttpRequest
  bool is_response_short = false;
  std::function<bool()> may_send;  // see HttpRequest
};

enum class Interruption {
  none,
  stop,
  deadline,
  silence,
  slow_response,
  resend,       // libsoup was about to send the request again
  chatter,      // too many informational responses
  misdirected,  // 421, which libsoup would buffer before it sends another request
};

// Used on the exchange's thread; wakes its main context when a limit is reached. The thread that
// requests the stop only wakes that context: the GCancellable is used on one thread.
class ExchangeWatch {
 public:
  ExchangeWatch(GMainContext* context, Limits limits, std::stop_token stop);
  ExchangeWatch(const ExchangeWatch&) = delete;
  ExchangeWatch& operator=(const ExchangeWatch&) = delete;

  // Sets the connection of the exchange, as soon as it is known.
  void note_socket(ObjectPtr<GSocket> socket) { socket_ = std::move(socket); }
  // True once the exchange must end early; then the connection is cut and the cancellable is
  // cancelled. The idle and response timeouts apply only when nothing is left to dispatch: a
  // process that was stopped (SIGSTOP) first reads the data that has arrived meanwhile.
  bool is_interrupted();
  void interrupt(Interruption why);
  // Shuts the connection down in both directions, at once. Call before libsoup closes it: closing a
  // TLS connection writes a close_notify and waits until the peer reads (g_io_stream_close()
  // without a cancellable in soup-connection.c, then gnutls_bye()).
  void cut();
  Interruption why() const { return why_; }
  // True if the interruption is so long ago that libsoup's callback is not expected any more.
  bool is_grace_over() const;
  GCancellable* cancellable() const { return cancellable_.get(); }

  // Restarts the idle timeout.
  void note_progress();
  // The connection is established and the request is about to be written, unless Limits::may_send
  // forbids it. Limits::response_timeout starts here; it replaces the idle timeout and the limit of
  // await_response().
  void note_request_start();
  // The request has been sent. A peer that sends single bytes is not idle, so the response's
  // headers, or a whole short response, have a separate limit: twice the idle timeout, once until
  // the response begins and once for the rest.
  void await_response();
  void note_headers();
  // Runs one iteration of the main context, at most until a limit is reached; after an
  // interruption, until the grace period is over.
  void iterate();

 private:
  std::optional<Clock::TimePoint> next_wakeup() const;
  // Of the idle timeout or of the response.
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
  bool has_idled_ = false;  // the last iteration after a timeout dispatched nothing
  unsigned busy_looks_ = 0;
  Interruption why_ = Interruption::none;
  Clock::TimePoint grace_ends_;
};

}  // namespace modelverse::http
