// SPDX-License-Identifier: LGPL-2.1-or-later
// The three routes of the service and its object storage.
#include <algorithm>

#include "emulator/file_response.h"
#include "emulator/service.h"
#include "emulator/text.h"

namespace emulator {
namespace {

HttpResponse enveloped(JsonObjectPtr output, JsonObjectPtr usage, const Rule* rule) {
  JsonObjectPtr root(json_object_new());
  set_text(root.get(), "request_id", random_id());
  if (usage)
    json_object_set_object_member(root.get(), "usage", usage.release());
  for (const std::string& name : rule && rule->omit ? *rule->omit : std::vector<std::string>()) {
    json_object_remove_member(output.get(), name.c_str());
    json_object_remove_member(root.get(), name.c_str());
  }
  const bool has_output = !rule || !rule->omit || std::ranges::count(*rule->omit, "output") == 0;
  if (has_output)
    json_object_set_object_member(root.get(), "output", output.release());
  return json_response(200, std::move(root));
}

}  // namespace

HttpResponse Service::regular_response(const HttpRequest& request, Route route, const Rule* rule,
                                       JsonObject* log_entry) {
  switch (route) {
    case Route::submit:
    case Route::status:
      if (request.method != (route == Route::submit ? "POST" : "GET"))
        return error_response(405, "param_error", "method not allowed");
      if (user_of(request).empty())
        return error_response(401, "auth_error", "invalid or missing API key");
      return route == Route::submit ? submit(request, rule, log_entry)
                                    : status(request, rule, log_entry);
    case Route::result:
      return result(request, rule, log_entry);
    case Route::other:
      break;
  }
  if (request.is_for_results)
    return storage_error(404, "NoSuchKey", "The specified key does not exist.");
  return error_response(404, "not_found", "no such route: " + request.path);
}

std::string Service::user_of(const HttpRequest& request) const {
  std::string key;
  const std::string scheme = authorization_scheme(request.header("authorization"), key);
  const bool is_good = (options_.auth == scheme || options_.auth == std::string("any")) &&
                       (!options_.api_key || key == options_.api_key);
  return is_good ? key : "";
}

HttpResponse Service::submit(const HttpRequest& request, const Rule* rule, JsonObject* log_entry) {
  const char* type = soup_message_headers_get_content_type(request.headers, nullptr);
  if (!type || g_ascii_strcasecmp(type, "application/json") != 0)
    return error_response(400, "param_error", "Content-Type must be application/json");
  auto parsed = parse_object(request.text());
  if (auto* problem = std::get_if<std::string>(&parsed))
    return error_response(400, "param_error", "body: " + *problem);
  auto read = read_task_request(std::get<JsonObjectPtr>(parsed).get(), options_.any_model);
  if (auto* problem = std::get_if<std::string>(&read))
    return error_response(400, "param_error", *problem);
  Task task;
  task.request = std::get<TaskRequest>(std::move(read));
  task.user = user_of(request);
  const std::string& external_id = task.request.external_task_id;
  if (tasks_.is_external_id_used(external_id, task.user))
    return error_response(400, "param_error",
                          "parameters.external_task_id is already used: " + external_id);
  if (options_.max_tasks > 0 &&
      tasks_.count_unfinished() >= static_cast<std::size_t>(options_.max_tasks))
    return error_response(429, "rate_limit", "too many tasks at once");
  task.result = clip_queue_.add(task.request, sha256_hex(request.body));
  task.id = rule ? rule->task_id.value_or("") : "";
  const std::string id = tasks_.add(std::move(task)).id;
  set_text(log_entry, "task_id", id);
  JsonObjectPtr output(json_object_new());
  set_text(output.get(), "task_id", id);
  return enveloped(std::move(output), {}, rule);
}

JsonObjectPtr Service::output_of(const HttpRequest& request, const Task& task, const Rule* rule) {
  const TaskState state = tasks_.state(task);
  JsonObjectPtr output(json_object_new());
  set_text(output.get(), "task_id", task.id);
  set_text(output.get(), "task_status",
           rule && rule->task_status ? *rule->task_status : state_name(state));
  json_object_set_int_member(output.get(), "submit_time", task.submit_time);
  const bool has_urls = rule && rule->urls;
  if (has_urls || state == TaskState::success) {
    JsonArray* urls = json_array_new();
    json_object_set_array_member(output.get(), "urls", urls);
    for (const std::string& url : has_urls ? *rule->urls : std::vector<std::string>{"{url}"})
      json_array_add_string_element(urls, filled_in(url, request).c_str());
  }
  if (state == TaskState::success || state == TaskState::failure)
    json_object_set_int_member(output.get(), "finish_time", tasks_.finish_time(task));
  if (state == TaskState::failure)
    set_text(output.get(), "error_message", finished_clip(task.result)->problem);
  if (rule && rule->error_message)
    set_text(output.get(), "error_message", *rule->error_message);
  return output;
}

HttpResponse Service::status(const HttpRequest& request, const Rule* rule, JsonObject* log_entry) {
  const std::string id = request.query_value("task_id");
  set_text(log_entry, "task_id", id);
  if (id.empty())
    return error_response(400, "param_error", "missing required field task_id");
  Task* task = tasks_.find(id, user_of(request));
  if (!task)
    return error_response(404, "task_not_found", "task not found");
  set_text(log_entry, "task_id", task->id);
  JsonObjectPtr output = output_of(request, *task, rule);
  // A failed task also has usage.
  JsonObjectPtr usage(json_object_has_member(output.get(), "finish_time") ? json_object_new()
                                                                          : nullptr);
  if (usage)
    json_object_set_int_member(usage.get(), "duration", task->request.clip.seconds);
  return enveloped(std::move(output), std::move(usage), rule);
}

HttpResponse Service::result(const HttpRequest& request, const Rule* rule, JsonObject* log_entry) {
  std::string name = request.path.substr(std::string_view("/results/").size());
  if (name.ends_with(".mp4"))
    name.resize(name.size() - 4);
  Task* task = tasks_.find_file(name);
  if (task)
    set_text(log_entry, "task_id", task->id);
  // Object storage refuses two ways of authentication at once.
  if (!request.header("authorization").empty())
    return storage_error(400, "InvalidArgument", "Only one auth mechanism is allowed.");
  if (task && rule && rule->expire_link)
    task->links.clear();
  // The links are signed for GET.
  const LinkState state = task && request.method == "GET"
                              ? task->check_link(request.query_value("Signature"))
                              : LinkState::wrong;
  if (state == LinkState::expired)
    return storage_error(403, "AccessDenied", "Request has expired.");
  if (state == LinkState::wrong)
    return storage_error(403, "SignatureDoesNotMatch", "The signature does not match.");
  return file_of(request, *task, rule);
}

HttpResponse Service::file_of(const HttpRequest& request, const Task& task,
                              const Rule* rule) const {
  const Clip* clip = finished_clip(task.result);
  if (!clip || !clip->bytes)
    return storage_error(404, "NoSuchKey", "The specified key does not exist.");
  StoredFile file{Content(clip->bytes), '"' + clip->sha256.substr(0, 32) + '"', clip->made_at};
  if (rule && rule->body)
    file.content = Content(*rule->body);
  if (rule && rule->body_size)
    file.content = Content::filler(*rule->body_size, is_index_first());
  if (rule && rule->etag)
    file.etag = *rule->etag;
  return file_response(request, file, rule);
}

}  // namespace emulator
