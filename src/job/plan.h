// SPDX-License-Identifier: LGPL-2.1-or-later
// Turns settings into a plan: checks the settings, reads the environment, loads the picture and
// computes the entry's key. Uses no network.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

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
// Where no usable key was found: a digest of the unusable key, else the path of the key file. Equal
// for elements that may share a job.
std::string place_of_key(const Settings& settings);

struct Plan {
  // As a request: with its pictures, until they are sent or not needed, but without their sources.
  Settings settings;
  bool has_request = false;  // else a task is adopted by its id alone
  std::string base_url;      // checked, without a trailing slash
  std::string cache_dir;
  std::shared_ptr<const api::Models> models;  // owns the profile
  const api::Profile* profile = nullptr;      // of the model, or of its mode for the pictures
  // Changes to the request's pictures, by index as in pictures_of(), applied only right before a
  // submit.
  std::vector<std::optional<picture::Change>> changes;
  std::string key;            // of the entry
  std::optional<Money> cost;  // of the request; empty: unknown, or no request
  // Read once: a job keeps the same account. An error is reported only before a network call.
  Result<ApiKey> api_key = ApiKey{};
};

// A picture that is read from a file, with its name from picture_name().
struct PictureFile {
  std::string name;
  std::string path;
};
std::vector<PictureFile> picture_files(const Settings& settings);

// The model where no property sets one: of MODELVERSE_MODEL, else the default one.
std::string usual_model();

// Reports missing and contradictory properties, and values that the model does not accept. Reads
// only the user's list of models, and of pictures only whether their files are there.
Status check_settings(const Settings& given);

// The entry of a task that is adopted without a picture, unless it may be the task of the request
// of text alone: of whichever request the task was made for, which reads all records, or the task's
// own only.
enum class TaskEntry { any, own };

// Reads the environment, the API key and the pictures. May take as long as reading a file; `stop`
// ends it.
Result<Plan> make_plan(Settings settings, std::stop_token stop, TaskEntry entry = TaskEntry::any);

// The initial record of a task that is to be submitted or adopted.
Record new_record(const Plan& plan);

// The entry of the task's clip number `url_index`, where `record` was found: the same, or where it
// has another clip already, one of its own.
std::string key_of_clip(const Record& record, unsigned url_index);

}  // namespace modelverse::job
