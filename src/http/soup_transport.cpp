// SPDX-License-Identifier: LGPL-2.1-or-later
// The libsoup session of a Transport, with its kept-alive connections.
#include <libsoup/soup.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/guarded.h"
#include "core/redact.h"
#include "glib/text.h"
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

// A session belongs to its context, whichever thread runs that: libsoup 3 compares contexts, and
// threads only for HTTP/2 (soup-session.c, soup-connection-manager.c, 3.2 to 3.6). One transport
// uses it at a time.
struct Session {
  MainContextPtr context = {};
  ObjectPtr<SoupSession> soup = {};  // created by the first exchange
};

// Keeps the objects of abandoned exchanges: libsoup may still use them.
void keep_for_ever(Session session) {
  static auto* const kept = new Guarded<std::vector<Session>>;
  kept->lock()->push_back(std::move(session));
}

// The sessions that no transport uses, of transports with the same options.
class SessionPool {
 public:
  explicit SessionPool(ObjectPtr<GTlsDatabase> tls_database)
      : tls_database_(std::move(tls_database)) {}

  // Without a context if there is none. The latest comes first: the server has not closed it.
  Session take() {
    auto idle = idle_.lock();
    if (idle->empty())
      return {};
    auto latest = std::move(idle->back());
    idle->pop_back();
    return latest;
  }
  // One too many is closed.
  void give(Session session) {
    constexpr std::size_t most = 16;
    auto idle = idle_.lock();
    if (session.soup && idle->size() < most)
      idle->push_back(std::move(session));
  }

 private:
  const ObjectPtr<GTlsDatabase> tls_database_;  // its address stays its own
  Guarded<std::vector<Session>> idle_;
};

// A forked child shares no connection with its parent. The last transport frees the pool.
std::shared_ptr<SessionPool> pool_for(const TransportOptions& options) {
  using Key = std::tuple<pid_t, std::string, GTlsDatabase*>;
  static auto* const all = new Guarded<std::map<Key, std::weak_ptr<SessionPool>>>;
  auto pools = all->lock();
  std::erase_if(*pools, [](const auto& pool) { return pool.second.expired(); });
  auto& known = (*pools)[Key(getpid(), options.proxy, options.tls_database.get())];
  auto pool = known.lock();
  if (!pool)
    known = pool = std::make_shared<SessionPool>(options.tls_database);
  return pool;
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

// An idle one, else a new context. Empty if no descriptor is left.
Session open_session(SessionPool& pool) {
  auto session = pool.take();
  if (!session.context)
    session.context = make_context();
  return session;
}

class SoupTransport final : public Transport {
 public:
  SoupTransport(TransportOptions options, std::shared_ptr<SessionPool> pool, Session session)
      : options_(std::move(options)), pool_(std::move(pool)), session_(std::move(session)) {}
  SoupTransport(const SoupTransport&) = delete;
  SoupTransport& operator=(const SoupTransport&) = delete;
  ~SoupTransport() override { SoupTransport::rest(); }

  Outcome exchange(const HttpRequest& request, BodySink& sink, std::stop_token stop) override {
    auto message = make_message(request);
    if (!message)
      return Fault{FaultKind::protocol, false, "Cannot request " + shown_link(request.url)};
    // After rest(), or because making one failed when the exchange before was abandoned.
    if (!session_.context)
      session_ = open_session(*pool_);
    if (!session_.context)
      return Fault{FaultKind::too_many_files, false, _("No file descriptor is left")};
    const DefaultContext here(session_.context.get());
    if (!session_.soup)
      session_.soup = make_session(options_);
    SoupExchange exchange(session_.soup.get(), session_.context.get(), std::move(message),
                          {options_.timeout, request.deadline, request.response_timeout,
                           request.is_response_short, request.may_send},
                          !options_.proxy.empty(), std::move(stop));
    auto outcome = exchange.run(sink);
    if (exchange.is_abandoned())
      keep_for_ever(std::exchange(session_, Session{make_context()}));
    is_sound_ = is_sound_ && std::holds_alternative<HttpResponse>(outcome);
    return outcome;
  }

  // What a fault left behind is nobody else's.
  void rest() override {
    auto session = std::exchange(session_, {});
    if (std::exchange(is_sound_, true))
      pool_->give(std::move(session));
  }

 private:
  TransportOptions options_;
  std::shared_ptr<SessionPool> pool_;
  Session session_;
  bool is_sound_ = true;  // every exchange of the session had a response
};

}  // namespace

std::unique_ptr<Transport> make_soup_transport(TransportOptions options) {
  auto pool = pool_for(options);
  auto session = open_session(*pool);
  if (!session.context)
    return nullptr;
  return std::make_unique<SoupTransport>(std::move(options), std::move(pool), std::move(session));
}

}  // namespace modelverse::http
