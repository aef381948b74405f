// SPDX-License-Identifier: LGPL-2.1-or-later
// Plans the request with the element's own code, and reads the entry's record.
#include "render/lookup.h"

#include <glib.h>

#include <stop_token>
#include <utility>

#include "api/check.h"
#include "api/price.h"
#include "api/profile.h"
#include "glib/text.h"
#include "job/job.h"
#include "job/plan.h"
#include "store/cache.h"
#include "store/claim.h"

namespace modelverse::render {

namespace {

// The entry holds another task than the one to adopt.
Error other_task(const Record& record) {
  return settings_error(
      format_text(_("The shot has the task %s already: remove task-id, or set "
                    "another take. If that task is wrong: modelverse-tasks "
                    "remove --force %s."),
                  job::shown_id(record).c_str(), record.key.substr(0, job::shown_key).c_str()),
      {}, "task-id");
}

State state_of(const Record& record, const store::Entry& entry) {
  switch (record.state) {
    case RecordState::complete:
      // A clip whose file is gone is downloaded again.
      return g_file_test(entry.clip_path().c_str(), G_FILE_TEST_IS_REGULAR) ? State::kept
                                                                            : State::resumable;
    case RecordState::submitted:
      return State::resumable;
    case RecordState::submitting: {
      // While its submitter lives, on whichever machine, its response is waited for.
      const auto claim = store::find_claim(entry.claim_path());
      return claim && !claim->is_dead ? State::resumable : State::unknown;
    }
  }
  return State::unknown;
}

}  // namespace

const char* state_name(State state) {
  switch (state) {
    case State::kept:
      return N_("kept");
    case State::resumable:
      return N_("resumable");
    case State::to_make:
      return N_("to be made");
    case State::unknown:
      return N_("unknown");
  }
  return N_("unknown");
}

Result<Located> locate(Settings settings) {
  const auto plan = job::make_plan(std::move(settings), std::stop_token());
  if (!plan)
    return plan.error();
  const store::Cache cache(plan->cache_dir);
  auto entry = cache.entry(plan->key);
  const auto record = entry->peek();
  if (!record)
    return record.error();
  if (*record)
    entry = cache.entry(job::key_of_clip(**record, plan->settings.url_index));
  const auto& adopted = plan->settings.task_id;
  const bool has_task = *record && (*record)->state != RecordState::submitting;
  if (!adopted.empty() && has_task && (*record)->task_id != adopted)
    return other_task(**record);
  Located located;
  located.state = *record ? state_of(**record, *entry) : State::to_make;
  if (!adopted.empty() && located.state != State::kept)
    located.state = State::resumable;
  // Where the service can be asked for an unknown submit, it is repeated if that was not accepted.
  located.may_submit = located.state == State::to_make ||
                       (located.state == State::unknown && !(*record)->external_id.empty());
  located.clip_path = entry->clip_path();
  located.model = plan->settings.model;
  located.size = api::sent_resolution(*plan->profile, plan->settings);
  located.seconds = api::sent_duration(*plan->profile, plan->settings);
  located.cost = api::estimate_cost(*plan->profile, plan->settings);
  for (auto& warning : api::warnings_of(*plan->profile, plan->settings))
    located.warnings.push_back(std::move(warning.text));
  return located;
}

}  // namespace modelverse::render
