// SPDX-License-Identifier: LGPL-2.1-or-later
// The key goes to the API's origin only: two servers, and what each of them receives.
#include "fault/matrix.h"
#include "support/raw_service.h"

namespace test_support {
namespace {

constexpr const char* key = "sk-origin-27ae41e4649b934c";

class Origin : public ElementTest {
 protected:
  void SetUp() override {
    ElementTest::SetUp();
    g_setenv("MODELVERSE_API_KEY", key, TRUE);
  }
};

TEST_F(Origin, receives_the_key_and_the_host_of_the_result_does_not) {
  const RawService other({}, matrix_clip());
  RawService api(
      {{.route = "status", .bytes = {}, .times = 0, .link = other.base_url() + "/a.mp4?b=c"}}, "");
  Pipeline pipeline(source("retries=1 base-url=" + api.base_url()) + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  for (const auto* route : {"submit", "status"}) {
    for (const auto& request : api.requests(route))
      EXPECT_NE(request.find(key), std::string::npos) << request;
  }
  const auto downloads = other.requests("result");
  ASSERT_EQ(downloads.size(), 1u);
  EXPECT_EQ(downloads[0].find(key), std::string::npos) << downloads[0];
  EXPECT_EQ(downloads[0].find("uthorization"), std::string::npos) << downloads[0];
}

}  // namespace
}  // namespace test_support
