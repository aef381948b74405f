// SPDX-License-Identifier: LGPL-2.1-or-later
// The libsoup session of a Transport, with its kept-alive connections.
#include <libsoup/soup.h>

#include <string>
#include <utility>
#include <vector>

#include "core/guarded.h"
#include "core/redact.h"
#include "http/soup_exchange.h"
#include "http/soup_message.h"
#include "http/transport.h"

namespace modelverse::http {
namespace {

// libsoup uses the thread's default main context. The thread also acquires it: otherwise GLib
// treats each change of a source as one of another thread and wakes the poll.
class DefaultContext {
 public:
  explicit DefaultContext(GMainContext* context) : context_(context) {
    g_main_context_acquire(context_);
    g_main_context_push_thread_default(context_);
  }
  DefaultContext(const DefaultContext&) = delete;
  DefaultContext& operator=(const DefaultContext&) = delete;
  ~DefaultContext() {
    g_main_context_pop_thread_default(context_);
    g_main_context_release(context_);
  }

 private:
  GMainContext* context_;
};

// GLib logs an unusable proxy URI, including its password.
bool is_proxy(const std::string& uri) {
  char* host_out = nullptr;
  g_uri_split_network(uri.c_str(), G_URI_FLAGS_NONE, nullptr, &host_out, nullptr, nullptr);
  const CharPtr host(host_out);
  return host && is_host(host.get());
}

// Null if no descriptor is left: g_main_context_new() would abort the process (g_wakeup_new() in
// gwakeup.c).
MainContextPtr make_context() {
  auto descriptor = ObjectPtr<GSocket>::adopt(
      g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, nullptr));
  if (!descriptor)
    return nullptr;
  descriptor = {};
  return MainContextPtr(g_main_context_new());
}

// Keeps the objects of abandoned exchanges: libsoup may still use them.
void keep_for_ever(ObjectPtr<SoupSession> session, MainContextPtr context) {
  static auto* const kept =
      new Guarded<std::vector<std::pair<ObjectPtr<SoupSession>, MainContextPtr>>>;
  kept->lock()->emplace_back(std::move(session), std::move(context));
}

void on_queued(SoupSession*, SoupMessage* message, gpointer) {
  refuse_negative_length(message);
}

// No idle timeout: if a connection is idle for longer while the context does not run, libsoup uses
// it for the next message and its timer closes it in the same iteration. That message never ends,
// or ends in freed memory (idle_timeout() in soup-connection.c, 3.2 to 3.6). A connection that the
// server closed is detected before use (soup_client_message_io_http1_is_open()).
//
// No socket timeout: after it has expired, GSocket fails even if data has arrived (check_timeout()
// in gsocket.c). ExchangeWatch has the idle timeout.
ObjectPtr<SoupSession> make_session(const TransportOptions& options) {
  auto session = ObjectPtr<SoupSession>::adopt(
      soup_session_new_with_options("timeout", 0, "idle-timeout", 0, "user-agent",
                                    "gst-modelverse/" MODELVERSE_VERSION, nullptr));
  g_signal_connect(session.get(), "request-queued", G_CALLBACK(on_queued), nullptr);
  // The auth manager stays; each message disables it: see soup_message.cpp.
  soup_session_remove_feature_by_type(session.get(), SOUP_TYPE_CONTENT_DECODER);
  if (options.tls_database)
    soup_session_set_tls_database(session.get(), options.tls_database.get());
  if (!options.proxy.empty()) {
    const auto resolver = ObjectPtr<GProxyResolver>::adopt(
        g_simple_proxy_resolver_new(options.proxy.c_str(), nullptr));
    soup_session_set_proxy_resolver(session.get(), resolver.get());
  }
  return session;
}

class SoupTransport final : public Transport {
 public:
  SoupTransport(TransportOptions options, MainContextPtr context)
      : options_(std::move(options)), context_(std::move(context)) {}

  Outcome exchange(const HttpRequest& request, BodySink& sink, std::stop_token stop) override {
    if (!options_.proxy.empty() && !is_proxy(options_.proxy))
      return Fault{FaultKind::unreachable, false,
                   "The address of the proxy is not a URI with a host"};
    auto message = make_message(request);
    if (!message)
      return Fault{FaultKind::protocol, false, "Cannot request " + shown_link(request.url)};
    // Making one failed when the exchange before was abandoned.
    if (!context_)
      context_ = make_context();
    if (!context_)
      return Fault{FaultKind::too_many_files, false, "No file descriptor is left"};
    const DefaultContext here(context_.get());
    if (!session_)
      session_ = make_session(options_);
    SoupExchange exchange(
        session_.get(), context_.get(), std::move(message),
        {options_.timeout, request.deadline, request.response_timeout, request.is_response_short},
        !options_.proxy.empty(), std::move(stop));
    auto outcome = exchange.run(sink);
    if (exchange.is_abandoned())
      keep_for_ever(std::move(session_), std::exchange(context_, make_context()));
    return outcome;
  }

 private:
  TransportOptions options_;
  MainContextPtr context_;
  ObjectPtr<SoupSession> session_;  // created by the first exchange, on the thread that uses it
};

}  // namespace

std::unique_ptr<Transport> make_soup_transport(TransportOptions options) {
  auto context = make_context();
  if (!context)
    return nullptr;
  return std::make_unique<SoupTransport>(std::move(options), std::move(context));
}

}  // namespace modelverse::http
