// SPDX-License-Identifier: LGPL-2.1-or-later
// libsoup sends a GET again where a kept-alive connection ends before the response. Here it ends at
// the worst moment: libsoup has looked at it, chosen it, and not yet written. A second result of
// the one exchange would be a critical warning, at which the tests abort.
#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <tuple>

#include "exchange_fixture.h"
#include "http/soup_exchange.h"
#include "http/soup_message.h"
#include "support/test_server.h"

namespace modelverse::http {
namespace {

using test_support::http_response;
using test_support::Peer;
using test_support::TestServer;

enum class Ending { closed, reset };

// Answers once on each connection, and ends it when it is told to.
class EndingServer {
 public:
  explicit EndingServer(Ending how) : how_(how) {}

  std::string url() const { return server_.url(); }
  std::size_t received() const { return server_.requests().size(); }
  void end(int number) {
    const std::lock_guard lock(mutex_);
    told_.insert(number);
    changed_.notify_all();
  }
  bool wait_ended(int count) const { return server_.wait_ended(count); }
  EndingServer(const EndingServer&) = delete;
  EndingServer& operator=(const EndingServer&) = delete;
  ~EndingServer() {
    for (int i = 0; i < server_.connections(); ++i)
      end(i);
  }

 private:
  void serve(Peer& peer) {
    if (!peer.read_request() || !peer.send(http_response("ok")))
      return;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return told_.contains(peer.number()); });
    lock.unlock();
    if (how_ == Ending::reset)
      peer.reset();
  }

  const Ending how_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<int> told_;
  TestServer server_{[this](Peer& peer) { serve(peer); }};
};

class SoupRestart : public testing::TestWithParam<std::tuple<Ending, int>> {
 protected:
  ~SoupRestart() override { g_main_context_pop_thread_default(context_.get()); }

  Outcome exchange(const ObjectPtr<SoupMessage>& message) {
    KeepingSink sink;
    return SoupExchange(session_.get(), context_.get(), message, {}, false, {}).run(sink);
  }

  const Ending how_ = std::get<0>(GetParam());
  const int idle_ = std::get<1>(GetParam());
  const MainContextPtr context_{[] {
    GMainContext* context = g_main_context_new();
    g_main_context_push_thread_default(context);
    return context;
  }()};
  const ObjectPtr<SoupSession> session_ = ObjectPtr<SoupSession>::adopt(soup_session_new());
  EndingServer server_{how_};
};

INSTANTIATE_TEST_SUITE_P(All, SoupRestart,
                         testing::Combine(testing::Values(Ending::closed, Ending::reset),
                                          testing::Values(1, 2)),
                         [](const auto& test) {
                           const bool is_reset = std::get<0>(test.param) == Ending::reset;
                           return (is_reset ? "reset_of_" : "end_of_") +
                                  std::to_string(std::get<1>(test.param));
                         });

TEST_P(SoupRestart, gives_one_result_whatever_else_could_be_sent_over) {
  std::map<guint64, int> peers;  // by libsoup's number of the connection
  for (int i = 0; i < idle_; ++i) {
    const auto message = make_message(post_request(server_.url(), "{}"));
    ASSERT_EQ(status_of(exchange(message)), 200U);
    peers[soup_message_get_connection_id(message.get())] = i;
  }
  ASSERT_EQ(peers.size(), static_cast<std::size_t>(idle_));
  int starts = 0;
  const auto end = [&](SoupMessage* message) {
    if (++starts > 1)
      return;
    server_.end(peers.at(soup_message_get_connection_id(message)));
    ASSERT_TRUE(server_.wait_ended(1));
  };
  const auto message = make_message(get_request(server_.url()));
  g_signal_connect(message.get(), "starting", G_CALLBACK(+[](SoupMessage* starting, gpointer how) {
                     (*static_cast<decltype(end)*>(how))(starting);
                   }),
                   const_cast<gpointer>(static_cast<gconstpointer>(&end)));
  expect_fault(exchange(message), FaultKind::reset, how_ == Ending::closed);
  EXPECT_EQ(server_.received(), static_cast<std::size_t>(idle_)) << "sent again";
}

}  // namespace
}  // namespace modelverse::http
