// SPDX-License-Identifier: LGPL-2.1-or-later
// The tasks and their result links. Used on one thread.
#pragma once

#include <chrono>
#include <list>
#include <map>
#include <random>
#include <string>

#include "emulator/clip_queue.h"
#include "emulator/options.h"

namespace emulator {

enum class TaskState { pending, running, success, failure };
const char* state_name(TaskState state);

using Time = std::chrono::steady_clock;

struct Task {
  std::string id;
  std::string file_name;  // of the result, in its links
  std::string user;       // the key that submitted it
  TaskRequest request;
  ClipResult result;
  std::int64_t submit_time = 0;  // unix s
  Time::time_point submitted;
  std::chrono::duration<double> generation{};
};

// A signed result link.
struct Link {
  Task* task;
  Time::time_point expiry;
};

class TaskList {
 public:
  TaskList(GenerationTime generation, double link_seconds)
      : generation_(generation), link_life_(link_seconds) {}

  // Generates an empty id; sets times and names.
  Task& add(Task task);
  // By an id of the service or of this user; or null.
  Task* find(const std::string& id, const std::string& user);
  // By path and signature; or null.
  Link* find_link(const std::string& path, const std::string& signature);
  void expire_links(const Task& task);
  // Always false for an empty id.
  bool is_external_id_used(const std::string& external_id, const std::string& user) const;
  const std::list<Task>& tasks() const { return tasks_; }

  // Pending or running.
  std::size_t count_unfinished() const;
  TaskState state(const Task& task) const;
  std::int64_t finish_time(const Task& task) const;  // unix s
  // Path and query of a new signed link.
  std::string new_link(Task& task);

 private:
  GenerationTime generation_;
  std::mt19937_64 random_{std::random_device{}()};
  std::chrono::duration<double> link_life_;
  std::list<Task> tasks_;              // newest first: a script may set the same id twice
  std::map<std::string, Link> links_;  // by signature
};

}  // namespace emulator
