// SPDX-License-Identifier: LGPL-2.1-or-later
// Which servers the element trusts, and that nothing is sent to others. tests/unit/http has the
// certificates that are refused.
#include "fault/matrix.h"

namespace test_support {
namespace {

std::vector<std::string> serving(const std::string& name) {
  const auto path = certificate_path(name);
  return {"--tls-certificate", path, "--tls-key", path};
}

Expected untrusted() {
  return {.error = resource_open_read,
          .words = {"certificate", "https://", "Nothing was sent", "tls-database"},
          .debug = "/v1/tasks/submit",
          .phase = "submit",
          .attempts = 1,
          .submits = 0,
          .retries = 0};
}

void trust(Matrix& matrix) {
  matrix.trust();
}

// Stands in for the system's store, which only its owner can change.
void trust_by_default(Matrix& matrix) {
  GTlsBackend* backend = g_tls_backend_get_default();
  GTlsDatabase* ours = g_tls_file_database_new(certificate_path("ca").c_str(), nullptr);
  g_tls_backend_set_default_database(backend, ours);
  matrix.companion = std::shared_ptr<void>(ours, [backend](void* database) {
    g_tls_backend_set_default_database(backend, nullptr);
    g_object_unref(database);
  });
}

// The result's link leads to a server of its own.
std::function<void(Matrix&)> with_result_at(const std::string& name) {
  return [=](Matrix& matrix) {
    matrix.trust();
    auto store =
        std::make_shared<TestServer>([](Peer& peer) { peer.wait_closed(); }, certificate(name));
    matrix.first_rules = on_poll(
        R"("task_status":"Success","urls":[")" + store->url("/clip.mp4?Signature=abc") + R"("])",
        for_ever);
    matrix.companion = store;
  };
}

std::vector<Case> certificate_cases() {
  return {
      {.name = "an_authority_that_is_trusted_by_tls_database",
       .expected = clip_arrives(),
       .emulator = serving("server"),
       .before = trust},
      {.name = "an_authority_that_the_system_trusts",
       .expected = clip_arrives(),
       .emulator = serving("server"),
       .before = trust_by_default},
      {.name = "an_authority_that_nobody_trusts",
       .expected = untrusted(),
       .emulator = serving("server")},
  };
}
INSTANTIATE_TEST_SUITE_P(TlsCertificate, Matrix, testing::ValuesIn(certificate_cases()), name_of);

std::vector<std::string> serving_plain_results() {
  auto options = serving("server");
  options.emplace_back("--plain-results");
  return options;
}

std::vector<Case> store_cases() {
  return {
      {.name = "a_result_at_a_host_whose_certificate_has_expired",
       .expected = lost(resource_open_read, {"certificate", "expired"}, 0),
       .emulator = serving("server"),
       .before = with_result_at("expired")},
      {.name = "a_result_without_tls",
       .expected = lost(resource_read, {"without TLS", "allow-http"}, 0),
       .emulator = serving_plain_results(),
       .before = trust,
       .is_run_again = false},
      {.name = "a_result_without_tls_that_is_allowed",
       .expected = clip_arrives(),
       .properties = "allow-http=true",
       .emulator = serving_plain_results(),
       .before = trust},
  };
}
INSTANTIATE_TEST_SUITE_P(TlsStore, Matrix, testing::ValuesIn(store_cases()), name_of);

}  // namespace
}  // namespace test_support
