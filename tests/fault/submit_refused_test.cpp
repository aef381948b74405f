// SPDX-License-Identifier: LGPL-2.1-or-later
// The submit: repeated only where it was provably not accepted.
#include <span>

#include "fault/matrix.h"
#include "fault/submit_cases.h"
#include "support/test_resolver.h"

namespace test_support {
namespace {

class SubmitRefused : public Matrix {};

TEST_P(SubmitRefused, ends_as_the_matrix_says) {
  run_case();
}

Expected unreached(Code code, int attempts, std::vector<std::string> words) {
  return {.error = code,
          .words = std::move(words),
          .debug = "/v1/tasks/submit",
          .phase = "submit",
          .attempts = attempts,
          .submits = 0,
          .retries = static_cast<unsigned>(attempts - 1)};
}

constexpr const char* dead_url = "http://127.0.0.1:1";

const Case network_cases[] = {
    {.name = "nobody_listens",
     .expected = unreached(resource_open_read, 11, {"refused", "127.0.0.1:1", "base-url"}),
     .properties = std::string("base-url=") + dead_url},
    {.name = "the_name_is_not_found",
     .expected = unreached(resource_not_found, 11, {"resolved", "nowhere.test", "base-url"}),
     .properties = "base-url=https://nowhere.test",
     .before =
         [](Matrix& matrix) {
           matrix.companion = std::make_shared<ResolverScope>(ResolverAnswer::not_found);
         }},
    {.name = "the_name_takes_too_long_to_be_found",
     .expected = unreached(resource_read, 2, {"No response in time", "nowhere.test"}),
     .properties = "base-url=https://nowhere.test timeout=1 retries=1",
     .before =
         [](Matrix& matrix) {
           matrix.companion = std::make_shared<ResolverScope>(ResolverAnswer::silence);
         }},
    // TCP does not go to the broadcast address: connect() itself fails.
    {.name = "the_network_is_unreachable",
     .expected = unreached(resource_open_read, 11, {"unreachable", "255.255.255.255", "base-url"}),
     .properties = "base-url=https://255.255.255.255"},
    {.name = "the_proxy_cannot_be_reached",
     .expected = unreached(resource_open_read, 11, {"unreachable", "proxy"}),
     .properties = std::string("proxy=") + dead_url},
    {.name = "the_handshake_is_answered_in_plain_text",
     .expected = unreached(resource_open_read, 1, {"TLS"}),
     .before =
         [](Matrix& matrix) {
           auto server = std::make_shared<TestServer>([](Peer& peer) {
             peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
             peer.wait_closed();
           });
           matrix.add_properties("base-url=https://127.0.0.1:" + std::to_string(server->port()));
           matrix.companion = server;
         }},
    {.name = "retries_are_as_many_as_they_are_set_to",
     .expected = unreached(resource_open_read, 3, {"refused"}),
     .properties = std::string("retries=2 base-url=") + dead_url},
    {.name = "zero_retries_are_none",
     .expected = unreached(resource_open_read, 1, {"refused"}),
     .properties = std::string("retries=0 base-url=") + dead_url},
};
// The next run has the same base-url.
std::vector<Case> once(std::span<const Case> cases) {
  std::vector<Case> all(cases.begin(), cases.end());
  for (auto& one : all)
    one.is_run_again = false;
  return all;
}
INSTANTIATE_TEST_SUITE_P(Network, SubmitRefused, testing::ValuesIn(once(network_cases)),
                         [](const auto& shown) { return shown.param.name; });

const Case refusal_cases[] = {
    {.name = "status_401_with_either_scheme",
     .expected = {.error = resource_not_authorized,
                  .words = {"API key", "MODELVERSE_API_KEY"},
                  .debug = "HTTP 401, auth_error",
                  .phase = "submit",
                  .http_status = 401,
                  .error_code = "auth_error",
                  .has_request_id = true,
                  .attempts = 1,
                  .submits = 2},
     .rules = on_submit(R"("status":401)", 2)},
    {.name = "status_401_with_the_scheme_that_is_set",
     .expected = refusal(resource_not_authorized, 401, "auth_error", {"API key"}),
     .rules = on_submit(R"("status":401)"),
     .properties = "auth-scheme=raw"},
    {.name = "status_401_with_the_first_scheme_only",
     .expected = clip_arrives(2),
     .rules = on_submit(R"("status":401)")},
    {.name = "status_403",
     .expected = refusal(resource_not_authorized, 403, "permission_error", {"quota", "address"}),
     .rules = on_submit(R"("status":403)")},
    {.name = "the_quota_is_used_up",
     .expected = refusal(resource_not_authorized, 403, "permission_error", {"quota is used up"}),
     .rules = on_submit(says(403, "permission_error", "Insufficient balance"))},
    {.name = "the_address_is_not_allowed",
     .expected = refusal(resource_not_authorized, 403, "forbidden", {"address is not allowed"}),
     .rules = on_submit(says(403, "forbidden", "IP 192.0.2.7 is not in the whitelist"))},
    {.name = "the_model_is_not_permitted",
     .expected =
         refusal(resource_not_authorized, 400, "model_error", {"permission for this model"}),
     .rules = on_submit(says(400, "model_error", "no permission"))},
    {.name = "payment_is_required",
     .expected = refusal(resource_not_authorized, 402, "", {"quota is used up"}),
     .rules = on_submit(says(402, "", "top up"))},
    {.name = "the_content_is_refused",
     .expected =
         refusal(stream_failed, 400, "sensitive_check_error", {"refused the content", "final"}),
     .rules = on_submit(says(400, "sensitive_check_error", "sensitive"))},
    {.name = "the_content_is_refused_in_words_only",
     .expected = refusal(stream_failed, 400, "param_error", {"refused the content"}),
     .rules = on_submit(says(400, "param_error", "Blocked by our moderation system."))},
    {.name = "a_face_is_refused",
     .expected = refusal(stream_failed, 400, "", {"refused the content"}),
     .rules = on_submit(says(400, "", "The picture violates the Content Policy: human face"))},
    {.name = "a_value_is_refused",
     .expected = refusal(resource_settings, 400, "param_error", {"duration must be even"}),
     .rules = on_submit(says(400, "param_error", "duration must be even"))},
    {.name = "the_size_does_not_match",
     .expected = refusal(resource_settings, 400, "param_error",
                         {"1280x720", "720x1280", "1792x1024", "1024x1792"}),
     .rules = on_submit(
         says(400, "param_error", "Inpaint image must match the requested width and height"))},
    {.name = "the_prompt_is_too_long",
     .expected = refusal(resource_settings, 400, "tokens_too_long", {"prompt is too long"}),
     .rules = on_submit(says(400, "tokens_too_long", "too long"))},
    {.name = "status_404",
     .expected = refusal(resource_not_found, 404, "", {"base-url"}),
     .rules = on_submit(says(404, "", "no such route"))},
    {.name = "status_405",
     .expected = refusal(resource_settings, 405, "param_error", {"does not accept"}),
     .rules = on_submit(R"("status":405)")},
    {.name = "status_413",
     .expected = refusal(resource_settings, 413, "", {"picture is too large"}),
     .rules = on_submit(says(413, "", "entity too large"))},
    {.name = "status_422",
     .expected = refusal(resource_settings, 422, "", {"field missing"}),
     .rules = on_submit(says(422, "", "field missing"))},
    {.name = "a_gateway_without_the_model",
     .expected = refusal(resource_settings, 503, "model_not_found", {"does not have this model"}),
     .rules = on_submit(says(503, "model_not_found", "no channel"))},
    {.name = "a_refusal_in_a_200",
     .expected = refusal(stream_failed, 200, "sensitive_check_error", {"refused the content"}),
     .rules = on_submit(says(200, "sensitive_check_error", "sensitive"))},
    {.name = "the_older_envelope",
     .expected = {.error = resource_settings,
                  .words = {"bad argument"},
                  .debug = "HTTP 400, 1001",
                  .phase = "submit",
                  .http_status = 400,
                  .error_code = "1001",
                  .attempts = 1},
     .rules = on_submit(
         R"("status":400,"body":"{\"code\":1001,\"message\":\"bad argument\",\"data\":null}")")},
    {.name = "a_refusal_in_words_of_a_proxy",
     .expected = {.error = resource_settings,
                  .words = {"does not accept"},
                  .debug = "HTTP 400",
                  .phase = "submit",
                  .http_status = 400,
                  .attempts = 1},
     .rules = on_submit(R"("status":400,"body":"<html>Bad Request</html>")")},
};
INSTANTIATE_TEST_SUITE_P(Refusal, SubmitRefused, testing::ValuesIn(refusal_cases),
                         [](const auto& shown) { return shown.param.name; });

Expected redirected(int http_status) {
  return {.error = resource_settings,
          .words = {"redirects", "base-url"},
          .debug = "HTTP " + std::to_string(http_status),
          .phase = "submit",
          .http_status = http_status,
          .attempts = 1};
}

const Case redirect_cases[] = {
    {.name = "status_307_on_the_same_origin",
     .expected = clip_arrives(3),
     .rules = on_submit(R"("status":307,"redirect":"{self}")", 2)},
    {.name = "status_308_on_the_same_origin",
     .expected = clip_arrives(2),
     .rules = on_submit(R"("status":308,"redirect":"/v1/tasks/submit")")},
    {.name = "status_302",
     .expected = redirected(302),
     .rules = on_submit(R"("redirect":"{self}")")},
    {.name = "status_303",
     .expected = redirected(303),
     .rules = on_submit(R"("status":303,"redirect":"{self}")")},
    {.name = "status_307_to_another_origin",
     .expected = redirected(307),
     .rules = on_submit(R"("status":307,"redirect":"{result}/v1/tasks/submit")")},
    {.name = "status_308_without_a_place",
     .expected = redirected(308),
     .rules = on_submit(R"("status":308,"body":"")")},
    {.name = "status_307_in_a_circle",
     .expected =
         [] {
           auto expected = redirected(307);
           expected.submits = 6;
           return expected;
         }(),
     .rules = on_submit(R"("status":307,"redirect":"{self}")", for_ever)},
};
INSTANTIATE_TEST_SUITE_P(Redirect, SubmitRefused, testing::ValuesIn(redirect_cases),
                         [](const auto& shown) { return shown.param.name; });

}  // namespace
}  // namespace test_support
