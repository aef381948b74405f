// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/plan.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "api/check.h"
#include "api/check_fields.h"
#include "api/profile.h"
#include "api/submit_body.h"
#include "api/wire.h"
#include "glib/environment.h"
#include "glib/text.h"
#include "job/job.h"
#include "job/url_rules.h"
#include "job/user_models.h"
#include "picture/picture.h"
#include "picture/sample.h"
#include "store/cache.h"

namespace modelverse::job {

namespace {

constexpr const char* default_base_url = "https://api.modelverse.cn";

bool is_utf8(const std::string& text) {
  return g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr);
}

// The sources of one frame, of which one may be set.
struct FrameSource {
  std::string prefix;  // of the properties' names, as in picture_name()
  const std::string& path;
  const std::string& uri;
  _GstSample* sample;

  // The names of the sources that are set.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    if (!path.empty())
      names.push_back(prefix + "-path");
    if (!uri.empty())
      names.push_back(prefix + "-uri");
    if (sample)
      names.push_back(prefix + "-sample");
    return names;
  }
  // Empty if it is not read from a file.
  std::string file() const {
    // The others need no look at all of them: a data: URI holds a picture.
    if (g_strcmp0(g_uri_peek_scheme(uri.c_str()), "file") != 0)
      return path;
    const auto of_uri = picture::path_of_uri(uri);
    return of_uri ? *of_uri : std::string();
  }
};

FrameSource first_frame(const Settings& settings) {
  return {"image", settings.image_path, settings.image_uri, settings.image_sample.get()};
}

FrameSource last_frame(const Settings& settings) {
  return {"last-image", settings.last_image_path, settings.last_image_uri,
          settings.last_image_sample.get()};
}

FrameSource reference(const Settings& settings, std::size_t index) {
  static const std::string none;
  const std::string& path_or_uri = settings.reference_images[index];
  const CharPtr scheme(g_uri_parse_scheme(path_or_uri.c_str()));
  return {picture_name(index_of_references + index), scheme ? none : path_or_uri,
          scheme ? path_or_uri : none, nullptr};
}

PictureRoles given_pictures(const Settings& settings) {
  return {!first_frame(settings).names().empty(), !last_frame(settings).names().empty(),
          !settings.reference_images.empty()};
}

bool wants_request(const Settings& settings) {
  return given_pictures(settings) != PictureRoles{} || settings.task_id.empty();
}

Result<RequestPicture> load_frame(const FrameSource& source, const std::stop_token& stop) {
  if (source.names().empty())
    return RequestPicture();
  if (!source.uri.empty())
    return picture::load_uri(source.uri, stop);
  auto bytes =
      source.sample ? picture::load_sample(source.sample) : picture::load_file(source.path, stop);
  if (!bytes)
    return std::move(bytes).error();
  return RequestPicture(std::move(bytes).value());
}

Status load_pictures(Settings& settings, const std::stop_token& stop) {
  for (const auto& [picture, source] : {std::pair(&settings.picture, first_frame(settings)),
                                        std::pair(&settings.last_picture, last_frame(settings))}) {
    auto loaded = load_frame(source, stop);
    if (!loaded)
      return about_picture(std::move(loaded).error(), source.prefix);
    *picture = std::move(loaded).value();
  }
  for (std::size_t i = 0; i < settings.reference_images.size(); ++i) {
    const auto source = reference(settings, i);
    auto loaded = load_frame(source, stop);
    if (!loaded)
      return about_picture(std::move(loaded).error(), source.prefix);
    settings.references.push_back(std::move(loaded).value());
  }
  settings.drop_picture_sources();
  return Done{};
}

void choose_model(Settings& settings) {
  if (settings.model.empty())
    settings.model = usual_model();
}

// The base URL when no property sets it.
std::string usual_base_url() {
  return environment("MODELVERSE_BASE_URL", default_base_url);
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
  return settings_error(
      format_text(_("The URI names another service than the configured one, %s, and the API key is "
                    "not sent there. If you trust it, set the base-url property or "
                    "MODELVERSE_BASE_URL to it."),
                  base_url.c_str()));
}

// An adopted task may belong to an earlier request: its entry is then used.
std::string key_of_task(const Plan& plan, const std::stop_token& stop, TaskEntry entry) {
  const auto& task_id = plan.settings.task_id;
  const auto known = entry == TaskEntry::any
                         ? store::Cache(plan.cache_dir)
                               .find_task(task_id, plan.base_url, plan.settings.url_index, stop)
                         : std::nullopt;
  return known ? *known : api::adopted_task_key(task_id, plan.base_url);
}

bool are_alike(FrameSize one, FrameSize other, double max_ratio) {
  const auto is_near = [max_ratio](double a, double b) {
    return a <= b * max_ratio && b <= a * max_ratio;
  };
  return max_ratio <= 0 || one == FrameSize{} || other == FrameSize{} ||
         (is_near(one.width, other.width) && is_near(one.height, other.height));
}

// `first`: the size of the first frame as it is sent; zero if it is not known.
Result<picture::Decision> decide_change(const Plan& plan, const api::SentPicture& sent,
                                        FrameSize first) {
  auto rules = api::picture_rules(*plan.profile, plan.settings, sent.index);
  auto decided = picture::decide_change(*sent.bytes, rules, plan.settings.image_fit);
  if (!decided || role_of_picture(sent.index) != PictureRole::last ||
      are_alike(first, decided->sent, rules.max_frames_ratio))
    return decided;
  rules.frame_sizes = {first};
  return picture::decide_change(*sent.bytes, rules, plan.settings.image_fit);
}

// The changes are part of the request's identity, so they are decided before the key is computed.
Status decide_changes(Plan& plan) {
  Request& request = plan.settings;
  plan.changes.resize(pictures_of(request).size());
  FrameSize first;
  for (const auto& sent : api::sent_pictures(*plan.profile, request)) {
    const auto decided = decide_change(plan, sent, first);
    if (!decided)
      return about_picture(decided.error(), picture_name(sent.index));
    plan.changes[sent.index] = decided->change;
    if (decided->change)
      std::get<PictureBytes>(*pictures_of(request)[sent.index]).change = decided->change->text();
    if (role_of_picture(sent.index) == PictureRole::first)
      first = decided->sent;
  }
  if (request.resolution.empty())
    request.resolution = api::resolution_of_frame(*plan.profile, first);
  if (request.aspect_ratio.empty())
    request.aspect_ratio = api::aspect_ratio_of_frame(*plan.profile, first);
  return Done{};
}

// Loads the pictures and decides what becomes of them.
Status complete_request(Plan& plan, const std::stop_token& stop) {
  plan.has_request = true;
  if (auto loaded = load_pictures(plan.settings, stop); !loaded)
    return loaded;
  if (auto decided = decide_changes(plan); !decided)
    return decided;
  // A request whose pictures are to be changed is checked after the change.
  if (std::ranges::any_of(plan.changes, [](const auto& change) { return change.has_value(); }))
    return Done{};
  return api::check_pictures(*plan.profile, plan.settings);
}

// Checks that do not depend on the model.
Status check_properties(const Settings& settings) {
  for (const auto& source : {first_frame(settings), last_frame(settings)})
    if (const auto names = source.names(); names.size() > 1)
      return settings_error(
          format_text(_("Both %s and %s are set: set exactly one source of this picture."),
                      names[0].c_str(), names[1].c_str()),
          {}, source.prefix);
  for (const auto& [property, text] :
       {std::pair("prompt", &settings.prompt.str()), std::pair("task-id", &settings.task_id),
        std::pair("model", &settings.model)})
    if (!is_utf8(*text))
      return settings_error(
          format_text(_("%s is not UTF-8 text: convert it before setting it."), property), {},
          property);
  if (settings.base_url.empty())
    return Done{};
  const auto base = check_base_url(settings.base_url, settings.allow_http);
  return base ? check_place_of_uri(settings, base.value()) : Status(base.error());
}

// Pictures in files are there. Their content is read later.
Status check_picture_files(const Settings& settings) {
  for (const auto& [name, path] : picture_files(settings))
    if (auto found = picture::check_file(path); !found)
      return about_picture(found.error(), name);
  return Done{};
}

// The profile for these settings, which have passed its checks.
Result<const api::Profile*> check_for_model(const Settings& settings, const api::Models& models) {
  const Request& request = settings;
  const auto given = given_pictures(settings);
  const auto profile = api::profile_for(models, given, request);
  if (!profile)
    return profile;
  if (auto use =
          api::check_picture_use(**profile, request, given, settings.reference_images.size());
      !use)
    return use.error();
  if (auto checked = api::check_request(**profile, request); !checked)
    return checked.error();
  return profile;
}

// Makes the plan one for a request: with its pictures, key and cost.
Status plan_request(Plan& plan, const std::stop_token& stop) {
  const auto profile = check_for_model(plan.settings, *plan.models);
  if (!profile)
    return profile.error();
  plan.profile = *profile;
  if (auto completed = complete_request(plan, stop); !completed)
    return completed;
  plan.key = api::request_key(*plan.profile, plan.settings, plan.base_url, stop);
  if (stop.stop_requested())
    return cancelled_error();
  plan.cost = api::estimate_cost(*plan.profile, plan.settings);
  return Done{};
}

// The entry has the task, or a submit that it may come from: its outcome is unknown.
bool may_have_task(const Plan& plan) {
  const auto record = store::Cache(plan.cache_dir).entry(plan.key)->peek();
  return record && *record &&
         ((*record)->state == RecordState::submitting ||
          (*record)->task_id == plan.settings.task_id);
}

// A task that is adopted by its id alone needs no list of models: a broken list is no error then.
Result<std::shared_ptr<const api::Models>> models_for(const Settings& settings) {
  auto models = load_models();
  if (models || wants_request(settings))
    return models;
  return std::make_shared<const api::Models>(api::Models::built_in());
}

}  // namespace

std::vector<PictureFile> picture_files(const Settings& settings) {
  std::vector<FrameSource> sources = {first_frame(settings), last_frame(settings)};
  for (std::size_t i = 0; i < settings.reference_images.size(); ++i)
    sources.push_back(reference(settings, i));
  std::vector<PictureFile> files;
  for (const auto& source : sources)
    if (auto path = source.file(); !path.empty())
      files.push_back({source.prefix, std::move(path)});
  return files;
}

std::string usual_model() {
  return environment("MODELVERSE_MODEL", default_model);
}

Status check_settings(const Settings& given) {
  auto settings = given;
  choose_model(settings);
  if (auto ready = check_properties(settings); !ready || !wants_request(settings))
    return ready;
  const auto models = load_models();
  if (!models)
    return models.error();
  const auto checked = check_for_model(settings, **models);
  return checked ? check_picture_files(settings) : Status(checked.error());
}

Result<Plan> make_plan(Settings settings, std::stop_token stop, TaskEntry entry) {
  Plan plan;
  plan.settings = std::move(settings);
  const auto& wanted = plan.settings;
  choose_model(plan.settings);
  if (const auto checked = check_properties(wanted); !checked)
    return checked.error();
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
  plan.api_key = find_api_key(wanted);
  if (!plan.api_key && plan.api_key.error().code == ErrorCode::too_many_files)
    return plan.api_key.error();
  auto request = plan;
  const auto planned = plan_request(request, stop);
  if (wants_request(wanted))
    return planned ? Result<Plan>(std::move(request)) : planned.error();
  if (planned && may_have_task(request))
    return request;
  plan.key = key_of_task(plan, stop, entry);
  return stop.stop_requested() ? Result<Plan>(cancelled_error()) : std::move(plan);
}

Record new_record(const Plan& plan) {
  Record record;
  record.key = plan.key;
  record.origin = plan.base_url;
  record.url_index = plan.settings.url_index;
  if (!plan.has_request)
    return record;
  const Request& request = plan.settings;
  record.model = request.model;
  record.cost = plan.cost;
  record.prompt = request.prompt;
  // A default and the same value by name take the same time.
  record.resolution = api::sent_resolution(*plan.profile, request);
  record.duration = api::sent_duration(*plan.profile, request);
  record.take = request.take;
  return record;
}

std::string key_of_clip(const Record& record, unsigned url_index) {
  const bool has_another = record.state == RecordState::complete && record.url_index != url_index;
  return has_another ? api::further_clip_key(record.task_id, record.origin, url_index) : record.key;
}

}  // namespace modelverse::job
