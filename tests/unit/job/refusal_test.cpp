// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/refusal.h"

#include <gtest/gtest.h>

#include <set>

namespace modelverse::job::test {
namespace {

struct RefusalCase {
  unsigned status;
  const char* code;
  const char* message;
  ErrorCode error;
  const char* word;
};

class Refusal : public testing::TestWithParam<RefusalCase> {};

TEST_P(Refusal, is_explained_by_its_code_first_and_its_status_second) {
  const auto& [status, code, message, expected, word] = GetParam();
  const api::ServiceError said{
      .code = code, .type = {}, .message = message, .request_id = "request-3"};
  const auto error =
      explain_refusal(ApiResponse{.status = status}, said, status_call("https://api.example"));
  EXPECT_EQ(static_cast<int>(error.code), static_cast<int>(expected)) << error.text;
  EXPECT_NE(error.text.find(word), std::string::npos) << error.text;
  EXPECT_NE(error.text.find(message), std::string::npos) << error.text;
  EXPECT_EQ(error.details.http_status, static_cast<int>(status));
  EXPECT_EQ(error.details.error_code, code);
  EXPECT_EQ(error.details.request_id, "request-3");
}

INSTANTIATE_TEST_SUITE_P(
    All, Refusal,
    testing::Values(
        RefusalCase{401, "auth_error", "", ErrorCode::not_authorized, "MODELVERSE_API_KEY"},
        RefusalCase{401, "", "", ErrorCode::not_authorized, "MODELVERSE_API_KEY"},
        RefusalCase{400, "model_error", "no", ErrorCode::not_authorized, "this model"},
        RefusalCase{403, "", "", ErrorCode::not_authorized, "quota"},
        RefusalCase{403, "forbidden", "", ErrorCode::not_authorized, "address"},
        RefusalCase{400, "sensitive_check_error", "no", ErrorCode::failed, "refused the content"},
        RefusalCase{400, "param_error", "Inpaint image must match the requested width and height",
                    ErrorCode::settings, "1280x720"},
        RefusalCase{400, "", "blocked by our Moderation", ErrorCode::failed, "refused the content"},
        RefusalCase{402, "", "top up", ErrorCode::not_authorized, "quota is used up"},
        RefusalCase{403, "permission_error", "Insufficient balance", ErrorCode::not_authorized,
                    "quota is used up"},
        RefusalCase{403, "forbidden", "not in the whitelist", ErrorCode::not_authorized,
                    "address is not allowed"},
        RefusalCase{407, "", "", ErrorCode::not_authorized, "proxy"},
        RefusalCase{503, "model_not_found", "", ErrorCode::settings, "does not have this model"},
        RefusalCase{400, "tokens_too_long", "", ErrorCode::settings, "too long"},
        RefusalCase{404, "", "", ErrorCode::not_found, "base-url"},
        RefusalCase{413, "", "", ErrorCode::settings, "too large"},
        RefusalCase{302, "", "", ErrorCode::settings, "redirects"},
        RefusalCase{429, "", "", ErrorCode::read, "rate"},
        RefusalCase{500, "", "boom", ErrorCode::read, "temporary"},
        RefusalCase{418, "", "tea", ErrorCode::settings, "does not accept"}));

TEST(FaultText, tells_each_cause_apart_and_names_the_host_without_secrets) {
  std::set<std::string> texts;
  const http::FaultKind kinds[] = {http::FaultKind::name_not_found, http::FaultKind::refused,
                                   http::FaultKind::unreachable,    http::FaultKind::tls,
                                   http::FaultKind::timed_out,      http::FaultKind::reset,
                                   http::FaultKind::protocol};
  for (const auto kind : kinds) {
    const auto error =
        explain_fault({kind, false, "the cause"},
                      {Phase::download, "https://host.example:444/clip?signature=s3cret"});
    EXPECT_NE(error.text.find("https://host.example:444"), std::string::npos) << error.text;
    EXPECT_EQ(error.text.find("s3cret"), std::string::npos) << error.text;
    EXPECT_EQ(error.debug, "download: GET https://host.example:444: the cause");
    texts.insert(error.text);
  }
  EXPECT_EQ(texts.size(), std::size(kinds));
}

TEST(FaultText, names_a_refusal_as_the_cause_of_a_submit_that_broke_amid_its_body) {
  const auto text = [](bool is_sent, const Call& call) {
    return explain_fault({http::FaultKind::reset, is_sent, "broken pipe"}, call).text;
  };
  EXPECT_NE(text(false, submit_call("https://a.example")).find("API key"), std::string::npos);
  EXPECT_EQ(text(true, submit_call("https://a.example")).find("API key"), std::string::npos);
  EXPECT_EQ(text(false, status_call("https://a.example")).find("API key"), std::string::npos);
}

TEST(Summary, leaves_out_what_is_not_there) {
  EXPECT_EQ(summary(503, {}), "HTTP 503");
  EXPECT_EQ(summary(400, {.code = "c", .type = {}, .message = "m", .request_id = "r"}),
            "HTTP 400, c: m (request r)");
}

TEST(CertainRefusal, is_one_with_a_code_that_the_service_documents) {
  EXPECT_TRUE(
      is_certain_refusal({.code = "rate_limit", .type = {}, .message = {}, .request_id = {}}));
  EXPECT_TRUE(
      is_certain_refusal({.code = {}, .type = "auth_error", .message = {}, .request_id = {}}));
  EXPECT_FALSE(
      is_certain_refusal({.code = "internal_error", .type = {}, .message = {}, .request_id = {}}));
  EXPECT_FALSE(is_certain_refusal({}));
}

}  // namespace
}  // namespace modelverse::job::test
