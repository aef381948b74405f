// SPDX-License-Identifier: LGPL-2.1-or-later
// A real proxy, named as a system names it.
#include <gio/gio.h>

#include <fstream>

#include "fault/player_test.h"

namespace test_support {
namespace {

// tinyproxy on a free port of loopback.
class Proxy {
 public:
  Proxy() : port_(free_port()) {
    std::ofstream(directory_.path() + "/conf")
        << "Port " << port_ << "\nListen 127.0.0.1\nAllow 127.0.0.1\nMaxClients 20\nTimeout 60\n"
        << "LogLevel Connect\nLogFile \"" << log_path() << "\"\n";
    process_ = std::make_unique<Process>(
        std::vector<std::string>{"tinyproxy", "-d", "-c", directory_.path() + "/conf"},
        std::map<std::string, std::string>{});
    EXPECT_TRUE(wait_until([&] { return is_listening(); }));
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // Requests of this kind that went through it.
  int count(const std::string& method) const {
    std::ifstream log(log_path());
    int found = 0;
    for (std::string line; std::getline(log, line);)
      found += line.find("): " + method + " ") != std::string::npos;
    return found;
  }

 private:
  std::string log_path() const { return directory_.path() + "/log"; }
  static guint16 free_port() {
    GSocketListener* listener = g_socket_listener_new();
    const guint16 port = g_socket_listener_add_any_inet_port(listener, nullptr, nullptr);
    g_socket_listener_close(listener);
    g_object_unref(listener);
    return port;
  }
  bool is_listening() const {
    GSocketClient* client = g_socket_client_new();
    g_socket_client_set_enable_proxy(client, FALSE);
    GSocketConnection* connection =
        g_socket_client_connect_to_host(client, "127.0.0.1", port_, nullptr, nullptr);
    const bool is_open = connection != nullptr;
    g_clear_object(&connection);
    g_object_unref(client);
    return is_open;
  }

  ScratchDirectory directory_;
  guint16 port_;
  std::unique_ptr<Process> process_;
};

class ThroughProxy : public PlayerTest {
 protected:
  void SetUp() override {
    PlayerTest::SetUp();
    if (!modelverse::CharPtr(g_find_program_in_path("tinyproxy")))
      GTEST_SKIP() << "there is no tinyproxy here";
    proxy_ = std::make_unique<Proxy>();
  }
  // Loopback is in nobody's way but where `no_proxy` says so.
  std::map<std::string, std::string> environment(const char* no_proxy) const {
    return {{"http_proxy", proxy_->url()}, {"no_proxy", no_proxy}};
  }
  std::unique_ptr<Proxy> proxy_;
};

TEST_F(ThroughProxy, the_environment_s_proxy_is_used) {
  start_emulator({"--generation-time", "0.05"});
  const auto end = play(source() + " ! fakesink", environment("elsewhere.test"));
  EXPECT_EQ(end.exit_code, 0) << end.output;
  EXPECT_EQ(proxy_->count("POST"), 1);
  EXPECT_GE(proxy_->count("GET"), 2) << "polls and the download";
}

TEST_F(ThroughProxy, no_proxy_is_honoured) {
  start_emulator({"--generation-time", "0.05"});
  for (const auto* exceptions : {"127.0.0.1", "localhost,127.0.0.0/8"}) {
    const auto end = play(source("take=" + std::to_string(exceptions[0])) + " ! fakesink",
                          environment(exceptions));
    EXPECT_EQ(end.exit_code, 0) << end.output;
  }
  EXPECT_EQ(proxy_->count("POST") + proxy_->count("GET") + proxy_->count("CONNECT"), 0);
}

TEST_F(ThroughProxy, elsewhere_is_not_given_the_key_of_this_machine_s_service) {
  start_emulator({"--generation-time", "0.05"});
  const std::map<std::string, std::string> remote = {{"http_proxy", "http://proxy.test:3128"},
                                                     {"no_proxy", "elsewhere.test"}};
  const auto end = play(source() + " ! fakesink", remote);
  EXPECT_NE(end.exit_code, 0);
  EXPECT_NE(end.output.find("proxy.test"), std::string::npos) << end.output;
  EXPECT_TRUE(emulator().requests().empty());
}

}  // namespace
}  // namespace test_support
