// SPDX-License-Identifier: LGPL-2.1-or-later
// A transport that was left alone for longer than its connection is kept alive, a process that was
// stopped in the middle of an exchange, and a library that does not end one.
#include <gtest/gtest.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>

#include "exchange_fixture.h"
#include "support/sanitized.h"
#include "support/test_resolver.h"
#include "support/test_server.h"

namespace {

std::atomic<gint64> clock_lag = 0;  // us

}  // namespace

// Stands before GLib's for libsoup, GIO and the transport, not for GLib's own main context: a timer
// that is set with a lag has run out when that context is turned next, as if the time had passed in
// which nobody turned it.
extern "C" gint64 g_get_monotonic_time() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return gint64{now.tv_sec} * G_USEC_PER_SEC + now.tv_nsec / 1000 - clock_lag;
}

namespace modelverse::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test_support::http_response;
using test_support::Peer;
using test_support::ResolverAnswer;
using test_support::ResolverScope;
using test_support::TestServer;

class SoupIdle : public testing::Test {
 protected:
  ~SoupIdle() override { clock_lag = 0; }
};

// libsoup's idle timeout is 60 s by default.
TEST_F(SoupIdle, a_connection_serves_again_after_minutes_without_a_turn_of_the_context) {
  TestServer server(always(http_response("abc")));
  const auto transport = make_soup_transport({});
  for (int i = 0; i < 30; ++i) {
    clock_lag = seconds(100) / std::chrono::microseconds(1);
    HttpRequest request = get_request(server.url());
    request.deadline = from_now(seconds(20));
    KeepingSink sink;
    ASSERT_EQ(status_of(transport->exchange(request, sink, {})), 200U) << i;
    EXPECT_EQ(sink.body, "abc");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(SoupIdle, a_connection_that_the_server_closed_meanwhile_is_replaced) {
  TestServer server([](Peer& peer) {
    if (peer.read_request())
      peer.send(http_response("abc"));
  });
  const auto transport = make_soup_transport({});
  for (int i = 0; i < 20; ++i) {
    KeepingSink sink;
    ASSERT_EQ(status_of(transport->exchange(get_request(server.url()), sink, {})), 200U) << i;
    ASSERT_TRUE(server.wait_ended(i + 1));
  }
  EXPECT_EQ(server.connections(), 20);
}

// Stops one thread in a signal handler, as SIGSTOP stops a process, until it is let go.
class ThreadStop {
 public:
  ThreadStop() {
    EXPECT_EQ(pipe(ends_), 0);
    struct sigaction action = {};
    action.sa_handler = [](int) {
      char byte;
      [[maybe_unused]] const auto size = read(ends_[0], &byte, 1);
    };
    sigaction(SIGUSR1, &action, &before_);
  }
  ThreadStop(const ThreadStop&) = delete;
  ThreadStop& operator=(const ThreadStop&) = delete;
  ~ThreadStop() {
    sigaction(SIGUSR1, &before_, nullptr);
    close(ends_[0]);
    close(ends_[1]);
  }
  void stop(pthread_t thread) { pthread_kill(thread, SIGUSR1); }
  void go_on() { EXPECT_EQ(write(ends_[1], "x", 1), 1); }

 private:
  static inline int ends_[2];
  struct sigaction before_ = {};
};

TEST(StoppedProcess, reads_what_arrived_while_its_limits_passed) {
  for (const std::string before : {"", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na"}) {
    const pthread_t client = pthread_self();
    ThreadStop stop;
    TestServer server([&](Peer& peer) {
      peer.read_request();
      peer.send(before);
      std::this_thread::sleep_for(milliseconds(200));  // the client waits in its poll by now
      stop.stop(client);
      peer.send(before.empty() ? http_response("abc") : "bc");
      std::this_thread::sleep_for(milliseconds(1200));  // the idle timeout, and twice that
      stop.go_on();
      peer.wait_closed();
    });
    HttpRequest request = get_request(server.url());
    request.is_response_short = true;
    KeepingSink sink;
    EXPECT_EQ(status_of(exchange_once(request, sink, options_with(milliseconds(500)))), 200U);
    EXPECT_EQ(sink.body, "abc");
  }
}

// Whatever does not end when it is cancelled, an exchange is over soon after, and its body is
// freed.
TEST(SoupAbandoned, ends_although_libsoup_never_ends_the_message) {
  const auto before = mallinfo2().hblkhd;
  const ResolverScope resolver(ResolverAnswer::deaf);
  TestServer server([](Peer& peer) {
    peer.read_request();
    peer.send(http_response("abc"));
  });
  const auto transport = make_soup_transport(options_with(milliseconds(0)));
  KeepingSink sink;
  HttpRequest request =
      post_request("http://silent.test/", std::string(std::size_t{64} << 20, 'x'));
  for (int i = 0; i < 2; ++i) {
    request.deadline = from_now(milliseconds(50));
    expect_fault(transport->exchange(request, sink, {}), FaultKind::timed_out, false);
    EXPECT_LT(std::chrono::steady_clock::now(), *request.deadline + seconds(30));
  }
  std::stop_source stop;
  request.deadline.reset();
  auto outcome = std::async(std::launch::async, [&] {
    return exchange_once(request, sink, options_with(milliseconds(0)), stop.get_token());
  });
  EXPECT_TRUE(resolver.wait_asked());
  stop.request_stop();
  ASSERT_EQ(outcome.wait_for(seconds(60)), std::future_status::ready);
  expect_fault(outcome.get(), FaultKind::cancelled, false);
  request.body.clear();
  if (!test_support::is_sanitized) {
    EXPECT_LT(mallinfo2().hblkhd, before + (std::size_t{32} << 20));
  }
  EXPECT_EQ(status_of(transport->exchange(get_request(server.url()), sink, {})), 200U);
}

}  // namespace
}  // namespace modelverse::http
