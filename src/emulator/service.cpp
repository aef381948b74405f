// SPDX-License-Identifier: LGPL-2.1-or-later
// Maps a request to the regular or scripted response; handles the emulator's own routes.
#include "emulator/service.h"

#include <algorithm>
#include <utility>

#include "emulator/request_log.h"

namespace emulator {
namespace {

std::string route_of(const HttpRequest& request) {
  if (request.is_for_results)
    return request.path.starts_with("/results/") ? "result" : "other";
  if (request.path == "/v1/tasks/submit")
    return "submit";
  return request.path == "/v1/tasks/status" ? "status" : "other";
}

bool is_control_route(const HttpRequest& request) {
  static constexpr std::string_view paths[] = {"/requests", "/tasks", "/script", "/reset"};
  return !request.is_for_results && std::ranges::find(paths, request.path) != std::end(paths);
}

// One line, without secrets.
void print(JsonObject* log_entry, std::uint64_t bytes) {
  g_autofree char* path = g_strescape(json_object_get_string_member(log_entry, "path"), nullptr);
  const gint64 rule = json_object_get_int_member(log_entry, "rule");
  g_printerr("%9.3f %s %s %s -> %d, %" G_GUINT64_FORMAT " bytes%s\n",
             json_object_get_double_member(log_entry, "time"),
             json_object_get_string_member(log_entry, "route"),
             json_object_get_string_member(log_entry, "method"), path,
             static_cast<int>(json_object_get_int_member(log_entry, "status")), bytes,
             rule < 0 ? "" : (", rule " + std::to_string(rule)).c_str());
}

void replace_all(std::string& text, const char* what, const std::string& with) {
  GString* replaced = g_string_new(text.c_str());
  g_string_replace(replaced, what, with.c_str(), 0);
  g_autofree char* result = g_string_free(replaced, FALSE);
  text = result;
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
    return {control_route(request), {}};
  const std::string route = route_of(request);
  JsonObject* log_entry = describe(request, route).release();
  json_array_add_object_element(request_log_.get(), log_entry);
  const double seconds = static_cast<double>(g_get_monotonic_time() - start_) / G_USEC_PER_SEC;
  json_object_set_double_member(log_entry, "time", seconds);
  const auto [rule, index] = script_.take(route, route == "status" && finished_task(request));
  ResponsePlan plan{{}, rule};
  if (rule.is_handled())
    plan.response = regular_response(request, route, rule, log_entry);
  if (rule.replaces_response())
    plan.response = scripted_response(request, rule);
  for (const auto& [name, value] : rule.headers())
    soup_message_headers_replace(plan.response.headers.get(), name.c_str(),
                                 filled_in(value, request).c_str());
  json_object_set_int_member(log_entry, "status", rule.is_cut() ? 0 : plan.response.status);
  json_object_set_int_member(log_entry, "rule", index);
  if (options_.log)
    print(log_entry, plan.response.length);
  return plan;
}

Task* Service::finished_task(const HttpRequest& request) {
  Task* task = tasks_.find(request.query_value("task_id"), user_of(request));
  return task && tasks_.state(*task) == TaskState::success ? task : nullptr;
}

HttpResponse Service::scripted_response(const HttpRequest& request, const Rule& rule) {
  const int usual = rule.has("redirect") ? 302 : 200;
  const int status = static_cast<int>(rule.integer("status").value_or(usual));
  const bool is_for_results = request.is_for_results;
  const std::string code = rule.text("error_code").value_or("");
  const std::string message = rule.text("error_message").value_or("scripted error");
  HttpResponse response;
  if (rule.has("body_size"))
    response = make_response(status, "application/octet-stream", filler(rule));
  else if (rule.has("body") || rule.has("redirect"))
    response =
        make_response(status, is_for_results ? "application/octet-stream" : "application/json",
                      Content(filled_in(rule.text("body").value_or(""), request)));
  else if (is_for_results)
    response = storage_error(status, code.empty() ? "Scripted" : code, message);
  else
    response = error_response(status, code.empty() ? error_code_of(status) : code, message);
  if (const auto redirect = rule.text("redirect"))
    soup_message_headers_replace(response.headers.get(), "Location",
                                 filled_in(*redirect, request).c_str());
  return response;
}

Content Service::filler(const Rule& rule) const {
  return Content::filler(static_cast<std::uint64_t>(*rule.integer("body_size")),
                         !g_str_equal(options_.moov, "last"));
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
    text = to_text(request_log_.get());
  } else if (request.path == "/tasks" && !is_post) {
    text = tasks_json();
  } else if (request.path == "/reset" && is_post) {
    request_log_.reset(json_array_new());
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
    if (JsonNode* parameters = task->request.parameters.get())
      json_object_set_member(object, "parameters", json_node_ref(parameters));
    json_object_set_double_member(object, "generation_time", task->generation.count());
    if (const Clip* clip = finished_clip(task->result)) {
      set_text(object, "error_message", clip->problem);
      set_text(object, "sha256", clip->sha256);
      json_object_set_int_member(object, "length", static_cast<gint64>(blob_size(clip->bytes)));
    }
  }
  return to_text(array.get());
}

}  // namespace emulator
