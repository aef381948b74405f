// SPDX-License-Identifier: LGPL-2.1-or-later
// Connections that one transport passes on to another.
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "exchange_fixture.h"
#include "support/sanitized.h"
#include "support/test_server.h"
#include "support/threads.h"

namespace modelverse::http {
namespace {

using test_support::http_response;
using test_support::Peer;
using test_support::TestServer;

Outcome get(Transport& transport, const TestServer& server) {
  KeepingSink sink;
  return transport.exchange(get_request(server.url()), sink, {});
}

TEST(SoupShared, a_transport_that_rests_passes_its_connection_on) {
  TestServer server(always(http_response("abc")));
  const auto first = make_soup_transport({});
  EXPECT_EQ(status_of(get(*first, server)), 200U);
  const auto second = make_soup_transport({});
  EXPECT_EQ(status_of(get(*second, server)), 200U);
  EXPECT_EQ(server.connections(), 2) << "the first one was not at rest";
  first->rest();
  second->rest();
  for (int i = 0; i < 3; ++i) {
    for (const auto* transport : {&first, &second}) {
      std::thread([&] { EXPECT_EQ(status_of(get(**transport, server)), 200U); }).join();
      (*transport)->rest();
    }
  }
  EXPECT_EQ(server.connections(), 2);
}

TEST(SoupShared, so_does_one_that_ends) {
  TestServer server(always(http_response("abc")));
  const auto other = make_soup_transport({});
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(status_of(get(*make_soup_transport({}), server)), 200U);
  EXPECT_EQ(server.connections(), 1);
}

TEST(SoupShared, the_last_one_closes_the_connections) {
  TestServer server(always(http_response("abc")));
  {
    const auto first = make_soup_transport({});
    const auto second = make_soup_transport({});
    EXPECT_EQ(status_of(get(*first, server)), 200U);
    first->rest();
  }
  EXPECT_TRUE(server.wait_ended(1));
}

// Or a POST could be lost on a connection that the server is just closing.
TEST(SoupShared, a_post_has_a_connection_of_its_own) {
  TestServer server(always(http_response("abc")));
  const auto transport = make_soup_transport({});
  for (int i = 1; i < 6; ++i) {
    EXPECT_EQ(status_of(get(*transport, server)), 200U);
    transport->rest();
    const auto before = server.connections();
    KeepingSink sink;
    EXPECT_EQ(status_of(transport->exchange(post_request(server.url(), "{}"), sink, {})), 200U);
    EXPECT_EQ(server.connections(), before + 1);
    transport->rest();
  }
}

TEST(SoupShared, a_session_whose_exchange_failed_is_not_passed_on) {
  TestServer server([](Peer& peer) {
    peer.read_request();
    if (peer.number() == 0)
      peer.send(http_response("abc"));
    peer.read_request();
    if (peer.number() > 0)
      peer.send(http_response("abc"));
    peer.wait_closed();
  });
  const auto first = make_soup_transport({});
  EXPECT_EQ(status_of(get(*first, server)), 200U);
  HttpRequest request = get_request(server.url());
  request.deadline = from_now(std::chrono::milliseconds(50));
  KeepingSink sink;
  expect_fault(first->exchange(request, sink, {}), FaultKind::timed_out, true);
  first->rest();
  EXPECT_TRUE(server.wait_ended(1));
}

TEST(SoupShared, not_between_transports_that_trust_differently) {
  TestServer server(always(http_response("abc")), certificate("server"));
  const auto trusting_one = make_soup_transport(trusting());
  const auto same = [&] {
    EXPECT_EQ(status_of(get(*trusting_one, server)), 200U);
    trusting_one->rest();
  };
  same();
  expect_fault(get(*make_soup_transport({}), server), FaultKind::tls, false);
  EXPECT_EQ(status_of(get(*make_soup_transport(trusting()), server)), 200U);
  EXPECT_EQ(server.connections(), 3) << "another object may be another trust";
  same();
  EXPECT_EQ(server.connections(), 3);
}

TEST(SoupShared, not_between_transports_with_different_proxies) {
  TestServer server(always(http_response("direct")));
  TestServer proxy(always(http_response("proxied")));
  TransportOptions proxied;
  proxied.proxy = proxy.url();
  const auto one = make_soup_transport({});
  const auto other = make_soup_transport(proxied);
  for (int i = 0; i < 3; ++i) {
    KeepingSink sink, proxied_sink;
    status_of(one->exchange(get_request(server.url()), sink, {}));
    status_of(other->exchange(get_request(server.url()), proxied_sink, {}));
    EXPECT_EQ(sink.body, "direct");
    EXPECT_EQ(proxied_sink.body, "proxied");
    one->rest();
    other->rest();
  }
}

// Who is not told apart by the connection is told apart by the request.
TEST(SoupShared, each_request_has_its_own_credentials) {
  TestServer server([](Peer& peer) {
    while (const auto request = peer.read_request()) {
      const auto at = request->find("Authorization: ");
      peer.send(http_response(at == std::string::npos ? "none" : request->substr(at + 15, 1)));
    }
  });
  const auto ask = [&](const std::string& key) {
    const auto transport = make_soup_transport({});
    HttpRequest request = get_request(server.url());
    if (!key.empty())
      request.headers = {{"Authorization", key}};
    KeepingSink sink;
    status_of(transport->exchange(request, sink, {}));
    return sink.body;
  };
  const auto other = make_soup_transport({});
  EXPECT_EQ(ask("a"), "a");
  EXPECT_EQ(ask("b"), "b");
  EXPECT_EQ(ask(""), "none");
  EXPECT_EQ(server.connections(), 1);
}

// It would read what its parent is sent.
TEST(SoupShared, not_with_a_forked_child) {
  if (test_support::is_sanitized)
    GTEST_SKIP() << "no fork of threads";
  TestServer server(always(http_response("abc")));
  const auto transport = make_soup_transport({});
  EXPECT_EQ(status_of(get(*transport, server)), 200U);
  transport->rest();
  const auto child = fork();
  if (child == 0) {
    // GIO's threads do not come along: a new connection is not made.
    HttpRequest request = get_request(server.url());
    request.deadline = from_now(std::chrono::milliseconds(200));
    KeepingSink sink;
    make_soup_transport({})->exchange(request, sink, {});
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(server.requests().size(), 1u);
  EXPECT_EQ(status_of(get(*transport, server)), 200U);
  EXPECT_EQ(server.connections(), 1);
}

TEST(SoupShared, by_many_threads_at_once) {
  constexpr unsigned threads = 8, exchanges = 40;
  TestServer server(always(http_response("abc")));
  const auto other = make_soup_transport({});
  test_support::on_threads(threads, [&](unsigned) {
    const auto transport = make_soup_transport({});
    for (unsigned i = 0; i < exchanges; ++i) {
      EXPECT_EQ(status_of(get(*transport, server)), 200U);
      transport->rest();
    }
  });
  EXPECT_EQ(server.requests().size(), threads * exchanges);
  EXPECT_LE(server.connections(), int{threads});
}

}  // namespace
}  // namespace modelverse::http
