// SPDX-License-Identifier: LGPL-2.1-or-later
// Settings, environment and picture become a plan.
#include "job/plan.h"

#include <string>
#include <utility>
#include <vector>

#include "api/wire.h"
#include "job/url_rules.h"
#include "picture/picture.h"
#include "picture/sample.h"
#include "store/cache.h"

namespace modelverse::job {

namespace {

constexpr const char* default_base_url = "https://api.modelverse.cn";

Error refuse(std::string text, std::string debug = {}) {
  return {.code = ErrorCode::settings, .text = std::move(text), .debug = std::move(debug)};
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

Request request_of(const Settings& settings) {
  Request request;
  request.model = settings.model;
  request.prompt = settings.prompt;
  request.resolution = settings.resolution;
  request.duration = settings.duration;
  request.image_encoding = settings.image_encoding;
  request.extra_input = settings.extra_input;
  request.extra_parameters = settings.extra_parameters;
  request.take = settings.take;
  return request;
}

Result<RequestPicture> load_picture(const Settings& settings, std::stop_token stop) {
  if (!settings.image_uri.empty())
    return picture::load_uri(settings.image_uri, std::move(stop));
  auto bytes = settings.image_sample ? picture::load_sample(settings.image_sample.get())
                                     : picture::load_file(settings.image_path, std::move(stop));
  if (!bytes)
    return std::move(bytes).error();
  return RequestPicture(std::move(bytes).value());
}

Result<std::string> choose_base_url(const Settings& settings) {
  std::string url = settings.base_url;
  if (url.empty()) {
    const char* from_environment = g_getenv("MODELVERSE_BASE_URL");
    url = from_environment && *from_environment ? from_environment : default_base_url;
  }
  return check_base_url(url, settings.allow_http);
}

// An adopted task may be one that a request of ours made: then its entry is the place to go on.
std::string key_of_task(const Plan& plan) {
  const auto& task_id = plan.wish.settings.task_id;
  const auto known = store::Cache(plan.cache_dir).find_task(task_id, plan.base_url);
  return known ? *known : api::adopted_task_key(task_id, plan.base_url);
}

// The change is part of what makes this clip, so it is settled before there is a key.
Status decide_change(Plan& plan) {
  auto& request = *plan.request;
  auto* picture = std::get_if<PictureBytes>(&request.picture);
  if (!picture)
    return Done{};
  const auto decided = picture::decide_change(*picture, api::picture_rules(*plan.profile, request),
                                              plan.wish.settings.image_fit);
  if (!decided)
    return decided.error();
  plan.change = decided->change;
  if (plan.change)
    picture->change = plan.change->text();
  if (request.resolution.empty())
    request.resolution = api::resolution_of_frame(*plan.profile, decided->sent);
  return Done{};
}

}  // namespace

Status check_settings(const Settings& settings) {
  const auto sources = picture_sources(settings);
  if (sources.size() > 1)
    return refuse("Both " + sources[0] + " and " + sources[1] +
                  " are set: set exactly one picture source.");
  if (wants_request(settings) && sources.empty())
    return refuse(
        "No picture: set image-path, image-uri or image-sample (or task-id to fetch the clip of a "
        "task that exists already).");
  if (!is_utf8(settings.prompt))
    return refuse("The prompt is not valid UTF-8.");
  if (!is_utf8(settings.task_id))
    return refuse("The task-id is not valid UTF-8.");
  if (!is_utf8(settings.model))
    return refuse("The model is not valid UTF-8.");
  if (settings.model.empty())
    return refuse("No model: leave the model property at its default or name one.");
  if (!settings.base_url.empty()) {
    const auto base = check_base_url(settings.base_url, settings.allow_http);
    if (!base)
      return base.error();
  }
  if (!wants_request(settings))
    return Done{};
  return api::check_request(api::find_profile(settings.model), request_of(settings));
}

Result<Plan> make_plan(Wish wish, std::stop_token stop) {
  if (const auto checked = check_settings(wish.settings); !checked)
    return checked.error();
  Plan plan;
  auto base_url = choose_base_url(wish.settings);
  if (!base_url)
    return std::move(base_url).error();
  plan.base_url = std::move(base_url).value();
  plan.cache_dir = store::resolve_cache_dir(wish.settings.cache_dir);
  plan.profile = &api::find_profile(wish.settings.model);
  plan.wish = std::move(wish);
  const auto& settings = plan.wish.settings;
  if (!wants_request(settings)) {
    plan.key = key_of_task(plan);
    return plan;
  }
  auto picture = load_picture(settings, std::move(stop));
  if (!picture)
    return std::move(picture).error();
  plan.request = request_of(settings);
  plan.request->picture = std::move(picture).value();
  if (const auto decided = decide_change(plan); !decided)
    return decided.error();
  plan.key = api::request_key(*plan.profile, *plan.request, plan.base_url);
  return plan;
}

}  // namespace modelverse::job
