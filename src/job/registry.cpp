// SPDX-License-Identifier: LGPL-2.1-or-later
// Live jobs by key, and what happens to them when the process ends.
#include "job/registry.h"

#include <glib.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace modelverse::job {

namespace {

struct Live {
  std::weak_ptr<Board> board;
  std::string task_id;  // that it was made to adopt
};

struct Jobs {
  std::multimap<std::string, Live> by_name;
  unsigned running = 0;
};

// Never freed: a thread that is still busy with a submit may outlive the static destructors.
Guarded<Jobs>& jobs() {
  static auto* all = new Guarded<Jobs>;
  return *all;
}

std::vector<std::shared_ptr<Board>> live_boards() {
  std::vector<std::shared_ptr<Board>> boards;
  auto all = jobs().lock();
  for (const auto& [name, live] : all->by_name) {
    if (auto board = live.board.lock())
      boards.push_back(std::move(board));
  }
  return boards;
}

// The process whose threads the jobs are. A child that was forked has none of them, but runs the
// same functions when it exits; what it would wait for never comes.
std::atomic<pid_t> owner = 0;

// Nobody who waits for a shell's prompt knows for what, after this.
constexpr auto silent_exit = std::chrono::seconds(2);

using TimePoint = std::chrono::steady_clock::time_point;

// False: some work is under way still.
bool wait_for_work(const std::vector<std::shared_ptr<Board>>& boards, TimePoint until) {
  return std::all_of(boards.begin(), boards.end(), [&](const auto& board) {
    auto state = board->lock();
    return state.wait_for(until - std::chrono::steady_clock::now(),
                          [&] { return !state->is_posting && !state->is_keeping; });
  });
}

// GStreamer's log may be gone already: gst-launch-1.0 calls gst_deinit() before it returns. GLib's
// default handler writes a message to stderr, an application may take it elsewhere, and unlike a
// warning it is never fatal (G_DEBUG=fatal-warnings).
void say_why_exit_waits(std::chrono::seconds longest) {
  g_log("modelverse", G_LOG_LEVEL_MESSAGE,
        "The process ends when the service has responded to the submit that is under way (or the "
        "clip is recorded), in %d s at the latest: otherwise a paid task would be lost.",
        static_cast<int>(longest.count()));
}

// A process that ends while a submit is under way would not learn the id of a task that it pays
// for, and one that ends while a clip is recorded would leave that to the next. exit() therefore
// waits for both, as long as they may take, and lets no further submit begin; a second Ctrl-C still
// kills.
void let_work_finish() {
  if (owner != getpid())
    return;
  const auto begun = std::chrono::steady_clock::now();
  const auto boards = live_boards();
  std::chrono::seconds longest{};
  for (const auto& board : boards) {
    auto state = board->lock();
    state->is_closed = true;
    if (state->is_posting || state->is_keeping)
      longest = std::max(longest, state->longest_wait);
  }
  if (wait_for_work(boards, begun + silent_exit))
    return;
  say_why_exit_waits(longest);
  wait_for_work(boards, begun + longest);
}

void note_start(Jobs& all) {
  static const bool is_registered = std::atexit(let_work_finish) == 0;
  (void)is_registered;
  owner = getpid();
  ++all.running;
}

void run_job(const std::shared_ptr<Board>& board, Plan plan, const World& world) {
  pthread_setname_np(pthread_self(), "modelverse-job");
  run_story(std::move(plan), *board, world);
  auto all = jobs().lock();
  --all->running;
  all.notify_all();
}

// Two clips of one task are two jobs, one after the other on the entry.
std::string name_of(const Plan& plan) {
  return plan.key + ":" + std::to_string(plan.wish.settings.url_index);
}

// A finished clip is joined by nobody who asked for another; and no job by who named another task,
// nor one that names a task by who named none: such a job is refused when it has looked up the
// entry of a request.
bool may_join(const Live& live, Board& board, const Plan& plan) {
  const auto& settings = plan.wish.settings;
  {
    auto state = board.lock();
    if (settings.cache_mode == CacheMode::refresh && state->is_complete)
      return false;
    if (live.task_id != settings.task_id &&
        (settings.task_id.empty() || state->stats.task_id != settings.task_id))
      return false;
  }
  return board.join();
}

std::shared_ptr<Board> join_live(Jobs& all, const Plan& plan) {
  const auto [first, last] = all.by_name.equal_range(name_of(plan));
  for (auto live = first; live != last; ++live) {
    auto board = live->second.board.lock();
    if (board && may_join(live->second, *board, plan))
      return board;
  }
  return nullptr;
}

// What a child that was forked has of its parent's jobs is their boards, on which nobody writes.
void forget_those_of_the_parent(Jobs& all) {
  if (owner == 0 || owner == getpid())
    return;
  all.by_name.clear();
  all.running = 0;
}

Joined note_reader(const std::shared_ptr<Board>& board, const Plan& plan) {
  auto state = board->lock();
  if (plan.wish.settings.cache_mode != CacheMode::off)
    state->is_to_stay = true;
  return {board, state->is_complete};
}

}  // namespace

Result<Joined> join_job(Plan plan, World world) {
  auto all = jobs().lock();
  forget_those_of_the_parent(*all);
  std::erase_if(all->by_name, [](const auto& item) { return item.second.board.expired(); });
  if (const auto board = join_live(*all, plan))
    return note_reader(board, plan);
  const auto board = std::make_shared<Board>();
  board->join();
  auto joined = note_reader(board, plan);
  all->by_name.emplace(name_of(plan), Live{board, plan.wish.settings.task_id});
  note_start(*all);
  try {
    std::thread([board, plan = std::move(plan), world = std::move(world)]() mutable {
      run_job(board, std::move(plan), world);
    }).detach();
  } catch (const std::system_error& error) {
    --all->running;
    return Error{.code = ErrorCode::failed,
                 .text = "No thread can be started for the job.",
                 .debug = error.what()};
  }
  return joined;
}

unsigned running_jobs() {
  return jobs().lock()->running;
}

}  // namespace modelverse::job
