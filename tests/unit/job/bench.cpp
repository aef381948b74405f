// SPDX-License-Identifier: LGPL-2.1-or-later
// Setting the bench up.
#include "bench.h"

#include <glib.h>

#include <atomic>
#include <fstream>

#include "api/wire.h"
#include "job/download.h"
#include "job/polling.h"
#include "job/preparation.h"
#include "job/submission.h"
#include "store/cache.h"
#include "support/files.h"
#include "support/requests.h"

namespace modelverse::job::test {

Scene accepted(const std::string& task_id) {
  return answer(200, R"({"output":{"task_id":")" + task_id + R"("},"request_id":"request-1"})");
}

Scene status_is(const std::string& status, const std::string& more) {
  return answer(200,
                R"({"output":{"task_status":")" + status + '"' + more + R"(},"request_id":""})");
}

Scene success(const std::vector<std::string>& urls) {
  std::string list;
  for (const auto& url : urls)
    list += (list.empty() ? "\"" : ",\"") + url + '"';
  return status_is("Success", R"(,"urls":[)" + list + "]");
}

std::string error_body(const std::string& code, const std::string& message) {
  return R"({"error":{"code":")" + code + R"(","message":")" + message +
         R"(","param":"request-9"}})";
}

std::string box(const std::string& type, const std::string& payload) {
  const auto size = payload.size() + 8;
  std::string head;
  for (int shift = 24; shift >= 0; shift -= 8)
    head += static_cast<char>(size >> shift & 0xff);
  return head + type + payload;
}

std::string mp4(std::size_t size, bool index_first) {
  const auto start = box("ftyp", std::string("isom\0\0\2\0isommp42", 16));
  const auto index = box("moov", std::string(40, 'i'));
  std::string media(size - start.size() - index.size() - 8, '\0');
  for (std::size_t i = 0; i < media.size(); ++i)
    media[i] = static_cast<char>(i * 7 + i / 251);
  const auto data = box("mdat", media);
  return index_first ? start + index + data : start + data + index;
}

Scene whole(const std::string& clip, const std::string& etag) {
  return answer(200, clip, {{"Content-Length", std::to_string(clip.size())}, {"ETag", etag}});
}

Scene part(const std::string& clip, std::size_t first, const std::string& etag) {
  const auto size = std::to_string(clip.size());
  const auto range = "bytes " + std::to_string(first) + "-" + std::to_string(clip.size() - 1);
  return answer(206, clip.substr(first),
                {{"Content-Length", std::to_string(clip.size() - first)},
                 {"Content-Range", range + "/" + size},
                 {"ETag", etag}});
}

Bench::Bench() {
  for (const auto* name : {"MODELVERSE_API_KEY", "MODELVERSE_API_KEY_FILE", "MODELVERSE_BASE_URL",
                           "MODELVERSE_CACHE_DIR", "MODELVERSE_MODELS_FILE", "MODELVERSE_MODEL"})
    g_unsetenv(name);
  // The scheme that an origin took is remembered by the process: each test has its own origin.
  static std::atomic<int> number = 0;
  plan.base_url = "https://api" + std::to_string(++number) + ".example";
  plan.cache_dir = directory.path() + "/cache";
  settings().api_key = "the-key";
  plan.api_key = ApiKey{.value = "the-key", .warning = {}};
  // The test is the reader: without one nothing is submitted.
  job_state.join();
  settings().prompt = "a prompt";
  settings().model = default_model;
  plan.profile = &api::find_profile(settings().model);
  plan.has_request = true;
  settings().picture = PictureLink{"https://pictures.example/a.png"};
  plan.key = api::request_key(*plan.profile, plan.settings, plan.base_url);
}

JobEnvironment Bench::environment() {
  return {.clock = clock,
          .random = random_,
          .make_transport = [script = script](auto) -> Result<std::unique_ptr<http::Transport>> {
            return std::unique_ptr<http::Transport>(new ScriptedTransport(script));
          }};
}

void Bench::run() {
  JobRun(plan, job_state, environment()).proceed();
}

Job& Bench::job(Record record) {
  job_.reset();
  environment_ = environment();
  auto& job = job_.emplace(plan, job_state, environment_);
  job.entry = store::Cache(plan.cache_dir).entry(plan.key);
  EXPECT_TRUE(job.entry->try_lock().ok());
  EXPECT_TRUE(job.entry->load().ok());
  if (!record.key.empty()) {
    EXPECT_TRUE(job.entry->save(record).ok());
  }
  if (record.state == RecordState::submitting) {
    EXPECT_TRUE(job.entry->try_claim(std::chrono::minutes(13)).ok());
  }
  job.record = std::move(record);
  job.transport = std::make_unique<ScriptedTransport>(script);
  job.service.emplace(*job.transport, *clock,
                      ServiceOptions{.base_url = plan.base_url,
                                     .api_key = settings().api_key,
                                     .auth_scheme = settings().auth_scheme});
  return job;
}

Status Bench::submit(Job& job) {
  if (auto settled = run_phase(job, Phase::submit, settle); !settled)
    return settled;
  if (auto prepared = prepare(job); !prepared)
    return prepared;
  return run_phase(job, Phase::submit, job::submit);
}

Result<std::string> Bench::wait_for_result(Job& job) {
  for (;;) {
    auto polled = run_phase(job, Phase::generate, poll);
    if (!polled)
      return std::move(polled).error();
    if (!job.suspended_until)
      return job.result_link;
    clock->sleep_until(*std::exchange(job.suspended_until, {}), job.stop);
  }
}

Result<std::shared_ptr<store::Clip>> Bench::download(Job& job) {
  job.result_link = link;
  auto downloaded = run_phase(job, Phase::download, job::download);
  if (!downloaded)
    return std::move(downloaded).error();
  return std::move(job.clip);
}

void Bench::leave(const Record& record) {
  const auto entry = store::Cache(plan.cache_dir).entry(plan.key);
  EXPECT_TRUE(entry->try_lock().ok());
  EXPECT_TRUE(entry->load().ok());
  EXPECT_TRUE(entry->save(record).ok());
}

Record Bench::submitted(const std::string& task_id) const {
  Record record;
  record.state = RecordState::submitted;
  record.key = plan.key;
  record.origin = plan.base_url;
  record.model = plan.settings.model;
  record.task_id = task_id;
  record.submit_time = FakeClock::start - 100;
  return record;
}

Record Bench::complete_with(const std::string& clip) {
  const auto entry = store::Cache(plan.cache_dir).entry(plan.key);
  EXPECT_TRUE(entry->try_lock().ok());
  EXPECT_TRUE(entry->load().ok());
  EXPECT_TRUE(entry->save(submitted()).ok());
  std::ofstream(entry->partial_path(), std::ios::binary) << clip;
  auto partial = entry->open_partial();
  EXPECT_TRUE(partial.ok());
  auto record = submitted();
  record.finish_time = FakeClock::start - 10;
  EXPECT_TRUE(entry->complete(**partial, record).ok());
  return *on_disk();
}

std::optional<Record> Bench::on_disk() const {
  auto loaded = store::Cache(plan.cache_dir).entry(plan.key)->load();
  return loaded ? loaded->record : std::nullopt;
}

std::string Bench::entry_path(const std::string& name) const {
  return plan.cache_dir + "/" + plan.key + "/" + name;
}

std::string Bench::clip_on_disk() const {
  return test_support::file_content(entry_path("clip.mp4"));
}

std::string Bench::served() {
  auto state = job_state.lock();
  if (!state->clip || state->available == 0)
    return {};
  const auto chunk = state->clip->read_exactly(0, state->available);
  if (!chunk)
    return {};
  return {reinterpret_cast<const char*>(chunk->data), chunk->size};
}

bool Bench::ended(JobState& job_state) {
  auto state = job_state.lock();
  return state.wait_for(std::chrono::seconds(30),
                        [&] { return state->is_complete || state->error; });
}

std::vector<Error> Bench::warnings() {
  std::vector<Error> found;
  for (const auto& event : job_state.lock()->events) {
    if (const auto* warned = std::get_if<Warned>(&event))
      found.push_back(warned->what);
  }
  // Each submit of the default model warns of its withdrawal: see submission_test.cpp.
  std::erase_if(found, [](const Error& one) { return one.debug == "the model is withdrawn"; });
  return found;
}

}  // namespace modelverse::job::test
