// SPDX-License-Identifier: LGPL-2.1-or-later
// The proxy that the environment names.
#include "fault/matrix.h"
#include "fault/player_test.h"

namespace test_support {
namespace {

class ThroughProxy : public PlayerTest {
 protected:
  // Plays `base_url`'s clip. GIO asks a proxy for loopback, too, unless `no_proxy` names it.
  ProcessEnd play_from(const std::string& base_url, const std::string& proxy,
                       const std::string& no_proxy) const {
    return play(source("base-url=" + base_url) + " ! fakesink",
                {{"http_proxy", proxy}, {"no_proxy", no_proxy}});
  }
};

TEST_F(ThroughProxy, the_clip_comes_if_the_environment_names_one) {
  // It answers in the place of the service, at whose address nobody listens.
  const RawService proxy({}, matrix_clip());
  const auto end = play_from("http://127.0.0.1:1", proxy.base_url(), "elsewhere.test");
  EXPECT_EQ(end.exit_code, 0) << end.output;
  for (const auto* route : {"submit", "status", "result"})
    EXPECT_EQ(proxy.count(route), 1u) << route;
}

TEST_F(ThroughProxy, no_request_goes_if_no_proxy_names_the_host) {
  for (const auto* exceptions : {"127.0.0.1", "localhost,127.0.0.0/8"}) {
    const RawService proxy({}, matrix_clip());
    const RawService service({}, matrix_clip());
    const auto end = play_from(service.base_url(), proxy.base_url(), exceptions);
    EXPECT_EQ(end.exit_code, 0) << end.output;
    for (const auto* route : {"submit", "status", "result"})
      EXPECT_EQ(proxy.count(route), 0u) << route;
  }
}

TEST_F(ThroughProxy, no_key_goes_to_another_machine_for_a_service_on_this_one) {
  const RawService service({}, matrix_clip());
  const auto end = play_from(service.base_url(), "http://proxy.test:3128", "elsewhere.test");
  EXPECT_NE(end.exit_code, 0);
  EXPECT_NE(end.output.find("proxy.test"), std::string::npos) << end.output;
  EXPECT_EQ(service.count("submit"), 0u);
}

}  // namespace
}  // namespace test_support
