// SPDX-License-Identifier: LGPL-2.1-or-later
// Submit and status.
#include "emulator/service.h"

#include <algorithm>
#include <utility>

#include "emulator/text.h"

namespace emulator {
namespace {

Route route_of(const HttpRequest& request) {
  if (request.is_for_results)
    return request.path.starts_with("/results/") ? Route::result : Route::other;
  if (request.path == "/v1/tasks/submit")
    return Route::submit;
  if (request.path == "/v1/tasks/status")
    return Route::status;
  return Route::other;
}

bool is_test_route(const HttpRequest& request) {
  static constexpr std::string_view paths[] = {"/requests", "/tasks", "/script", "/reset"};
  return !request.is_for_results && std::ranges::find(paths, request.path) != std::end(paths);
}

// The status that the peer sees; 0 where no head is sent.
int visible_status(const ResponsePlan& plan) {
  const Rule* rule = plan.rule.get();
  return rule && (rule->reset || rule->close || rule->answer_lost) ? 0 : plan.response.status;
}

}  // namespace

Service::Service(const Options& options, Script script, Blob fixed_clip)
    : options_(options),
      script_(std::move(script)),
      tasks_(options.generation_seconds, options.link_seconds),
      clip_queue_({options.layout, std::move(fixed_clip), options.strict_size}) {}

void Service::set_base_urls(std::string api, std::string result) {
  api_url_ = std::move(api);
  result_url_ = std::move(result);
}

ResponsePlan Service::answer(const HttpRequest& request) {
  if (is_test_route(request))
    return {test_route(request), nullptr};
  const Route route = route_of(request);
  RequestLog::Entry& entry = request_log_.add(request, route);
  Script::Match match = script_.take(route, route == Route::status && finished_task(request));
  entry.rule_index = match.index;
  const Rule* rule = match.rule.get();
  ResponsePlan plan;
  plan.rule = match.rule;
  if (!rule || is_handled(*rule))
    plan.response = regular_response(request, route, rule, entry);
  if (rule && replaces_response(*rule))
    plan.response = scripted_response(request, *rule);
  if (rule)
    apply_headers(request, *rule, plan.response);
  entry.status = visible_status(plan);
  log(entry, plan);
  return plan;
}

Task* Service::finished_task(const HttpRequest& request) {
  Task* task = tasks_.find_for_user(request.query_value("task_id"), key_of(request));
  return task && tasks_.state(*task) == TaskState::success ? task : nullptr;
}

HttpResponse Service::regular_response(const HttpRequest& request, Route route, const Rule* rule,
                                       RequestLog::Entry& entry) {
  switch (route) {
    case Route::submit:
      return submit(request, rule, entry);
    case Route::status:
      return status(request, rule, entry);
    case Route::result:
      return result(request, rule, entry);
    case Route::other:
      break;
  }
  if (request.is_for_results)
    return storage_error(404, "NoSuchKey", "The specified key does not exist.");
  return error_response(404, "not_found", "no such route: " + request.path);
}

HttpResponse Service::scripted_response(const HttpRequest& request, const Rule& rule) {
  const int status = rule.status.value_or(rule.redirect ? 302 : 200);
  const bool is_for_results = rule.route == Route::result;
  const std::string code = rule.error_code.value_or(error_code_of(status));
  const std::string message = rule.error_message.value_or("as the script says");
  HttpResponse response;
  if (rule.body_size)
    response = make_response(status, "application/octet-stream",
                             Content::filler(*rule.body_size, filler_shape(is_for_results)));
  else if (rule.body || rule.redirect)
    response =
        make_response(status, is_for_results ? "application/octet-stream" : "application/json",
                      Content(filled_in(rule.body.value_or(""), request)));
  else if (is_for_results)
    response = storage_error(status, rule.error_code.value_or("Scripted"), message);
  else
    response = error_response(status, code, message);
  if (rule.redirect)
    set_header(response.headers, "Location", filled_in(*rule.redirect, request));
  return response;
}

Content::Shape Service::filler_shape(bool is_for_results) const {
  if (!is_for_results)
    return Content::Shape::bytes;
  return options_.layout == Layout::moov_last ? Content::Shape::mp4
                                              : Content::Shape::mp4_index_first;
}

void Service::apply_headers(const HttpRequest& request, const Rule& rule, HttpResponse& response) {
  if (!rule.headers)
    return;
  for (const auto& [name, value] : *rule.headers)
    set_header(response.headers, name, filled_in(value, request));
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

void Service::log(const RequestLog::Entry& entry, const ResponsePlan& plan) const {
  if (!options_.log)
    return;
  CharPtr path(g_strescape(entry.path.c_str(), nullptr));
  g_printerr("%9.3f %s %s %s -> %d, %" G_GUINT64_FORMAT " bytes%s\n", entry.time,
             route_name(entry.route), entry.method.c_str(), path.get(), entry.status,
             plan.response.length,
             entry.rule_index < 0 ? "" : (", rule " + std::to_string(entry.rule_index)).c_str());
}

HttpResponse Service::test_route(const HttpRequest& request) {
  const bool is_post = request.method == "POST";
  if (request.path == "/requests" && !is_post)
    return make_response(200, "application/json", Content(request_log_.to_json()));
  if (request.path == "/tasks" && !is_post)
    return make_response(200, "application/json", Content(tasks_json()));
  if (request.path == "/reset" && is_post) {
    request_log_.clear();
    return make_response(200, "application/json", Content(std::string("{}")));
  }
  if (request.path != "/script" || !is_post)
    return error_response(405, "param_error", "method not allowed");
  const auto* text = reinterpret_cast<const char*>(blob_data(request.body));
  auto script = Script::parse({text, blob_size(request.body)});
  if (auto* problem = std::get_if<std::string>(&script))
    return error_response(400, "param_error", *problem);
  script_ = std::get<Script>(std::move(script));
  return make_response(200, "application/json", Content(std::string("{}")));
}

std::string Service::tasks_json() const {
  JsonArrayPtr array(json_array_new());
  for (const Task& task : tasks_.tasks()) {
    JsonObjectPtr object(json_object_new());
    set_text(object.get(), "task_id", task.id);
    set_text(object.get(), "task_status", state_name(tasks_.state(task)));
    set_text(object.get(), "model", task.request.model);
    set_text(object.get(), "prompt", task.request.prompt);
    auto parameters = parse_object(task.request.parameters);
    if (auto* parsed = std::get_if<JsonObjectPtr>(&parameters))
      json_object_set_object_member(object.get(), "parameters", parsed->release());
    json_object_set_int_member(object.get(), "submits",
                               static_cast<gint64>(tasks_.count_submits(task.request_digest)));
    if (const std::optional<Clip> clip = task.job->result()) {
      set_text(object.get(), "error_message", clip->problem);
      set_text(object.get(), "sha256", clip->sha256);
      json_object_set_int_member(object.get(), "length",
                                 static_cast<gint64>(blob_size(clip->bytes)));
    }
    json_array_add_object_element(array.get(), object.release());
  }
  return to_text(node_of(std::move(array)).get());
}

}  // namespace emulator
