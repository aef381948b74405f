// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes the clips on two threads.
#pragma once

#include <future>
#include <map>
#include <stop_token>
#include <string>

#include "emulator/task_request.h"

namespace emulator {

struct Clip {
  Blob bytes;
  std::string sha256;
  std::string problem;       // not empty: no clip
  std::int64_t made_at = 0;  // unix s
};

using ClipResult = std::shared_future<Clip>;
// The clip, or null while it is being made.
const Clip* finished_clip(const ClipResult& result);

class ClipQueue {
 public:
  struct Settings {
    std::string moov;
    Blob fixed_clip;  // not null: the result of every accepted request
    bool is_size_strict = false;
  };
  explicit ClipQueue(Settings settings);
  // Stops unfinished clips.
  ~ClipQueue();
  ClipQueue(const ClipQueue&) = delete;
  ClipQueue& operator=(const ClipQueue&) = delete;

  // Requests with the same key share one clip.
  ClipResult add(const TaskRequest& request, const std::string& key);

 private:
  Clip make(const TaskRequest& request) const;

  const Settings settings_;
  std::stop_source stop_;
  std::map<std::string, ClipResult> results_;
  GThreadPool* threads_;
};

}  // namespace emulator
