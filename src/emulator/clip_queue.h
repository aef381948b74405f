// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes the clips on threads of its own; the same wish twice is one clip.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "emulator/options.h"
#include "emulator/task_request.h"

namespace emulator {

struct Clip {
  Blob bytes;
  std::string sha256;
  std::string problem;       // not empty: there is no clip
  std::int64_t made_at = 0;  // unix s
};

// One clip that is being made, or was.
class ClipJob {
 public:
  std::optional<Clip> result() const;
  void finish(Clip clip);

 private:
  mutable std::mutex mutex_;
  std::optional<Clip> clip_;
};

class ClipQueue {
 public:
  struct Settings {
    Layout layout = Layout::moov_last;
    Blob fixed_clip;  // not null: the result of every good request
    bool is_size_strict = false;
  };
  explicit ClipQueue(Settings settings);
  // Gives up what is not finished.
  ~ClipQueue();
  ClipQueue(const ClipQueue&) = delete;
  ClipQueue& operator=(const ClipQueue&) = delete;

  std::shared_ptr<const ClipJob> add(const TaskRequest& request);

 private:
  struct Entry {
    TaskRequest request;
    std::shared_ptr<ClipJob> job;
  };
  void work(std::stop_token stop);
  Clip make(const TaskRequest& request, const std::stop_token& stop) const;
  std::string key_of(const TaskRequest& request) const;

  const Settings settings_;
  std::map<std::string, std::shared_ptr<ClipJob>> jobs_;  // the callers' thread only
  std::mutex mutex_;
  std::condition_variable_any wakes_;
  std::deque<Entry> queue_;  // under mutex_
  std::vector<std::jthread> threads_;
};

}  // namespace emulator
