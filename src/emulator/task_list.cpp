// SPDX-License-Identifier: LGPL-2.1-or-later
// The tasks and their states over time.
#include "emulator/task_list.h"

#include <algorithm>
#include <cmath>

#include "emulator/text.h"

namespace emulator {
namespace {

constexpr double pending_part = 0.2;  // of the generation time

bool has_external_id(const Task& task, const std::string& id, const std::string& user) {
  return !id.empty() && task.request.external_task_id == id && task.user == user;
}

std::string path_of(const Task& task) {
  return "/results/" + task.file_name + ".mp4";
}

}  // namespace

const char* state_name(TaskState state) {
  static constexpr const char* names[] = {"Pending", "Running", "Success", "Failure"};
  return names[static_cast<int>(state)];
}

Task& TaskList::add(Task task) {
  Task& added = tasks_.emplace_front(std::move(task));
  added.file_name = random_id();
  if (added.id.empty())
    added.id = added.file_name;
  added.submit_time = unix_now();
  added.submitted = Time::now();
  std::normal_distribution<double> deviations;
  added.generation = std::chrono::duration<double>(
      generation_.median * std::exp(generation_.spread * deviations(random_)));
  return added;
}

Task* TaskList::find(const std::string& id, const std::string& user) {
  auto found = std::ranges::find(tasks_, id, &Task::id);
  if (found == tasks_.end())
    found = std::ranges::find_if(tasks_,
                                 [&](const Task& task) { return has_external_id(task, id, user); });
  return found == tasks_.end() ? nullptr : &*found;
}

Link* TaskList::find_link(const std::string& path, const std::string& signature) {
  const auto found = links_.find(signature);
  return found != links_.end() && path == path_of(*found->second.task) ? &found->second : nullptr;
}

void TaskList::expire_links(const Task& task) {
  for (auto& [signature, link] : links_) {
    if (link.task == &task)
      link.expiry = Time::now();
  }
}

bool TaskList::is_external_id_used(const std::string& external_id, const std::string& user) const {
  return std::ranges::any_of(
      tasks_, [&](const Task& task) { return has_external_id(task, external_id, user); });
}

std::size_t TaskList::count_unfinished() const {
  return static_cast<std::size_t>(std::ranges::count_if(tasks_, [&](const Task& task) {
    const TaskState now = state(task);
    return now == TaskState::pending || now == TaskState::running;
  }));
}

TaskState TaskList::state(const Task& task) const {
  const std::chrono::duration<double> age = Time::now() - task.submitted;
  if (age < task.generation * pending_part)
    return TaskState::pending;
  const Clip* clip = age < task.generation ? nullptr : finished_clip(task.result);
  if (!clip)
    return TaskState::running;
  return clip->problem.empty() ? TaskState::success : TaskState::failure;
}

std::int64_t TaskList::finish_time(const Task& task) const {
  const Clip* clip = finished_clip(task.result);
  const auto planned =
      task.submit_time + static_cast<std::int64_t>(std::ceil(task.generation.count()));
  // Not in the future: the planned seconds are rounded.
  return std::min(std::max(planned, clip ? clip->made_at : planned), unix_now());
}

std::string TaskList::new_link(Task& task) {
  const std::string signature = random_id();
  links_[signature] = {&task, Time::now() + std::chrono::duration_cast<Time::duration>(link_life_)};
  const auto expires = unix_now() + static_cast<std::int64_t>(link_life_.count());
  return path_of(task) + "?Expires=" + std::to_string(expires) + "&Signature=" + signature;
}

}  // namespace emulator
