// SPDX-License-Identifier: LGPL-2.1-or-later
// A stop, the deadline and the idle timeout end an exchange at any point.
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "exchange_fixture.h"
#include "support/test_resolver.h"
#include "support/test_server.h"

namespace modelverse::http {
namespace {

using test_support::http_response;
using test_support::Peer;
using test_support::ResolverAnswer;
using test_support::ResolverScope;
using test_support::TestServer;

using std::chrono::milliseconds;
using std::chrono::seconds;

// A point at which an exchange hangs.
struct Place {
  const char* name;
  bool is_sent;  // the whole request
  TestServer::Script script;
  bool is_tls_client = false;  // the URL says https, the server does not
  std::size_t posted = 0;
  const char* limit = "no data";  // that ends it, if there are an idle timeout and a deadline
};

std::ostream& operator<<(std::ostream& out, const Place& place) {
  return out << place.name;
}

constexpr GTimeSpan trickle = 5000;  // us

const Place places[] = {
    {"handshake", false, [](Peer& peer) { peer.hold(); }, true},
    {"upload", false, [](Peer& peer) { peer.hold(); }, false, std::size_t{64} << 20},
    {"headers", true,
     [](Peer& peer) {
       peer.read_request();
       peer.hold();
     }},
    {"trickling_headers", true,
     [](Peer& peer) {
       peer.read_request();
       peer.send("HTTP/1.1 200 OK\r\nX: ");
       peer.send_for_ever("x", trickle);
     },
     false, 0, "to respond"},
    {"informational", true,
     [](Peer& peer) {
       peer.read_request();
       peer.send("HTTP/1.1 103 Early Hints\r\n\r\n");
       peer.hold();
     }},
    {"body", true,
     [](Peer& peer) {
       peer.read_request();
       peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
       peer.hold();
     }},
    {"trickling_body", true,
     [](Peer& peer) {
       peer.read_request();
       peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
       peer.send_for_ever("x", trickle);
     },
     false, 0, "took too long"},
    {"trickling_chunk_size", true,
     [](Peer& peer) {
       peer.read_request();
       peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;");
       peer.send_for_ever("x", trickle);
     },
     false, 0, "took too long"},
    {"flood", true,
     [](Peer& peer) {
       peer.read_request();
       peer.send("HTTP/1.1 200 OK\r\n\r\n");
       peer.send_for_ever(std::string(65536, 'x'));
     },
     false, 0, "took too long"},
};

class SoupLimits : public testing::TestWithParam<Place> {
 protected:
  SoupLimits()
      : server_([this](Peer& peer) {
          peer.when_idle = [this] {
            reached_.store(true);
            reached_.notify_all();
          };
          GetParam().script(peer);
        }) {}

  HttpRequest request() const {
    std::string url = server_.url();
    if (GetParam().is_tls_client)
      url.replace(0, 4, "https");
    return GetParam().posted > 0 ? post_request(url, std::string(GetParam().posted, 'x'))
                                 : get_request(url);
  }

  std::atomic<bool> reached_ = false;
  TestServer server_;
  // A body is not kept: the flood's would fill the memory.
  struct Drain final : BodySink {
    bool begin(const HttpResponse&) override { return true; }
    std::span<std::byte> space() override { return buffer; }
    bool commit(std::size_t) override { return true; }
    std::vector<std::byte> buffer = std::vector<std::byte>(65536);
  } sink_;
};

INSTANTIATE_TEST_SUITE_P(Places, SoupLimits, testing::ValuesIn(places),
                         [](const auto& test) { return test.param.name; });

TEST_P(SoupLimits, a_stop_ends_it_at_once) {
  std::stop_source stop;
  auto outcome = std::async(std::launch::async, [&] {
    return exchange_once(request(), sink_, options_with(milliseconds(0)), stop.get_token());
  });
  reached_.wait(false);
  stop.request_stop();
  ASSERT_EQ(outcome.wait_for(seconds(60)), std::future_status::ready);
  expect_fault(outcome.get(), FaultKind::cancelled, GetParam().is_sent);
}

TEST_P(SoupLimits, a_deadline_ends_it) {
  Outcome outcome;
  // Under load the first deadlines may pass before the place is reached.
  for (auto wait = milliseconds(200); !reached_ && wait < seconds(60); wait *= 3) {
    HttpRequest late = request();
    late.deadline = from_now(wait);
    outcome = exchange_once(late, sink_, options_with(milliseconds(0)));
    EXPECT_GE(std::chrono::steady_clock::now(), *late.deadline);
  }
  EXPECT_TRUE(reached_);
  expect_fault(outcome, FaultKind::timed_out, GetParam().is_sent, "took too long");
}

// A peer that sends single bytes is not idle.
TEST_P(SoupLimits, the_idle_timeout_ends_it_if_nothing_comes) {
  HttpRequest limited = request();
  const std::string limit = GetParam().limit;
  const bool is_deadline = limit == "took too long";
  if (is_deadline)
    limited.deadline = from_now(milliseconds(1200));
  const auto before = std::chrono::steady_clock::now();
  expect_fault(exchange_once(limited, sink_, options_with(milliseconds(300))), FaultKind::timed_out,
               GetParam().is_sent, limit);
  EXPECT_GE(std::chrono::steady_clock::now() - before, milliseconds(is_deadline ? 1200 : 285));
}

// Connections to it are neither accepted nor refused: the queue of those to be accepted is full.
class DeafPort {
 public:
  DeafPort() {
    const auto any =
        ObjectPtr<GSocketAddress>::adopt(g_inet_socket_address_new_from_string("127.0.0.1", 0));
    g_socket_bind(listener_.get(), any.get(), FALSE, nullptr);
    g_socket_set_listen_backlog(listener_.get(), 0);
    g_socket_listen(listener_.get(), nullptr);
    address_ =
        ObjectPtr<GSocketAddress>::adopt(g_socket_get_local_address(listener_.get(), nullptr));
    for (const auto& filler : fillers_) {
      g_socket_set_blocking(filler.get(), FALSE);
      g_socket_connect(filler.get(), address_.get(), nullptr, nullptr);
    }
  }
  std::string url() const {
    const auto port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address_.get()));
    return "http://127.0.0.1:" + std::to_string(port) + "/";
  }

 private:
  static ObjectPtr<GSocket> make_socket() {
    return ObjectPtr<GSocket>::adopt(
        g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, nullptr));
  }
  ObjectPtr<GSocket> listener_ = make_socket();
  ObjectPtr<GSocketAddress> address_;
  const ObjectPtr<GSocket> fillers_[4] = {make_socket(), make_socket(), make_socket(),
                                          make_socket()};
};

// An exchange with `url` ends in each of the three ways, unsent.
void expect_ends_unsent(const std::string& url, const std::function<void()>& wait_reached) {
  KeepingSink sink;
  std::stop_source stop;
  auto outcome = std::async(std::launch::async, [&] {
    return exchange_once(get_request(url), sink, options_with(milliseconds(0)), stop.get_token());
  });
  wait_reached();
  stop.request_stop();
  ASSERT_EQ(outcome.wait_for(seconds(60)), std::future_status::ready);
  expect_fault(outcome.get(), FaultKind::cancelled, false);

  HttpRequest request = get_request(url);
  request.deadline = from_now(milliseconds(100));
  expect_fault(exchange_once(request, sink, options_with(milliseconds(0))), FaultKind::timed_out,
               false);

  expect_fault(get_once(url, options_with(milliseconds(300))), FaultKind::timed_out, false);
  EXPECT_EQ(sink.begins, 0);
}

TEST(SoupLimitsBeforeTheConnection, apply_to_resolving_the_name) {
  const ResolverScope resolver(ResolverAnswer::silence);
  expect_ends_unsent("http://silent.test/", [&] { EXPECT_TRUE(resolver.wait_asked()); });
}

TEST(SoupLimitsBeforeTheConnection, apply_to_connecting) {
  const DeafPort port;
  expect_ends_unsent(port.url(), [] {});
}

TEST(SoupLimitsBeforeTheConnection, apply_before_anything_is_done) {
  TestServer server([](Peer&) {});
  KeepingSink sink;
  std::stop_source stop;
  stop.request_stop();
  const auto transport = make_soup_transport({});
  HttpRequest request = get_request(server.url());
  expect_fault(transport->exchange(request, sink, stop.get_token()), FaultKind::cancelled, false);
  request.deadline = from_now(milliseconds(0));
  expect_fault(transport->exchange(request, sink, {}), FaultKind::timed_out, false);
  EXPECT_EQ(server.connections(), 0);
}

TEST(SoupLimitsAfterwards, a_transport_serves_the_next_exchange) {
  TestServer server([](Peer& peer) {
    while (const auto request = peer.read_request()) {
      if (request->starts_with("GET /hang"))
        peer.hold();
      else
        peer.send(http_response("abc"));
    }
  });
  const auto transport = make_soup_transport({});
  for (int i = 0; i < 3; ++i) {
    KeepingSink sink;
    HttpRequest hanging = get_request(server.url("/hang"));
    hanging.deadline = from_now(milliseconds(50));
    expect_fault(transport->exchange(hanging, sink, {}), FaultKind::timed_out, true);
    EXPECT_EQ(status_of(transport->exchange(get_request(server.url()), sink, {})), 200U);
    EXPECT_EQ(sink.body, "abc");
  }
}

}  // namespace
}  // namespace modelverse::http
