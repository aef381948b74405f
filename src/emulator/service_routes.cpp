// SPDX-License-Identifier: LGPL-2.1-or-later
// The three routes as the service and its object storage answer them.
#include <algorithm>

#include "emulator/range.h"
#include "emulator/service.h"
#include "emulator/text.h"

namespace emulator {
namespace {

bool is_json(const HttpRequest& request) {
  const std::string type = request.header("content-type");
  CharPtr name(g_ascii_strdown(type.substr(0, type.find(';')).c_str(), -1));
  return std::string(g_strstrip(name.get())) == "application/json";
}

JsonObjectPtr envelope(JsonObjectPtr output) {
  JsonObjectPtr root(json_object_new());
  json_object_set_object_member(root.get(), "output", output.release());
  set_text(root.get(), "request_id", random_id());
  return root;
}

// Strings of a rule become an array of JSON strings.
JsonArrayPtr array_of(const Texts& texts) {
  JsonArrayPtr array(json_array_new());
  for (const std::string& text : texts)
    json_array_add_element(array.get(), text_node(text).release());
  return array;
}

void omit(JsonObject* root, const Rule* rule) {
  if (!rule || !rule->omit)
    return;
  JsonNode* output = json_object_get_member(root, "output");
  for (const std::string& name : *rule->omit) {
    if (output && JSON_NODE_HOLDS_OBJECT(output))
      json_object_remove_member(json_node_get_object(output), name.c_str());
  }
  for (const std::string& name : *rule->omit)
    json_object_remove_member(root, name.c_str());
}

}  // namespace

std::string Service::key_of(const HttpRequest& request) {
  std::string key;
  authorization_scheme(request.header("authorization"), &key);
  return key;
}

bool Service::is_key_good(const std::string& header) const {
  std::string key;
  const std::string scheme = authorization_scheme(header, &key);
  if (key.empty() || (options_.auth == AuthRule::raw && scheme != "raw") ||
      (options_.auth == AuthRule::bearer && scheme != "bearer"))
    return false;
  return options_.api_key.empty() || key == options_.api_key;
}

HttpResponse Service::submit(const HttpRequest& request, const Rule* rule,
                             RequestLog::Entry& entry) {
  if (request.method != "POST")
    return error_response(405, "param_error", "method not allowed");
  if (!is_key_good(request.header("authorization")))
    return error_response(401, "auth_error", "invalid or missing API key");
  if (!is_json(request))
    return error_response(400, "param_error", "Content-Type must be application/json");
  const auto* text = reinterpret_cast<const char*>(blob_data(request.body));
  auto parsed = parse_object({text, blob_size(request.body)});
  if (auto* problem = std::get_if<std::string>(&parsed))
    return error_response(400, "param_error", "body: " + *problem);
  auto read = read_task_request(std::get<JsonObjectPtr>(parsed).get(), options_.any_model);
  if (auto* problem = std::get_if<std::string>(&read))
    return error_response(400, "param_error", *problem);
  TaskRequest& accepted = std::get<TaskRequest>(read);
  std::string user = key_of(request);
  if (tasks_.is_external_id_used(accepted.external_task_id, user))
    return error_response(
        400, "param_error",
        "parameters.external_task_id is already used: " + accepted.external_task_id);
  auto job = clip_queue_.add(accepted);
  Task& task =
      tasks_.add(std::move(accepted), std::move(job), sha256_hex(text, blob_size(request.body)),
                 rule ? rule->task_id.value_or("") : "", std::move(user));
  entry.task_id = task.id;
  JsonObjectPtr output(json_object_new());
  set_text(output.get(), "task_id", task.id);
  JsonObjectPtr root = envelope(std::move(output));
  omit(root.get(), rule);
  return json_response(200, std::move(root));
}

JsonObjectPtr Service::output_of(Task& task, TaskState state, const Rule* rule) {
  JsonObjectPtr output(json_object_new());
  set_text(output.get(), "task_id", task.id);
  set_text(output.get(), "task_status",
           rule ? rule->task_status.value_or(state_name(state)) : state_name(state));
  json_object_set_int_member(output.get(), "submit_time", task.submit_time);
  const std::string link = state == TaskState::success ? result_url_ + tasks_.new_link(task) : "";
  if (rule && rule->urls) {
    Texts urls = *rule->urls;
    for (std::string& url : urls) {
      replace_all(url, "{url}", link);
      replace_all(url, "{api}", api_url_);
      replace_all(url, "{result}", result_url_);
    }
    json_object_set_array_member(output.get(), "urls", array_of(urls).release());
  } else if (state == TaskState::success) {
    json_object_set_array_member(output.get(), "urls", array_of({link}).release());
  }
  if (state == TaskState::success || state == TaskState::failure)
    json_object_set_int_member(output.get(), "finish_time", tasks_.finish_time(task));
  if (state == TaskState::failure)
    set_text(output.get(), "error_message", task.job->result()->problem);
  if (rule && rule->error_message)
    set_text(output.get(), "error_message", *rule->error_message);
  return output;
}

HttpResponse Service::status(const HttpRequest& request, const Rule* rule,
                             RequestLog::Entry& entry) {
  if (request.method != "GET")
    return error_response(405, "param_error", "method not allowed");
  if (!is_key_good(request.header("authorization")))
    return error_response(401, "auth_error", "invalid or missing API key");
  const std::string id = request.query_value("task_id");
  entry.task_id = id;
  if (id.empty())
    return error_response(400, "param_error", "missing required field task_id");
  Task* task = tasks_.find_for_user(id, key_of(request));
  if (!task)
    return error_response(404, "task_not_found", "task not found");
  entry.task_id = task->id;
  const TaskState state = tasks_.state(*task);
  JsonObjectPtr root = envelope(output_of(*task, state, rule));
  // A failed task has its usage too.
  if (state == TaskState::success || state == TaskState::failure) {
    JsonObjectPtr usage(json_object_new());
    json_object_set_int_member(usage.get(), "duration", task->request.seconds);
    json_object_set_object_member(root.get(), "usage", usage.release());
  }
  omit(root.get(), rule);
  return json_response(200, std::move(root));
}

HttpResponse Service::result(const HttpRequest& request, const Rule* rule,
                             RequestLog::Entry& entry) {
  std::string name = request.path.substr(std::string_view("/results/").size());
  if (name.ends_with(".mp4"))
    name.resize(name.size() - 4);
  Task* task = tasks_.find_file(name);
  if (task)
    entry.task_id = task->id;
  // Object storage does not take two ways of signing at once.
  if (!request.header("authorization").empty())
    return storage_error(400, "InvalidArgument", "Only one auth mechanism is allowed.");
  if (task && rule && rule->expire_link)
    task->links.clear();
  // The links are signed for GET.
  const LinkState state = task && request.method == "GET"
                              ? TaskList::check_link(*task, request.query_value("Signature"))
                              : LinkState::wrong;
  if (state == LinkState::expired)
    return storage_error(403, "AccessDenied", "Request has expired.");
  if (state == LinkState::wrong)
    return storage_error(403, "SignatureDoesNotMatch", "The signature does not match.");
  return file_of(request, *task, rule);
}

HttpResponse Service::file_of(const HttpRequest& request, const Task& task,
                              const Rule* rule) const {
  const std::optional<Clip> clip = task.job->result();
  if (!clip || !clip->bytes)
    return storage_error(404, "NoSuchKey", "The specified key does not exist.");
  StoredFile file;
  file.content = Content(clip->bytes);
  file.etag = '"' + clip->sha256.substr(0, 32) + '"';
  file.last_modified = http_date(clip->made_at);
  if (rule && rule->body)
    file.content = Content(*rule->body);
  if (rule && rule->body_size)
    file.content = Content::filler(*rule->body_size, filler_shape(true));
  if (rule && rule->etag)
    file.etag = *rule->etag;
  return file_response(request, file, rule);
}

}  // namespace emulator
