// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/exchange_watch.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace modelverse::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Watching : testing::Test {
  MainContextPtr context{g_main_context_new()};
  std::stop_source stop;

  // Turns the context until the exchange is to end. What never wakes it is ended by Meson.
  static void wait(ExchangeWatch& watch) {
    while (!watch.is_interrupted())
      watch.iterate();
  }
  // The same with a peer that is never silent for long.
  static void wait_with_progress(ExchangeWatch& watch) {
    while (!watch.is_interrupted()) {
      watch.note_progress();
      watch.iterate();
    }
  }
};

TEST_F(Watching, lets_an_exchange_run_that_has_no_reason_to_end) {
  ExchangeWatch watch(context.get(), {}, stop.get_token());
  EXPECT_FALSE(watch.is_interrupted());
  EXPECT_EQ(watch.why(), Interruption::none);
  EXPECT_FALSE(g_cancellable_is_cancelled(watch.cancellable()));
}

// As after a stop of the process (SIGSTOP): the limit has passed and data is there.
TEST_F(Watching, dispatches_what_has_arrived_before_the_idle_timeout_ends_it) {
  ExchangeWatch watch(context.get(), {.timeout = milliseconds(100)}, stop.get_token());
  const auto read = [&watch] { watch.note_progress(); };
  const SourcePtr arrived(g_idle_source_new());
  g_source_set_callback(
      arrived.get(),
      [](gpointer data) {
        (*static_cast<decltype(read)*>(data))();
        return G_SOURCE_REMOVE;
      },
      const_cast<gpointer>(static_cast<gconstpointer>(&read)), nullptr);
  g_source_attach(arrived.get(), context.get());
  std::this_thread::sleep_for(milliseconds(150));
  EXPECT_FALSE(watch.is_interrupted());
  watch.iterate();
  EXPECT_TRUE(g_source_is_destroyed(arrived.get())) << "not dispatched";
  EXPECT_FALSE(watch.is_interrupted());
  wait(watch);
  EXPECT_EQ(watch.why(), Interruption::silence);
}

TEST_F(Watching, replaces_the_other_limits_by_the_one_of_the_response) {
  ExchangeWatch watch(context.get(),
                      {.timeout = milliseconds(100), .response_timeout = milliseconds(300)},
                      stop.get_token());
  const auto begun = steady_clock::now();
  watch.note_request_start();
  watch.await_response();
  watch.note_progress();
  watch.note_headers();
  wait(watch);
  EXPECT_EQ(watch.why(), Interruption::slow_response);
  EXPECT_GE(steady_clock::now() - begun, milliseconds(300));
}

TEST_F(Watching, limits_neither_a_response_that_has_begun_nor_one_without_idle_timeout) {
  const auto deadline = steady_clock::now() + milliseconds(250);
  ExchangeWatch silent(context.get(), {.deadline = deadline}, stop.get_token());
  silent.await_response();
  ExchangeWatch watch(context.get(), {.timeout = milliseconds(100), .deadline = deadline},
                      stop.get_token());
  watch.await_response();
  watch.note_headers();
  wait_with_progress(watch);
  EXPECT_EQ(watch.why(), Interruption::deadline);
  wait(silent);
  EXPECT_EQ(silent.why(), Interruption::deadline);
}

TEST_F(Watching, keeps_the_first_reason) {
  ExchangeWatch watch(context.get(), {}, stop.get_token());
  watch.interrupt(Interruption::resend);
  watch.interrupt(Interruption::chatter);
  stop.request_stop();
  EXPECT_TRUE(watch.is_interrupted());
  EXPECT_EQ(watch.why(), Interruption::resend);
}

// libsoup closes a cancelled TLS connection by writing a close_notify, which waits for a peer that
// does not read: by then there must be no connection.
TEST_F(Watching, cuts_the_connection_when_the_exchange_is_to_end) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  ExchangeWatch watch(context.get(), {}, stop.get_token());
  watch.note_socket(ObjectPtr<GSocket>::adopt(g_socket_new_from_fd(ends[0], nullptr)));
  bool was_cut = false;
  const auto look = [&] {
    char byte;
    was_cut = recv(ends[1], &byte, 1, MSG_DONTWAIT) == 0;
  };
  g_cancellable_connect(watch.cancellable(), G_CALLBACK(+[](GCancellable*, gpointer data) {
                          (*static_cast<decltype(look)*>(data))();
                        }),
                        const_cast<gpointer>(static_cast<gconstpointer>(&look)), nullptr);
  watch.interrupt(Interruption::chatter);
  EXPECT_TRUE(was_cut) << "cancelled before it was cut";
  close(ends[1]);
}

}  // namespace
}  // namespace modelverse::http
