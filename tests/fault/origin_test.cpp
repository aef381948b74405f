// SPDX-License-Identifier: LGPL-2.1-or-later
// The key goes to the API's origin only: two servers, and what each of them is sent.
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
  // Answers whatever is asked with the clip.
  static std::unique_ptr<RawService> store() {
    return std::make_unique<RawService>(std::vector<RawStep>{}, matrix_clip());
  }
  bool run(const RawService& api) {
    Pipeline pipeline(source("retries=1 base-url=" + api.base_url()) + " ! fakesink");
    return pipeline.run();
  }
  static void expect_no_key(const std::vector<std::string>& requests) {
    for (const auto& request : requests) {
      EXPECT_EQ(request.find(key), std::string::npos) << request;
      EXPECT_EQ(request.find("uthorization"), std::string::npos) << request;
    }
  }
};

std::string success_at(const std::string& link) {
  return answer(R"({"output":{"task_id":"raw-task","task_status":"Success","urls":[")" + link +
                R"("]}})");
}

std::string redirect_to(const std::string& place, const char* status = "307 Temporary Redirect") {
  return answer("", status, "Location: " + place + "\r\n");
}

TEST_F(Origin, is_sent_the_key_and_the_result_s_host_is_not) {
  const auto other = store();
  RawService api(
      {{.route = "status", .bytes = success_at(other->base_url() + "/a.mp4?b=c"), .times = 0}}, "");
  EXPECT_TRUE(run(api));
  EXPECT_EQ(other->count("result"), 1u);
  expect_no_key(other->requests("result"));
  for (const auto* route : {"submit", "status"}) {
    for (const auto& request : api.requests(route))
      EXPECT_NE(request.find(key), std::string::npos) << request;
  }
}

TEST_F(Origin, keeps_the_key_when_its_result_redirects) {
  const auto last = store();
  RawService middle({{.route = "result", .bytes = redirect_to(last->base_url() + "/b.mp4")}}, "");
  RawService api(
      {{.route = "status", .bytes = success_at(middle.base_url() + "/a.mp4"), .times = 0}}, "");
  EXPECT_TRUE(run(api));
  EXPECT_EQ(middle.count("result"), 1u);
  EXPECT_EQ(last->count("result"), 1u);
  expect_no_key(middle.requests("result"));
  expect_no_key(last->requests("result"));
}

}  // namespace
}  // namespace test_support
