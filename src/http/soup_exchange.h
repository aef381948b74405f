// SPDX-License-Identifier: LGPL-2.1-or-later
// One exchange with libsoup: the state of one exchange() call.
#pragma once

#include <libsoup/soup.h>

#include <cstdint>
#include <optional>
#include <stop_token>

#include "glib/handles.h"
#include "http/exchange_watch.h"
#include "http/soup_body.h"
#include "http/soup_fault.h"
#include "http/transport.h"

namespace modelverse::http {

// Used on one thread, whose default main context is `context`.
class SoupExchange {
 public:
  SoupExchange(SoupSession* session, GMainContext* context, ObjectPtr<SoupMessage> message,
               Limits limits, bool is_proxied, std::stop_token stop);
  SoupExchange(const SoupExchange&) = delete;
  SoupExchange& operator=(const SoupExchange&) = delete;
  ~SoupExchange();

  Outcome run(BodySink& sink);
  // libsoup did not end the message after it was cancelled. The state of session and context is
  // undefined: they must be kept, but not used any more.
  bool is_abandoned() const { return is_abandoned_; }

 private:
  void connect_signals();
  void wait_for_headers();
  void dispatch_arrived();
  std::optional<Fault> headers_fault() const;
  Outcome receive(BodySink& sink);
  std::optional<Fault> body_fault(const BodyEnd& end, const ErrorSlot& error) const;
  void close(bool is_reusable);

  Stage stage() const;
  Fault fault(FaultKind kind, std::string text) const;
  Fault interruption_fault() const;

  static void on_network_event(SoupMessage*, GSocketClientEvent event, GIOStream* connection,
                               gpointer self);
  static void on_starting(SoupMessage*, gpointer self);
  static void on_body_data(SoupMessage*, guint size, gpointer self);
  static void on_sent_whole(SoupMessage*, gpointer self);
  static void on_restarted(SoupMessage*, gpointer self);
  static void on_informational(SoupMessage*, gpointer self);
  static void on_headers(SoupMessage*, gpointer self);
  static void on_finished(SoupMessage*, gpointer self);
  static void on_sent(GObject* session, GAsyncResult* result, gpointer self);

  SoupSession* session_;
  GMainContext* context_;
  ObjectPtr<SoupMessage> message_;
  bool is_proxied_;
  bool has_response_timeout_;
  std::stop_token stop_;
  ExchangeWatch watch_;
  std::string host_;
  ObjectPtr<GInputStream> stream_;
  ErrorSlot error_;
  bool is_connected_ = false;
  std::uint64_t body_left_ = 0;  // of the request
  bool is_request_sent_ = false;
  bool has_headers_ = false;
  bool is_sent_ = false;
  bool is_finished_ = false;
  bool is_abandoned_ = false;
  unsigned informational_ = 0;
};

}  // namespace modelverse::http
