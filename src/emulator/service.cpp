// SPDX-License-Identifier: LGPL-2.1-or-later
// Maps a request to the regular or scripted response; handles the emulator's own routes.
#include "emulator/service.h"

#include <algorithm>
#include <utility>

namespace emulator {
namespace {

Route route_of(const HttpRequest& request) {
  if (request.is_for_results)
    return request.path.starts_with("/results/") ? Route::result : Route::other;
  if (request.path == "/v1/tasks/submit")
    return Route::submit;
  return request.path == "/v1/tasks/status" ? Route::status : Route::other;
}

bool is_control_route(const HttpRequest& request) {
  static constexpr std::string_view paths[] = {"/requests", "/tasks", "/script", "/reset"};
  return !request.is_for_results && std::ranges::find(paths, request.path) != std::end(paths);
}

// One line, without secrets.
void print(const HttpRequest& request, Route route, double seconds, int status, std::uint64_t bytes,
           int rule) {
  CharPtr path(g_strescape(request.path.c_str(), nullptr));
  g_printerr("%9.3f %s %s %s -> %d, %" G_GUINT64_FORMAT " bytes%s\n", seconds, route_name(route),
             request.method.c_str(), path.get(), status, bytes,
             rule < 0 ? "" : (", rule " + std::to_string(rule)).c_str());
}

void replace_all(std::string& text, const char* what, const std::string& with) {
  GString* replaced = g_string_new(text.c_str());
  g_string_replace(replaced, what, with.c_str(), 0);
  CharPtr result(g_string_free(replaced, FALSE));
  text = result.get();
}

}  // namespace

Service::Service(const Options& options, Script script, Blob fixed_clip)
    : options_(options),
      script_(std::move(script)),
      tasks_(options.generation, options.link_seconds),
      clip_queue_({options.moov, std::move(fixed_clip), options.strict_size != FALSE}) {}

void Service::set_base_urls(std::string api, std::string result) {
  api_url_ = std::move(api);
  result_url_ = std::move(result);
}

ResponsePlan Service::respond(const HttpRequest& request) {
  if (is_control_route(request))
    return {control_route(request), nullptr};
  const Route route = route_of(request);
  JsonObject* log_entry = request_log_.add(request, route);
  Script::Match match = script_.take(route, route == Route::status && finished_task(request));
  const Rule* rule = match.rule.get();
  ResponsePlan plan;
  plan.rule = match.rule;
  if (!rule || rule->is_handled())
    plan.response = regular_response(request, route, rule, log_entry);
  if (rule && rule->replaces_response())
    plan.response = scripted_response(request, *rule);
  if (rule && rule->headers) {
    for (const auto& [name, value] : *rule->headers)
      soup_message_headers_replace(plan.response.headers.get(), name.c_str(),
                                   filled_in(value, request).c_str());
  }
  const int seen_status = rule && rule->is_cut() ? 0 : plan.response.status;
  json_object_set_int_member(log_entry, "status", seen_status);
  json_object_set_int_member(log_entry, "rule", match.index);
  if (options_.log)
    print(request, route, json_object_get_double_member(log_entry, "time"), seen_status,
          plan.response.length, match.index);
  return plan;
}

Task* Service::finished_task(const HttpRequest& request) {
  Task* task = tasks_.find(request.query_value("task_id"), user_of(request));
  return task && tasks_.state(*task) == TaskState::success ? task : nullptr;
}

HttpResponse Service::scripted_response(const HttpRequest& request, const Rule& rule) {
  const int status = static_cast<int>(rule.status.value_or(rule.redirect ? 302 : 200));
  const bool is_for_results = rule.route == Route::result;
  const std::string message = rule.error_message.value_or("scripted error");
  HttpResponse response;
  if (rule.body_size)
    response = make_response(status, "application/octet-stream",
                             Content::filler(*rule.body_size, is_index_first()));
  else if (rule.body || rule.redirect)
    response =
        make_response(status, is_for_results ? "application/octet-stream" : "application/json",
                      Content(filled_in(rule.body.value_or(""), request)));
  else if (is_for_results)
    response = storage_error(status, rule.error_code.value_or("Scripted"), message);
  else
    response = error_response(status, rule.error_code.value_or(error_code_of(status)), message);
  if (rule.redirect)
    soup_message_headers_replace(response.headers.get(), "Location",
                                 filled_in(*rule.redirect, request).c_str());
  return response;
}

std::string Service::filled_in(std::string text, const HttpRequest& request) {
  const std::string& base = request.is_for_results ? result_url_ : api_url_;
  const std::string query = request.query.empty() ? "" : "?" + request.query;
  replace_all(text, "{self}", base + request.path + query);
  replace_all(text, "{api}", api_url_);
  replace_all(text, "{result}", result_url_);
  Task* task = text.find("{url}") == std::string::npos ? nullptr : finished_task(request);
  if (task)
    replace_all(text, "{url}", result_url_ + tasks_.new_link(*task));
  return text;
}

HttpResponse Service::control_route(const HttpRequest& request) {
  const bool is_post = request.method == "POST";
  std::string text = "{}";
  if (request.path == "/requests" && !is_post) {
    text = request_log_.to_json();
  } else if (request.path == "/tasks" && !is_post) {
    text = tasks_json();
  } else if (request.path == "/reset" && is_post) {
    request_log_.clear();
  } else if (request.path == "/script" && is_post) {
    auto script = Script::parse(request.text());
    if (auto* problem = std::get_if<std::string>(&script))
      return error_response(400, "param_error", *problem);
    script_ = std::get<Script>(std::move(script));
  } else {
    return error_response(405, "param_error", "method not allowed");
  }
  return make_response(200, "application/json", Content(text));
}

std::string Service::tasks_json() const {
  JsonArrayPtr array(json_array_new());
  for (auto task = tasks_.tasks().rbegin(); task != tasks_.tasks().rend(); ++task) {
    JsonObject* object = json_object_new();
    json_array_add_object_element(array.get(), object);
    set_text(object, "task_id", task->id);
    set_text(object, "task_status", state_name(tasks_.state(*task)));
    set_text(object, "model", task->request.model);
    set_text(object, "prompt", task->request.clip.prompt);
    auto parameters = parse_object(task->request.parameters);
    if (auto* parsed = std::get_if<JsonObjectPtr>(&parameters))
      json_object_set_object_member(object, "parameters", parsed->release());
    json_object_set_double_member(object, "generation_time", task->generation.count());
    if (const Clip* clip = finished_clip(task->result)) {
      set_text(object, "error_message", clip->problem);
      set_text(object, "sha256", clip->sha256);
      json_object_set_int_member(object, "length", static_cast<gint64>(blob_size(clip->bytes)));
    }
  }
  return to_text(std::move(array));
}

}  // namespace emulator
