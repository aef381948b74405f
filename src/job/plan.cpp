// SPDX-License-Identifier: LGPL-2.1-or-later
// Turns settings, environment and picture into a plan.
#include "job/plan.h"

#include <string>
#include <utility>
#include <vector>

#include "api/check.h"
#include "api/submit_body.h"
#include "api/wire.h"
#include "job/job.h"
#include "job/url_rules.h"
#include "job/user_models.h"
#include "picture/picture.h"
#include "picture/sample.h"
#include "store/cache.h"

namespace modelverse::job {

namespace {

constexpr const char* default_base_url = "https://api.modelverse.cn";

Error refuse(std::string text, std::string debug = {},
             SourceLocation origin = SourceLocation::current()) {
  return {.code = ErrorCode::settings,
          .text = std::move(text),
          .debug = std::move(debug),
          .origin = origin};
}

bool is_utf8(const std::string& text) {
  return g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr);
}

// The names of the picture sources that are set.
std::vector<std::string> picture_sources(const Settings& settings) {
  std::vector<std::string> names;
  if (!settings.image_path.empty())
    names.push_back("image-path");
  if (!settings.image_uri.empty())
    names.push_back("image-uri");
  if (settings.image_sample)
    names.push_back("image-sample");
  return names;
}

bool wants_request(const Settings& settings) {
  return !picture_sources(settings).empty() || settings.task_id.empty();
}

Result<RequestPicture> load_picture(const Settings& settings, std::stop_token stop) {
  if (picture_sources(settings).empty())
    return RequestPicture();
  if (!settings.image_uri.empty())
    return picture::load_uri(settings.image_uri, std::move(stop));
  auto bytes = settings.image_sample ? picture::load_sample(settings.image_sample.get())
                                     : picture::load_file(settings.image_path, std::move(stop));
  if (!bytes)
    return std::move(bytes).error();
  return RequestPicture(std::move(bytes).value());
}

// The base URL when no property sets it.
std::string usual_base_url() {
  const char* from_environment = g_getenv("MODELVERSE_BASE_URL");
  return from_environment && *from_environment ? from_environment : default_base_url;
}

Result<std::string> choose_base_url(const Settings& settings) {
  return check_base_url(settings.base_url.empty() ? usual_base_url() : settings.base_url,
                        settings.allow_http);
}

// An untrusted URI, such as a playlist entry, must not redirect the user's key to another service.
Status check_place_of_uri(const Settings& settings, const std::string& base_url) {
  if (!settings.is_base_url_of_uri || is_loopback_url(base_url) ||
      is_same_origin(base_url, usual_base_url()))
    return Done{};
  return refuse("The URI names another service than the configured one, " + base_url +
                ", and the API key is not sent there. If you trust it, set the base-url property "
                "or MODELVERSE_BASE_URL to it.");
}

// An adopted task may belong to an earlier request: its entry is then used.
std::string key_of_task(const Plan& plan, const std::stop_token& stop, TaskEntry entry) {
  const auto& task_id = plan.settings.task_id;
  const auto known = entry == TaskEntry::any
                         ? store::Cache(plan.cache_dir).find_task(task_id, plan.base_url, stop)
                         : std::nullopt;
  return known ? *known : api::adopted_task_key(task_id, plan.base_url);
}

// The change is part of the request's identity, so it is decided before the key is computed.
Status decide_change(Plan& plan) {
  auto& request = *plan.request;
  auto* picture = std::get_if<PictureBytes>(&request.picture);
  if (!picture || !api::sent_picture(*plan.profile, request))
    return Done{};
  const auto decided = picture::decide_change(*picture, api::picture_rules(*plan.profile, request),
                                              plan.settings.image_fit);
  if (!decided)
    return decided.error();
  plan.change = decided->change;
  if (plan.change)
    picture->change = plan.change->text();
  if (request.resolution.empty())
    request.resolution = api::resolution_of_frame(*plan.profile, decided->sent);
  return Done{};
}

// Checks that do not depend on the model.
Status check_properties(const Settings& settings) {
  const auto sources = picture_sources(settings);
  if (sources.size() > 1)
    return refuse("Both " + sources[0] + " and " + sources[1] +
                  " are set: set exactly one picture source.");
  if (!is_utf8(settings.prompt))
    return refuse("The prompt is not valid UTF-8.");
  if (!is_utf8(settings.task_id))
    return refuse("The task-id is not valid UTF-8.");
  if (!is_utf8(settings.model))
    return refuse("The model is not valid UTF-8.");
  if (settings.model.empty())
    return refuse("No model: set the model property, or leave it at its default.");
  if (settings.base_url.empty())
    return Done{};
  const auto base = check_base_url(settings.base_url, settings.allow_http);
  return base ? check_place_of_uri(settings, base.value()) : Status(base.error());
}

// A picture in a file is there. Its content is read later.
Status check_picture_file(const Settings& settings) {
  const auto path =
      settings.image_uri.empty() ? settings.image_path : picture::path_of_uri(settings.image_uri);
  return path.empty() ? Status(Done{}) : picture::check_file(path);
}

Status check_for_model(const Settings& settings, const api::Profile& profile) {
  const Request& request = settings;
  const bool has_picture = !picture_sources(settings).empty();
  if (auto use = api::check_picture_use(profile, request, has_picture); !use)
    return use;
  return api::check_request(profile, request);
}

// A task that is adopted by its id alone needs no list of models: a broken list is no error then.
Result<std::shared_ptr<const api::Models>> models_for(const Settings& settings) {
  auto models = load_models();
  if (models || wants_request(settings))
    return models;
  return std::make_shared<const api::Models>(api::Models::built_in());
}

}  // namespace

Status check_settings(const Settings& settings) {
  if (auto ready = check_properties(settings); !ready || !wants_request(settings))
    return ready;
  const auto models = load_models();
  if (!models)
    return models.error();
  auto checked = check_for_model(settings, models.value()->find(settings.model));
  return checked ? check_picture_file(settings) : checked;
}

Result<Plan> make_plan(Settings wanted, std::stop_token stop, TaskEntry entry) {
  if (const auto checked = check_properties(wanted); !checked)
    return checked.error();
  Plan plan;
  auto base_url = choose_base_url(wanted);
  if (!base_url)
    return std::move(base_url).error();
  plan.base_url = std::move(base_url).value();
  plan.cache_dir = store::resolve_cache_dir(wanted.cache_dir);
  auto models = models_for(wanted);
  if (!models)
    return std::move(models).error();
  plan.models = std::move(models).value();
  plan.profile = &plan.models->find(wanted.model);
  plan.settings = std::move(wanted);
  const auto& settings = plan.settings;
  if (!wants_request(settings)) {
    plan.key = key_of_task(plan, stop, entry);
    return stop.stop_requested() ? Result<Plan>(cancelled_error()) : std::move(plan);
  }
  if (const auto checked = check_for_model(settings, *plan.profile); !checked)
    return checked.error();
  auto picture = load_picture(settings, std::move(stop));
  if (!picture)
    return std::move(picture).error();
  plan.request = static_cast<const Request&>(settings);
  plan.request->picture = std::move(picture).value();
  plan.settings.drop_picture();
  if (const auto decided = decide_change(plan); !decided)
    return decided.error();
  // A picture with a pending change is checked after the change.
  if (!plan.change)
    if (const auto checked = api::check_picture(*plan.profile, *plan.request); !checked)
      return checked.error();
  plan.key = api::request_key(*plan.profile, *plan.request, plan.base_url);
  plan.cost = api::estimate_cost(*plan.profile, *plan.request);
  return plan;
}

const Result<ApiKey>& Plan::api_key() {
  if (!known_api_key)
    known_api_key = find_api_key(settings);
  return *known_api_key;
}

Request Plan::take_request() {
  auto picture = std::exchange(request->picture, {});
  auto taken = *request;
  taken.picture = std::move(picture);
  return taken;
}

void Plan::drop_picture() {
  if (request)
    request->picture = {};
}

Record new_record(const Plan& plan) {
  Record record;
  record.key = plan.key;
  record.origin = plan.base_url;
  record.url_index = plan.settings.url_index;
  if (!plan.request)
    return record;
  record.model = plan.request->model;
  record.cost = plan.cost;
  record.prompt = plan.request->prompt;
  record.resolution = plan.request->resolution;
  record.duration = plan.request->duration;
  record.take = plan.request->take;
  return record;
}

}  // namespace modelverse::job
