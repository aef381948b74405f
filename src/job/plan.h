// SPDX-License-Identifier: LGPL-2.1-or-later
// Turns settings into a plan: checks the settings, reads the environment, loads the picture and
// computes the entry's key. Uses no network.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "api/models.h"
#include "core/record.h"
#include "core/request.h"
#include "core/result.h"
#include "core/settings.h"
#include "glib/handles.h"
#include "picture/change.h"

namespace modelverse::job {

// The API key from the property, the environment or the file. Errors: not_authorized, settings
// (characters that cannot be sent).
struct ApiKey {
  std::string value;
  std::string warning;  // the file is readable by other users
};
Result<ApiKey> find_api_key(const Settings& settings);
// Tells one account from another without the key: its SHA-256, 64 hex digits.
std::string account_of(const ApiKey& key);

struct Plan {
  Settings settings;     // without the picture's source
  std::string base_url;  // checked, without a trailing slash
  std::string cache_dir;
  std::shared_ptr<const api::Models> models;  // owns the profile
  const api::Profile* profile = nullptr;
  std::optional<Request> request;  // empty: a task is adopted by its id alone
  // Change to the request's picture, applied only right before a submit.
  std::optional<picture::Change> change;
  std::string key;            // of the entry
  std::optional<Money> cost;  // of the request; empty: unknown, or no request

  // Read at the first call only: a job keeps the same account. The caller reports an error only
  // before a network call.
  const Result<ApiKey>& api_key();
  // Moves the request out with its picture, whose bytes are large: the plan has no picture
  // afterwards.
  Request take_request();
  // Releases the picture when nothing is to be submitted.
  void drop_picture();

  std::optional<Result<ApiKey>> known_api_key = {};
};

// Reports missing and contradictory properties, and values that the model does not accept. Reads
// only the user's list of models, and of a picture only whether its file is there.
Status check_settings(const Settings& settings);

// The entry of a task that is adopted by its id alone: of whichever request the task was made for,
// which reads all records, or the task's own only.
enum class TaskEntry { any, own };

// Reads the environment and the picture. May take as long as reading a file; `stop` ends it.
Result<Plan> make_plan(Settings wanted, std::stop_token stop, TaskEntry entry = TaskEntry::any);

// The initial record of a task that is to be submitted or adopted.
Record new_record(const Plan& plan);

}  // namespace modelverse::job
