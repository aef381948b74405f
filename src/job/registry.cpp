// SPDX-License-Identifier: LGPL-2.1-or-later
// The live jobs, and the wait at the end of the process.
#include "job/registry.h"

#include <glib.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <list>
#include <system_error>
#include <utility>
#include <vector>

#include "glib/text.h"
#include "job/workers.h"

namespace modelverse::job {

namespace {

// The clip of a job.
struct Target {
  std::string cache_dir;  // as std::filesystem resolves it
  std::string key;
  unsigned url_index;
  bool operator==(const Target&) const = default;
};

// What must be equal to join. See registry.h.
struct Terms {
  std::string account;  // a digest of the key, or where there is none
  bool is_refresh;
  JobTerms settings;
  bool operator==(const Terms&) const = default;
};

struct Live {
  std::weak_ptr<JobState> job_state;
  std::string task_id;  // of the task to adopt
  Target target;
  std::weak_ptr<const Terms> terms;  // until the job has ended
};

struct Jobs {
  std::list<Live> live;
  bool is_exiting = false;           // no job begins any more
  Workers* workers = new Workers();  // never freed, see there
};

// Never freed: a thread that is still busy with a submit may outlive the static destructors.
Guarded<Jobs>& jobs() {
  static auto* all = new Guarded<Jobs>;
  return *all;
}

using JobStates = std::vector<std::shared_ptr<JobState>>;

// Of all live jobs; none begins after them.
JobStates last_job_states() {
  JobStates job_states;
  auto all = jobs().lock();
  all->is_exiting = true;
  for (const auto& live : all->live) {
    if (auto job_state = live.job_state.lock())
      job_states.push_back(std::move(job_state));
  }
  return job_states;
}

// The process whose threads run the jobs. A forked child has none of the threads, but runs the same
// exit handlers; it must not wait for the jobs.
std::atomic<pid_t> owner = 0;

// After this time, a user at a shell wonders why the process does not end.
constexpr auto silent_exit = std::chrono::seconds(2);

using TimePoint = std::chrono::steady_clock::time_point;

// Until no job is busy. False: one is at `until`.
template <typename IsBusy>
bool wait_for_jobs(const JobStates& job_states, TimePoint until, IsBusy is_busy) {
  return std::ranges::all_of(job_states, [&](const auto& job_state) {
    auto state = job_state->lock();
    return state.wait_for(until - std::chrono::steady_clock::now(),
                          [&] { return !is_busy(*state); });
  });
}

bool is_posting(const JobStateData& state) {
  return state.is_posting;
}

bool is_working(const JobStateData& state) {
  return state.is_posting || state.is_evicting;
}

// GStreamer's log may be closed already: gst-launch-1.0 calls gst_deinit() before it returns.
// GLib's default handler writes a message to stderr, an application may redirect it, and unlike a
// warning it is never fatal (G_DEBUG=fatal-warnings).
std::chrono::seconds log_exit_wait(const JobStates& job_states) {
  std::chrono::seconds longest{};
  for (const auto& job_state : job_states) {
    auto state = job_state->lock();
    if (state->is_posting)
      longest = std::max(longest, state->longest_post);
  }
  g_log("gst-modelverse", G_LOG_LEVEL_MESSAGE,
        _("Waiting at exit for the response to a submit, for up to %d s: its task is paid for and "
          "would be lost otherwise."),
        static_cast<int>(longest.count()));
  return longest;
}

// A process that ends during a submit would lose the id of a paid task. Therefore exit() waits for
// the submit, within its longest duration, and allows no further submit; a second Ctrl-C still
// kills the process. Removing old clips takes milliseconds, and every short run would leave it to
// the next one: exit() waits for that as well, but not longer than it waits in silence.
void finish_at_exit() {
  if (owner != getpid())
    return;
  const auto begun = std::chrono::steady_clock::now();
  const auto job_states = last_job_states();
  for (const auto& job_state : job_states)
    job_state->lock()->is_closed = true;
  if (wait_for_jobs(job_states, begun + silent_exit, is_working) ||
      wait_for_jobs(job_states, begun, is_posting))
    return;
  wait_for_jobs(job_states, begun + log_exit_wait(job_states), is_posting);
}

void register_exit_handler() {
  static const bool is_registered = std::atexit(finish_at_exit) == 0;
  (void)is_registered;
  owner = getpid();
}

// "/a", "/a/" and a symbolic link to it are the same. If this fails to detect that, the entry's
// lock still does.
std::string resolved(const std::string& cache_dir) {
  std::error_code error;
  const auto path = std::filesystem::weakly_canonical(cache_dir + "/.", error);
  return error ? cache_dir : (path.has_filename() ? path : path.parent_path()).string();
}

Terms terms_of(const Plan& plan) {
  const auto& key = plan.api_key;
  return {.account = key ? account_of(key.value()) : "no key: " + place_of_key(plan.settings),
          .is_refresh = plan.settings.cache_mode == CacheMode::refresh,
          .settings = plan.settings};
}

// A refresh does not join a finished clip. A reader with a task-id joins only a job with that task,
// and a reader without one does not join a job that was started with a task-id: such a job fails if
// the entry has another task.
bool may_join(const Live& live, JobState& job_state, const Live& wanted, const Terms& terms) {
  const auto terms_of_live = live.terms.lock();
  if (live.target != wanted.target || (terms_of_live && *terms_of_live != terms))
    return false;
  {
    auto state = job_state.lock();
    if (terms.is_refresh && state->is_complete)
      return false;
    if (live.task_id != wanted.task_id &&
        (wanted.task_id.empty() || state->stats.task_id != wanted.task_id))
      return false;
  }
  return job_state.join();
}

std::shared_ptr<JobState> join_live(Jobs& all, const Live& wanted, const Terms& terms) {
  for (const auto& live : all.live) {
    auto job_state = live.job_state.lock();
    if (job_state && may_join(live, *job_state, wanted, terms))
      return job_state;
  }
  return nullptr;
}

// A forked child has copies of its parent's job states, but no thread updates them.
void reset_after_fork(Jobs& all) {
  if (owner == 0 || owner == getpid())
    return;
  all.live.clear();
  all.is_exiting = false;
  all.workers = new Workers();
}

Joined add_reader(const std::shared_ptr<JobState>& job_state, const Plan& plan) {
  auto state = job_state->lock();
  if (plan.settings.cache_mode != CacheMode::off)
    state->is_to_stay = true;
  return {job_state, state->is_complete};
}

}  // namespace

Result<Joined> join_job(Plan plan, JobEnvironment environment) {
  const auto terms = std::make_shared<const Terms>(terms_of(plan));
  Live wanted{.job_state = {},
              .task_id = plan.settings.task_id,
              .target = {resolved(plan.cache_dir), plan.key, plan.settings.url_index},
              .terms = terms};
  auto all = jobs().lock();
  reset_after_fork(*all);
  std::erase_if(all->live, [](const auto& live) { return live.job_state.expired(); });
  if (const auto job_state = join_live(*all, wanted, *terms))
    return add_reader(job_state, plan);
  if (all->is_exiting)
    return cancelled_error();
  const auto job_state = std::make_shared<JobState>();
  job_state->join();
  auto joined = add_reader(job_state, plan);
  wanted.job_state = job_state;
  all->live.push_back(std::move(wanted));
  register_exit_handler();
  const auto run = std::make_shared<JobRun>(std::move(plan), *job_state, std::move(environment));
  try {
    // Until its end, the job has what it refers to, and its terms count.
    all->workers->add([job_state, run, terms] { return run->proceed(); }, job_state->stop_token());
  } catch (const std::system_error& error) {
    return Error{.code = ErrorCode::failed,
                 .text = _("Cannot start a thread for the job."),
                 .debug = error.what()};
  }
  return joined;
}

unsigned running_jobs() {
  auto all = jobs().lock();
  return static_cast<unsigned>(
      std::ranges::count_if(all->live, [](const Live& live) { return !live.terms.expired(); }));
}

}  // namespace modelverse::job
