// SPDX-License-Identifier: LGPL-2.1-or-later
// Who we are to the service, and which redirects are followed.
#include "job/service.h"

#include "bench.h"

namespace modelverse::job::test {
namespace {

struct Asking : Bench {
  Service make(AuthScheme scheme = AuthScheme::automatic) {
    return {transport,
            *clock,
            {.base_url = plan.base_url, .api_key = "the-key", .auth_scheme = scheme}};
  }
  ApiResponse ask(Service service) {
    return std::get<ApiResponse>(service.status("task", std::nullopt, {}));
  }
  std::string authorization(std::size_t index) {
    return header_of(script->request(index), "Authorization");
  }
  ScriptedTransport transport{script};
};

TEST_F(Asking, tries_the_other_scheme_once_and_remembers_it) {
  script->add(answer(401));
  script->add(answer(200), 2);
  EXPECT_EQ(ask(make()).status, 200u);
  EXPECT_EQ(ask(make()).status, 200u);
  EXPECT_EQ(authorization(0), "the-key");
  EXPECT_EQ(authorization(1), "Bearer the-key");
  EXPECT_EQ(authorization(2), "Bearer the-key");
}

TEST_F(Asking, remembers_no_scheme_where_both_are_refused) {
  script->add(answer(401), 4);
  EXPECT_EQ(ask(make()).status, 401u);
  EXPECT_EQ(ask(make()).status, 401u);
  EXPECT_EQ(authorization(2), "the-key");
}

TEST_F(Asking, keeps_to_the_scheme_that_is_set) {
  script->add(answer(401), 2);
  EXPECT_EQ(ask(make(AuthScheme::raw)).status, 401u);
  EXPECT_EQ(ask(make(AuthScheme::bearer)).status, 401u);
  EXPECT_EQ(authorization(0), "the-key");
  EXPECT_EQ(authorization(1), "Bearer the-key");
}

TEST_F(Asking, posts_again_where_the_same_origin_redirects_to) {
  script->add(redirect(307, "/moved"));
  script->add(redirect(308, "/again"));
  script->add(answer(200));
  auto service = make();
  const auto reply = service.submit("{}", std::chrono::seconds(300));
  EXPECT_EQ(std::get<ApiResponse>(reply).status, 200u);
  EXPECT_EQ(script->request(2).url, plan.base_url + "/again");
  EXPECT_EQ(script->request(2).body.str(), "{}");
  EXPECT_EQ(script->posts(), 3u);
}

TEST_F(Asking, does_not_take_the_key_to_another_origin) {
  for (const auto* place : {"https://other.example/", "//other.example/", "/:bad:\\", "http://["}) {
    const auto before = script->count();
    script->add(redirect(307, place));
    if (std::string_view(place) == "/:bad:\\")
      script->add(answer(200));
    ask(make());
    for (auto i = before; i < script->count(); ++i)
      EXPECT_TRUE(script->request(i).url.starts_with(plan.base_url)) << place;
  }
}

TEST_F(Asking, stays_where_a_redirect_names_no_place) {
  script->add(answer(308));
  EXPECT_EQ(ask(make()).status, 308u);
  EXPECT_EQ(script->count(), 1u);
}

TEST_F(Asking, follows_five_redirects_at_most) {
  script->add(redirect(307, "/again"), 6);
  EXPECT_EQ(ask(make()).status, 307u);
  EXPECT_EQ(script->left(), 0u);
}

TEST_F(Asking, says_that_an_answer_is_too_large) {
  script->add(answer(200, std::string((1 << 20) + 1, 'x')));
  const auto reply = ask(make());
  EXPECT_TRUE(reply.too_large);
  EXPECT_EQ(reply.status, 200u);
  EXPECT_TRUE(reply.body.empty());
}

TEST_F(Asking, masks_the_key_where_the_service_repeats_it) {
  const auto told = [&](const std::string& key, const std::string& body) {
    script->add(answer(400, body));
    return ask(Service(transport, *clock, {.base_url = plan.base_url, .api_key = key})).body;
  };
  EXPECT_EQ(told("sk-12345/678", "bad sk-12345/678, sk-12345/678"), "bad ***, ***");
  EXPECT_EQ(told("sk-12345/678", R"(bad sk-12345\/678)"), "bad ***");
  EXPECT_EQ(told("sk-12345/678", R"(bad sk\u002D12345\u002f678.)"), "bad ***.");
  EXPECT_EQ(told("sk-12345/678", R"(bad sk-12345\u002f67)"), R"(bad sk-12345\u002f67)");
  EXPECT_EQ(told("sk-\"2345\\678", R"(bad sk-\"2345\\678)"), "bad ***");
  EXPECT_EQ(told("e", "here"), "here");
}

TEST_F(Asking, escapes_a_hostile_task_id) {
  script->add(answer(200));
  make().status("../a&b=c\n", std::nullopt, {});
  EXPECT_EQ(script->request(0).url, plan.base_url + "/v1/tasks/status?task_id=..%2Fa%26b%3Dc%0A");
}

}  // namespace
}  // namespace modelverse::job::test
