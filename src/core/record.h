// SPDX-License-Identifier: LGPL-2.1-or-later
// The stored record of a request's task; it prevents a second payment and the loss of a task.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "core/task.h"

namespace modelverse {

// `submitting`: the POST may be under way or its outcome is unknown. `submitted`: task_id names the
// task. `complete`: the clip's file is complete; size, sha256 and clip_time describe it.
enum class RecordState { submitting, submitted, complete };

// Holds no secret: no key, no result link.
struct Record : TaskInfo {
  RecordState state = RecordState::submitting;
  std::string key;     // of the entry: 64 hex digits
  std::string origin;  // of the API, "https://api.modelverse.cn"
  std::string prompt;
  std::string resolution;
  int duration = 0;  // requested seconds of video, 0: whatever the service makes
  unsigned take = 0;
  unsigned url_index = 0;  // index of the entry's clip in the result
  // Sent with the submit: the service can be queried by it while task_id is unknown. Empty: the
  // model has no field for it.
  std::string external_id;
  // Of a submit with an external_id. From this time on (unix seconds; 0: not recorded) the
  // service's word that there is no such task proves that it was not accepted.
  std::int64_t proven_time = 0;
  std::string account;  // SHA-256 of the API key that it was sent with; empty: not recorded
  std::string ledger;   // the name of its submit in the ledger; empty: none
  std::uint64_t size =
      0;               // of the finished clip; of the whole result while it is downloaded, if known
  std::string sha256;  // of the finished clip: 64 hex digits; empty in records of earlier versions
  std::int64_t clip_time = 0;  // modification time of the finished clip's file, ns since 1970
  std::string etag;            // strong validator of the partial download, for If-Range
  std::string last_modified;   // the same, without a strong ETag
};

// Of the same submit, in the same state.
inline bool is_same_submit(const Record& one, const Record& other) {
  return std::tie(one.state, one.task_id, one.submit_time, one.ledger) ==
         std::tie(other.state, other.task_id, other.submit_time, other.ledger);
}

}  // namespace modelverse
