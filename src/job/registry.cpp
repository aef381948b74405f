// SPDX-License-Identifier: LGPL-2.1-or-later
// Live jobs by key, and what happens to them when the process ends.
#include "job/registry.h"

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
  unsigned longest_timeout = 0;  // s, of the jobs started so far
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

// A process that ends while a submit is under way would not learn the id of a task that it pays
// for, and one that ends while a large clip is brought to the disk would leave that to the next.
// exit() therefore waits for both, no longer than `timeout` allows silence, and lets no further
// submit begin; a second Ctrl-C still kills.
void let_work_finish() {
  if (owner != getpid())
    return;
  const auto limit =
      std::chrono::steady_clock::now() + std::chrono::seconds(jobs().lock()->longest_timeout + 1);
  const auto boards = live_boards();
  for (const auto& board : boards)
    board->lock()->is_closed = true;
  for (const auto& board : boards) {
    auto state = board->lock();
    state.wait_for(limit - std::chrono::steady_clock::now(),
                   [&] { return !state->is_posting && !state->is_keeping; });
  }
}

void note_start(Jobs& all, const Plan& plan) {
  static const bool is_registered = std::atexit(let_work_finish) == 0;
  (void)is_registered;
  owner = getpid();
  ++all.running;
  all.longest_timeout = std::max(all.longest_timeout, plan.wish.settings.timeout);
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
  note_start(*all, plan);
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
