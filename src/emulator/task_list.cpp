// SPDX-License-Identifier: LGPL-2.1-or-later
// The tasks and their states over time.
#include "emulator/task_list.h"

#include <algorithm>
#include <cmath>

#include "emulator/text.h"

namespace emulator {
namespace {

constexpr double pending_part = 0.2;  // of the generation time

std::int64_t unix_now() {
  return g_get_real_time() / G_USEC_PER_SEC;
}

}  // namespace

const char* state_name(TaskState state) {
  switch (state) {
    case TaskState::pending:
      return "Pending";
    case TaskState::running:
      return "Running";
    case TaskState::success:
      return "Success";
    case TaskState::failure:
      return "Failure";
  }
  return "";
}

Task& TaskList::add(TaskRequest request, std::shared_ptr<const ClipJob> job,
                    std::string request_digest, std::string id, std::string user) {
  Task& task = tasks_.emplace_back();
  task.file_name = random_id();
  task.id = id.empty() ? task.file_name : std::move(id);
  task.user = std::move(user);
  task.request = std::move(request);
  task.request_digest = std::move(request_digest);
  task.job = std::move(job);
  task.submit_time = unix_now();
  task.submitted = Time::now();
  return task;
}

Task* TaskList::find(const std::string& id) {
  // The newest: a script may give an id twice.
  const auto found =
      std::find_if(tasks_.rbegin(), tasks_.rend(), [&](const Task& task) { return task.id == id; });
  return found == tasks_.rend() ? nullptr : &*found;
}

Task* TaskList::find_for_user(const std::string& id, const std::string& user) {
  if (Task* task = find(id))
    return task;
  const auto found = std::ranges::find_if(tasks_, [&](const Task& task) {
    return !id.empty() && task.request.external_task_id == id && task.user == user;
  });
  return found == tasks_.end() ? nullptr : &*found;
}

bool TaskList::is_external_id_used(const std::string& external_id, const std::string& user) const {
  return !external_id.empty() && std::ranges::any_of(tasks_, [&](const Task& task) {
    return task.request.external_task_id == external_id && task.user == user;
  });
}

Task* TaskList::find_file(const std::string& file_name) {
  const auto found = std::ranges::find(tasks_, file_name, &Task::file_name);
  return found == tasks_.end() ? nullptr : &*found;
}

std::size_t TaskList::count_submits(const std::string& request_digest) const {
  return static_cast<std::size_t>(
      std::ranges::count(tasks_, request_digest, &Task::request_digest));
}

TaskState TaskList::state(const Task& task) const {
  const std::chrono::duration<double> age = Time::now() - task.submitted;
  if (age < generation_ * pending_part)
    return TaskState::pending;
  const std::optional<Clip> clip = age < generation_ ? std::nullopt : task.job->result();
  if (!clip)
    return TaskState::running;
  return clip->problem.empty() ? TaskState::success : TaskState::failure;
}

std::int64_t TaskList::finish_time(const Task& task) const {
  const std::optional<Clip> clip = task.job->result();
  const auto planned = task.submit_time + static_cast<std::int64_t>(std::ceil(generation_.count()));
  // Not in the future: the plan's seconds are rounded.
  return std::min(std::max(planned, clip ? clip->made_at : planned), unix_now());
}

std::string TaskList::new_link(Task& task) {
  const std::string signature = random_id();
  task.links[signature] = Time::now() + std::chrono::duration_cast<Time::duration>(link_life_);
  const auto expires = unix_now() + static_cast<std::int64_t>(link_life_.count());
  return "/results/" + task.file_name + ".mp4?Expires=" + std::to_string(expires) +
         "&Signature=" + signature;
}

LinkState TaskList::check_link(const Task& task, const std::string& signature) {
  const auto link = task.links.find(signature);
  if (link == task.links.end())
    return LinkState::wrong;
  return Time::now() < link->second ? LinkState::good : LinkState::expired;
}

}  // namespace emulator
