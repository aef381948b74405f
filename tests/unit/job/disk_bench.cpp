// SPDX-License-Identifier: LGPL-2.1-or-later
// A fair service and lives to try it with.
#include "disk_bench.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "api/wire.h"

namespace modelverse::job::test {

namespace {

std::shared_ptr<unsigned> shared_counter() {
  void* memory =
      mmap(nullptr, sizeof(unsigned), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return {static_cast<unsigned*>(memory), [](unsigned* self) { munmap(self, sizeof *self); }};
}

// The first byte of "bytes=123-", 0 where there is none.
std::size_t first_byte(const std::string& range) {
  std::size_t first = 0;
  if (range.starts_with("bytes="))
    std::from_chars(range.data() + 6, range.data() + range.size(), first);
  return first;
}

}  // namespace

void nothing_left(DiskBench&) {}

void clip_left(DiskBench& bench) {
  EXPECT_FALSE(bench.live().error);
}

void damaged_clip_left(DiskBench& bench) {
  clip_left(bench);
  const auto path = bench.entry_path("clip.mp4");
  std::fstream(path).seekp(1000).put('?');
  // Later than the file system's clock ticks.
  std::filesystem::last_write_time(
      path, std::filesystem::last_write_time(path) + std::chrono::seconds(1));
}

bool is_unknown(const End& end) {
  const auto says_so = [](const Error& said) {
    return said.code == ErrorCode::write &&
           said.text.find("may have been accepted") != std::string::npos;
  };
  return end.error ? says_so(*end.error) : std::ranges::any_of(end.warnings, says_so);
}

DiskBench::DiskBench() : posts_(shared_counter()) {
  script->otherwise([this](const http::HttpRequest& request) { return serve(request); });
}

// The first task makes the clips 0 and 1, the next one 2 and 3.
Scene DiskBench::serve(const http::HttpRequest& request) {
  if (request.method == http::Method::post) {
    ++*posts_;
    return accepted("task-" + std::to_string(bought_before_ + *posts_));
  }
  const auto first = request.url.find("task-1") != std::string::npos ? 0U : 2U;
  if (request.url.find("/status") != std::string::npos) {
    const auto base = "https://results.example/task-" + std::to_string(first / 2 + 1) + "/";
    if (GetParam().fails && first > 0)
      return status_is("Failure", R"(,"error_message":"no")");
    return success({base + "0", base + "1"});
  }
  const auto bytes = clip(first + (request.url.ends_with("1") ? 1 : 0));
  const auto etag = "\"" + request.url.substr(request.url.size() - 3) + "\"";
  const auto begin = first_byte(header_of(request, "Range"));
  return begin > 0 && header_of(request, "If-Range") == etag ? part(bytes, begin, etag)
                                                             : whole(bytes, etag);
}

void DiskBench::begin_anew() {
  plan.cache_dir = directory.path() + "/cache" + std::to_string(++lives_);
  plan.settings.take = static_cast<unsigned>(lives_);
  plan.key = api::request_key(*plan.profile, plan.settings, plan.base_url);
  bought_before_ = *posts_ = 0;
  settings().cache_mode = CacheMode::reuse;
  settings().url_index = 0;
  GetParam().prepare(*this);
  bought_before_ = *posts_;
  *posts_ = 0;
  settings().cache_mode = GetParam().mode;
  settings().url_index = GetParam().url_index;
}

End DiskBench::live() {
  JobState state_of_this_life;
  state_of_this_life.join();
  JobRun(plan, state_of_this_life, environment()).proceed();
  End end;
  auto state = state_of_this_life.lock();
  end.error = state->error;
  end.was_cache_hit = state->stats.cache_hit;
  if (state->is_complete) {
    const auto chunk = state->clip->read_exactly(0, state->available);
    EXPECT_TRUE(chunk.ok());
    end.served.assign(reinterpret_cast<const char*>(chunk->data), chunk->size);
  }
  for (const auto& event : state->events) {
    if (const auto* warned = std::get_if<Warned>(&event))
      end.warnings.push_back(warned->what);
  }
  return end;
}

bool DiskBench::live_and_die_at(std::size_t number) {
  const auto child = fork();
  if (child == 0) {
    test_support::DiskFaults faults(directory.path());
    faults.die_at(number);
    live();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

std::size_t DiskBench::count_calls(const std::string& path) {
  begin_anew();
  const test_support::DiskFaults faults(path);
  live();
  return test_support::DiskFaults::calls().size();
}

End DiskBench::live_well() {
  settings().cache_mode = CacheMode::reuse;
  return live();
}

}  // namespace modelverse::job::test
