// SPDX-License-Identifier: LGPL-2.1-or-later
// A stop, a deadline and silence end an exchange wherever it stands.
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "exchange_fixture.h"
#include "support/test_resolver.h"
#include "support/test_server.h"

namespace modelverse::http {
namespace {

using test_support::answer;
using test_support::Peer;
using test_support::ResolverAnswer;
using test_support::ResolverScope;
using test_support::TestServer;

using std::chrono::milliseconds;
using std::chrono::seconds;

// A place where an exchange hangs, and whether the whole request has been sent by then.
struct Place {
  const char* name;
  bool is_sent;
  TestServer::Script script;
  bool is_tls_client = false;  // the URL says https, the server does not
  std::size_t posted = 0;
  bool is_trickle = false;  // bytes keep coming: silence is not what it is
  bool is_slow = false;
};

std::ostream& operator<<(std::ostream& out, const Place& place) {
  return out << place.name;
}

constexpr GTimeSpan trickle = 5000;  // us

const Place places[] = {
    {"handshake", false, [](Peer& peer) { peer.hold(); }, true},
    {"upload", false, [](Peer& peer) { peer.hold(); }, false, std::size_t{64} << 20},
    {"head", true,
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
     false, 0, true, true},
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
     false, 0, true},
    {"trickling_chunk_size", true,
     [](Peer& peer) {
       peer.read_request();
       peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;");
       peer.send_for_ever("x", trickle);
     },
     false, 0, true},
    {"flood", true,
     [](Peer& peer) {
       peer.read_request();
       peer.send("HTTP/1.1 200 OK\r\n\r\n");
       peer.send_for_ever(std::string(65536, 'x'));
     },
     false, 0, true},
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
    return make_soup_transport(options_with(milliseconds(0)))
        ->exchange(request(), sink_, stop.get_token());
  });
  reached_.wait(false);
  const auto before = std::chrono::steady_clock::now();
  stop.request_stop();
  ASSERT_EQ(outcome.wait_for(seconds(60)), std::future_status::ready);
  const auto took = std::chrono::steady_clock::now() - before;
  RecordProperty("us", static_cast<int>(took / std::chrono::microseconds(1)));
  const Fault fault = fault_of(outcome.get());
  EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::cancelled)) << fault.text;
}

TEST_P(SoupLimits, a_deadline_ends_it) {
  Fault fault;
  // Under load the first deadlines may pass before the place is reached.
  for (auto wait = milliseconds(200); !reached_ && wait < seconds(60); wait *= 3) {
    HttpRequest late = request();
    late.deadline = from_now(wait);
    fault = fault_of(make_soup_transport(options_with(milliseconds(0)))->exchange(late, sink_, {}));
    EXPECT_GE(std::chrono::steady_clock::now(), *late.deadline);
    EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::timed_out)) << fault.text;
  }
  EXPECT_TRUE(reached_);
  EXPECT_EQ(fault.is_request_sent, GetParam().is_sent);
}

TEST_P(SoupLimits, silence_ends_it_but_a_trickle_is_no_silence) {
  HttpRequest limited = request();
  if (GetParam().is_trickle)
    limited.deadline = from_now(milliseconds(1200));
  const auto before = std::chrono::steady_clock::now();
  const Fault fault =
      fault_of(make_soup_transport(options_with(milliseconds(300)))->exchange(limited, sink_, {}));
  EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::timed_out)) << fault.text;
  EXPECT_EQ(fault.is_request_sent, GetParam().is_sent);
  const char* word = GetParam().is_slow      ? "to respond"
                     : GetParam().is_trickle ? "took too long"
                                             : "no data";
  EXPECT_NE(fault.text.find(word), std::string::npos) << fault.text;
  const auto took = std::chrono::steady_clock::now() - before;
  EXPECT_GE(took, GetParam().is_slow      ? milliseconds(600)
                  : GetParam().is_trickle ? milliseconds(1200)
                                          : milliseconds(285));
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

// Ends an exchange with `url` in the three ways; none of them may say that it was sent.
void expect_ends_unsent(const std::string& url, const std::function<void()>& wait_reached) {
  KeepingSink sink;
  std::stop_source stop;
  auto outcome = std::async(std::launch::async, [&] {
    return make_soup_transport(options_with(milliseconds(0)))
        ->exchange(get_request(url), sink, stop.get_token());
  });
  wait_reached();
  stop.request_stop();
  ASSERT_EQ(outcome.wait_for(seconds(60)), std::future_status::ready);
  expect_fault(outcome.get(), FaultKind::cancelled, false);

  HttpRequest request = get_request(url);
  request.deadline = from_now(milliseconds(100));
  expect_fault(make_soup_transport(options_with(milliseconds(0)))->exchange(request, sink, {}),
               FaultKind::timed_out, false);

  expect_fault(get_once(url, options_with(milliseconds(300))), FaultKind::timed_out, false);
  EXPECT_EQ(sink.begins, 0);
}

TEST(SoupLimitsBeforeTheConnection, hold_while_the_name_is_resolved) {
  const ResolverScope resolver(ResolverAnswer::silence);
  expect_ends_unsent("http://silent.test/", [&] { EXPECT_TRUE(resolver.wait_asked()); });
}

TEST(SoupLimitsBeforeTheConnection, hold_while_it_is_made) {
  const DeafPort port;
  expect_ends_unsent(port.url(), [] {});
}

TEST(SoupLimitsBeforeTheConnection, hold_before_anything_is_done) {
  TestServer server([](Peer&) {});
  KeepingSink sink;
  std::stop_source stop;
  stop.request_stop();
  const auto transport = make_soup_transport({});
  HttpRequest request = get_request(server.url());
  Fault fault = fault_of(transport->exchange(request, sink, stop.get_token()));
  EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::cancelled));
  EXPECT_FALSE(fault.is_request_sent);
  request.deadline = from_now(milliseconds(0));
  fault = fault_of(transport->exchange(request, sink, {}));
  EXPECT_EQ(static_cast<int>(fault.kind), static_cast<int>(FaultKind::timed_out));
  EXPECT_FALSE(fault.is_request_sent);
  EXPECT_EQ(server.connections(), 0);
}

TEST(SoupLimitsAfterwards, a_transport_serves_the_next_exchange) {
  TestServer server([](Peer& peer) {
    while (const auto request = peer.read_request()) {
      if (request->starts_with("GET /hang"))
        peer.hold();
      else
        peer.send(answer("abc"));
    }
  });
  const auto transport = make_soup_transport({});
  for (int i = 0; i < 3; ++i) {
    KeepingSink sink;
    HttpRequest hanging = get_request(server.url("/hang"));
    hanging.deadline = from_now(milliseconds(50));
    fault_of(transport->exchange(hanging, sink, {}));
    EXPECT_EQ(status_of(transport->exchange(get_request(server.url()), sink, {})), 200U);
    EXPECT_EQ(sink.body, "abc");
  }
}

}  // namespace
}  // namespace modelverse::http
