// SPDX-License-Identifier: LGPL-2.1-or-later
// From what the user wants to what is to be done: settings checked, environment read, picture
// loaded, key known. Nothing here touches the network.
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

// From the property, the environment or the file. Errors: not_authorized, settings (what cannot be
// sent).
struct ApiKey {
  std::string value;
  std::string warning;  // the file is readable by others
};
Result<ApiKey> find_api_key(const Settings& settings);
// Tells one account from another without the key: its SHA-256, 64 hex digits.
std::string account_of(const ApiKey& key);

struct Plan {
  Settings settings;     // without what the picture was taken from
  std::string base_url;  // checked, without a trailing slash
  std::string cache_dir;
  std::shared_ptr<const api::Models> models;  // keeps the profile
  const api::Profile* profile = nullptr;
  std::optional<Request> request;  // nothing: a task is adopted by its id alone
  // What is still to be done to the request's picture; it waits until nothing but a submit helps.
  std::optional<picture::Change> change;
  std::string key;  // of the entry

  // Looked for at the first call only: a job works as whom it was begun. An error counts when a
  // network call is near.
  const Result<ApiKey>& api_key();
  // The request with its picture, whose bytes are large and move: the plan has none from then on.
  Request take_request();
  // The same where nothing is to be submitted.
  void drop_picture();

  std::optional<Result<ApiKey>> known_api_key = {};
};

// What can be checked at once: which properties contradict each other, are missing or are not the
// model's. Reads nothing but the user's list of models.
Status check_settings(const Settings& settings);

// Reads the environment and the picture. May take as long as reading a file does; `stop` ends it.
Result<Plan> make_plan(Settings wanted, std::stop_token stop);

// The record of a task that is yet to be made, or to be adopted.
Record new_record(const Plan& plan);

}  // namespace modelverse::job
