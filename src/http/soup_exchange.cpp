// SPDX-License-Identifier: LGPL-2.1-or-later
// Only the main context's poll blocks. Data, a limit and a stop end it, so no watchdog thread is
// needed.
#include "http/soup_exchange.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "glib/text.h"
#include "http/soup_message.h"

namespace modelverse::http {
namespace {

constexpr unsigned max_informational = 32;

SoupExchange* exchange(gpointer self) {
  return static_cast<SoupExchange*>(self);
}

// HTTP/1.1 only. libsoup's HTTP/2 sends a request before it checks the cancellable, and sends a
// POST again after some errors (soup-client-message-io-http2.c). A single exchange at a time has no
// benefit from HTTP/2.
void offer_http1_only(GIOStream* connection) {
  static const char* const protocols[] = {"http/1.1", nullptr};
  if (G_IS_TLS_CONNECTION(connection))
    g_tls_connection_set_advertised_protocols(G_TLS_CONNECTION(connection), protocols);
}

ObjectPtr<GSocket> socket_of(GIOStream* connection) {
  ObjectPtr<GIOStream> base;
  if (G_IS_TLS_CONNECTION(connection)) {
    g_object_get(connection, "base-io-stream", &connection, nullptr);
    base = ObjectPtr<GIOStream>::adopt(connection);
  }
  if (!G_IS_SOCKET_CONNECTION(connection))
    return {};
  return ObjectPtr<GSocket>::retain(
      g_socket_connection_get_socket(G_SOCKET_CONNECTION(connection)));
}

// A connection reports its proxy only while it is being connected.
bool leads_to_proxy(GIOStream* connection) {
  if (!G_IS_SOCKET_CONNECTION(connection))
    return false;
  const auto address = ObjectPtr<GSocketAddress>::adopt(
      g_socket_connection_get_remote_address(G_SOCKET_CONNECTION(connection), nullptr));
  return address && G_IS_PROXY_ADDRESS(address.get());
}

}  // namespace

SoupExchange::SoupExchange(SoupSession* session, GMainContext* context,
                           ObjectPtr<SoupMessage> message, Limits limits, bool is_proxied,
                           std::stop_token stop)
    : session_(session),
      context_(context),
      message_(std::move(message)),
      is_proxied_(is_proxied),
      has_response_timeout_(limits.response_timeout.has_value()),
      stop_(stop),
      watch_(context, std::move(limits), std::move(stop)),
      host_(host_of(message_.get())),
      body_left_(request_body_size(message_.get())) {
  connect_signals();
}

SoupExchange::~SoupExchange() {
  g_signal_handlers_disconnect_by_data(message_.get(), this);
}

void SoupExchange::connect_signals() {
  const auto connect = [this](const char* signal, GCallback callback) {
    g_signal_connect(message_.get(), signal, callback, this);
  };
  connect("network-event", G_CALLBACK(on_network_event));
  connect("starting", G_CALLBACK(on_starting));
  connect("wrote-body-data", G_CALLBACK(on_body_data));
  connect("wrote-body", G_CALLBACK(on_sent_whole));
  connect("restarted", G_CALLBACK(on_restarted));
  connect("got-informational", G_CALLBACK(on_informational));
  connect("got-headers", G_CALLBACK(on_headers));
  connect("finished", G_CALLBACK(on_finished));
}

Outcome SoupExchange::run(BodySink& sink) {
  if (watch_.is_interrupted())
    return interruption_fault();
  const std::stop_callback wake(stop_, [this] { g_main_context_wakeup(context_); });
  wait_for_headers();
  if (is_abandoned_)
    return interruption_fault();
  if (auto fault = headers_fault()) {
    close(false);
    return *std::move(fault);
  }
  return receive(sink);
}

void SoupExchange::wait_for_headers() {
  auto* const self = new SoupExchange*(this);  // on_sent() frees it
  soup_session_send_async(session_, message_.get(), G_PRIORITY_DEFAULT, watch_.cancellable(),
                          on_sent, self);
  std::uint64_t seen = 0;
  while (!is_sent_ && !is_abandoned_) {
    watch_.iterate();
    dispatch_arrived();
    if (const auto bytes = bytes_on_wire(message_.get()); bytes != seen) {
      seen = bytes;
      watch_.note_progress();
    }
    watch_.is_interrupted();
    is_abandoned_ = !is_sent_ && watch_.is_grace_over();
  }
  if (is_abandoned_) {
    *self = nullptr;
    // The message is kept, but its body may be large.
    soup_message_set_request_body(message_.get(), nullptr, nullptr, 0);
  }
}

// libsoup reports received data one iteration later. If cancelled in between, 3.6.5 ends the
// message twice (message_completed() and run_until_read_done() in soup-session.c). So a stop and
// the limits are checked when nothing is left to dispatch; during an upload, something always is.
void SoupExchange::dispatch_arrived() {
  constexpr int most_turns = 256;
  for (int turn = 0; turn < most_turns && !is_sent_; ++turn) {
    if (!g_main_context_iteration(context_, FALSE))
      return;
  }
}

std::optional<Fault> SoupExchange::headers_fault() const {
  if (watch_.why() == Interruption::misdirected)
    return std::nullopt;
  if (!stream_ && watch_.why() != Interruption::none)
    return interruption_fault();
  if (are_headers_too_long(message_.get()))
    return fault(FaultKind::protocol, "The response headers of " + host_ + " are too long");
  if (!stream_)
    return fault_from(*error_.get(), stage());
  // A tunnel that the proxy refuses is reported like a response of the server (soup-session.c,
  // tunnel_complete), but no connection was established.
  if (is_connected_)
    return std::nullopt;
  return fault(
      FaultKind::unreachable,
      format_text(_("Could not reach %s: the proxy refused the connection with status %u"),
                  host_.c_str(), static_cast<unsigned>(soup_message_get_status(message_.get()))));
}

Outcome SoupExchange::receive(BodySink& sink) {
  has_headers_ = true;
  watch_.note_headers();
  HttpResponse response = read_headers(message_.get());
  const bool is_wanted = sink.begin(response);
  if (!is_wanted || !stream_) {
    close(false);
    return response;
  }
  SoupBody body(message_.get(), stream_.get(), context_, watch_);
  ErrorSlot error;
  auto fault = body_fault(body.read(sink, error), error);
  close(!fault && body.is_reusable());
  if (fault)
    return *std::move(fault);
  return response;
}

std::optional<Fault> SoupExchange::body_fault(const BodyEnd& end, const ErrorSlot& error) const {
  switch (end.kind) {
    case BodyEnd::Kind::whole:
      return std::nullopt;
    case BodyEnd::Kind::interrupted:
      return interruption_fault();
    case BodyEnd::Kind::failed:
      return fault_from(*error.get(), stage());
    case BodyEnd::Kind::cut:
      return fault(FaultKind::early_close, host_ + " ended its response after " + end.text);
    case BodyEnd::Kind::miscoded:
      return fault(FaultKind::protocol,
                   "The response of " + host_ + " is not valid chunked coding");
    case BodyEnd::Kind::not_taken:
      return fault(FaultKind::sink, "The rest of the response of " + host_ + " was refused");
  }
  return std::nullopt;
}

// Without `is_reusable`, closes the connection at once, undrained.
void SoupExchange::close(bool is_reusable) {
  if (!is_reusable)
    watch_.cut();
  if (stream_)
    g_input_stream_close(stream_.get(), is_reusable ? nullptr : watch_.cancellable(), nullptr);
  while (!is_finished_ && g_main_context_iteration(context_, FALSE)) {
  }
}

Stage SoupExchange::stage() const {
  return {
      host_,        is_connected_, is_request_sent_,
      has_headers_, is_proxied_,   soup_message_get_tls_peer_certificate_errors(message_.get())};
}

Fault SoupExchange::fault(FaultKind kind, std::string text) const {
  return make_fault(kind, stage(), std::move(text));
}

Fault SoupExchange::interruption_fault() const {
  switch (watch_.why()) {
    case Interruption::none:
    case Interruption::stop:
      break;
    case Interruption::deadline:
      return fault(FaultKind::timed_out, "The exchange with " + host_ + " took too long");
    case Interruption::silence:
      return fault(FaultKind::timed_out, host_ + " sent no data for too long");
    case Interruption::slow_response:
      return fault(FaultKind::timed_out, host_ + " took too long to respond");
    case Interruption::resend:
    case Interruption::misdirected:
      return fault(FaultKind::reset, "The connection to " + host_ + " broke before a response");
    case Interruption::chatter:
      return fault(FaultKind::protocol, host_ + " sends too many informational responses");
  }
  return fault(FaultKind::cancelled, "The exchange with " + host_ + " was cancelled");
}

void SoupExchange::on_network_event(SoupMessage*, GSocketClientEvent event, GIOStream* connection,
                                    gpointer self) {
  SoupExchange& me = *exchange(self);
  me.watch_.note_progress();
  if (event == G_SOCKET_CLIENT_CONNECTING && leads_to_proxy(connection))
    me.is_proxied_ = true;
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING || event == G_SOCKET_CLIENT_COMPLETE)
    me.watch_.note_socket(socket_of(connection));
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    offer_http1_only(connection);
  if (event == G_SOCKET_CLIENT_COMPLETE)
    me.is_connected_ = true;
}

// The first signal if an existing connection is used.
void SoupExchange::on_starting(SoupMessage*, gpointer self) {
  exchange(self)->is_connected_ = true;
  exchange(self)->watch_.note_request_start();
}

// Emitted for the bytes that the socket, or TLS, has accepted, in the same iteration (write_raw()
// in soup-body-output-stream.c). "wrote-body" follows iterations later, and a stop may occur in
// between.
void SoupExchange::on_body_data(SoupMessage*, guint size, gpointer self) {
  SoupExchange& me = *exchange(self);
  me.body_left_ -= std::min<std::uint64_t>(me.body_left_, size);
  if (me.body_left_ == 0)
    me.is_request_sent_ = true;
}

void SoupExchange::on_sent_whole(SoupMessage*, gpointer self) {
  exchange(self)->is_request_sent_ = true;
  exchange(self)->watch_.await_response();
}

// If a connection breaks in the same iteration in which libsoup begins to use it, libsoup reports
// it one iteration later (g_task_return()), next to the restart. If another idle connection is
// available, libsoup has restarted by then, treats that report as the end of the new attempt, and
// gives a second result when that attempt ends (run_until_read_done() in soup-session.c, 3.2 to
// 3.7). So no idle connection is kept: a new connection takes an iteration.
void SoupExchange::on_restarted(SoupMessage*, gpointer self) {
  SoupExchange& me = *exchange(self);
  me.watch_.interrupt(Interruption::resend);
  soup_session_abort(me.session_);
}

void SoupExchange::on_informational(SoupMessage*, gpointer self) {
  SoupExchange& me = *exchange(self);
  me.watch_.await_response();
  // With a limit of the whole response a gateway may say "102 Processing" as often as it likes.
  if (!me.has_response_timeout_ && ++me.informational_ > max_informational)
    me.watch_.interrupt(Interruption::chatter);
}

// libsoup would read the whole body of a 421 into memory, then send the request again, even a POST.
void SoupExchange::on_headers(SoupMessage* message, gpointer self) {
  if (soup_message_get_status(message) == SOUP_STATUS_MISDIRECTED_REQUEST)
    exchange(self)->watch_.interrupt(Interruption::misdirected);
}

void SoupExchange::on_finished(SoupMessage*, gpointer self) {
  exchange(self)->is_finished_ = true;
}

void SoupExchange::on_sent(GObject* session, GAsyncResult* result, gpointer data) {
  const std::unique_ptr<SoupExchange*> self(static_cast<SoupExchange**>(data));
  ErrorSlot error;
  auto stream = ObjectPtr<GInputStream>::adopt(
      soup_session_send_finish(SOUP_SESSION(session), result, error.out()));
  if (!*self)
    return;
  SoupExchange& me = **self;
  me.stream_ = std::move(stream);
  if (error)
    *me.error_.out() = g_error_copy(error.get());
  me.is_sent_ = true;
}

}  // namespace modelverse::http
