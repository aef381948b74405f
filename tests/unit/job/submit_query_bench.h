// SPDX-License-Identifier: LGPL-2.1-or-later
// A job whose submit is lost, for a model that takes an id of ours.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/wire.h"
#include "bench.h"
#include "job/submission.h"
#include "support/requests.h"

namespace modelverse::job::test {

inline const std::string external_id_name = R"("external_task_id":")";

// The id that the submit carries; empty: none.
inline std::string id_in(const http::HttpRequest& request) {
  const auto& body = request.body.str();
  const auto start = body.find(external_id_name);
  if (start == std::string::npos)
    return {};
  const auto end = body.find('"', start + external_id_name.size());
  return body.substr(start + external_id_name.size(), end - start - external_id_name.size());
}

inline Scene not_found() {
  return answer(404, error_body("task_not_found", "task not found"));
}

inline Scene found(const std::string& task_id = "task-1") {
  return status_is("Running", R"(,"task_id":")" + task_id + '"');
}

struct SubmitQuery : Bench {
  SubmitQuery() {
    settings().model = "kling-v3";
    plan.profile = &api::find_profile("kling-v3");
    plan.settings.model = "kling-v3";
    plan.key = api::request_key(*plan.profile, plan.settings, plan.base_url);
  }

  // The first POST is lost, a later one accepted; the service knows of neither.
  void lose_the_first(std::function<Scene()> asked = not_found) { lose(1, std::move(asked)); }
  void lose_each() { lose(1000, not_found); }

  // What an earlier run left that ended in its POST, so long ago.
  void leave_unknown(std::chrono::seconds ago) {
    Record record{.key = plan.key,
                  .origin = plan.base_url,
                  .external_id = "earlier",
                  .proven_time = FakeClock::start - ago.count() + 300};
    record.model = "kling-v3";
    record.submit_time = FakeClock::start - ago.count();
    leave(record);
  }

  // The rest of a run: the task succeeds.
  void let_it_succeed() {
    script->add(success({link}));
    script->add(whole(mp4(2000)));
  }

  struct Sent {
    std::string id;
    std::chrono::seconds when;
  };
  std::vector<Sent> sent;

 private:
  void lose(std::size_t posts, std::function<Scene()> asked) {
    script->otherwise([this, posts, asked](const http::HttpRequest& request) {
      if (request.method != http::Method::post)
        return asked();
      sent.push_back({id_in(request), clock->elapsed()});
      return sent.size() <= posts ? lost(http::FaultKind::reset) : accepted("task-2");
    });
  }
};

}  // namespace modelverse::job::test
