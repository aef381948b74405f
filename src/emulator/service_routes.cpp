// SPDX-License-Identifier: LGPL-2.1-or-later
// The three routes of the service and its object storage.
#include <algorithm>
#include <optional>

#include "emulator/request_log.h"
#include "emulator/service.h"
#include "emulator/task_request.h"
#include "emulator/text.h"

namespace emulator {
namespace {

using namespace std::string_literals;

HttpResponse enveloped(JsonObjectPtr output, JsonObjectPtr usage, const Rule& rule) {
  JsonObjectPtr root(json_object_new());
  set_text(root.get(), "request_id", random_id());
  if (usage)
    json_object_set_object_member(root.get(), "usage", usage.release());
  json_object_set_object_member(root.get(), "output", json_object_ref(output.get()));
  for (const std::string& name : rule.texts("omit")) {
    json_object_remove_member(output.get(), name.c_str());
    json_object_remove_member(root.get(), name.c_str());
  }
  return json_response(200, std::move(root));
}

// An unreadable Range, and several ranges, are ignored: the whole file is a valid response.
std::optional<SoupRange> read_range(const HttpRequest& request, goffset size) {
  SoupRange* ranges = nullptr;
  int count = 0;
  std::optional<SoupRange> range;
  if (soup_message_headers_get_ranges(request.headers, size, &ranges, &count)) {
    if (count == 1)
      range = SoupRange{std::max<goffset>(ranges->start, 0), std::min(ranges->end, size - 1)};
    soup_message_headers_free_ranges(request.headers, ranges);
  }
  return range;
}

// To the bytes from `start` to `end`, included.
void reduce(HttpResponse& response, goffset start, goffset end) {
  const auto size = static_cast<goffset>(response.content.size());
  start = std::min(start, size);
  end = std::max(end, start - 1);
  response.first = static_cast<std::uint64_t>(start);
  response.length = static_cast<std::uint64_t>(end + 1 - start);
  soup_message_headers_set_content_range(response.headers.get(), start, end, size);
}

std::string http_date(std::int64_t unix_seconds) {
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(unix_seconds);
  g_autofree char* text = soup_date_time_to_string(time, SOUP_DATE_HTTP);
  return text;
}

}  // namespace

HttpResponse Service::regular_response(const HttpRequest& request, const std::string& route,
                                       const Rule& rule, JsonObject* log_entry) {
  if (route == "result")
    return result(request, rule, log_entry);
  if (route == "other" && request.is_for_results)
    return storage_error(404, "NoSuchKey", "The specified key does not exist.");
  if (route == "other")
    return error_response(404, "not_found", "no such route: " + request.path);
  if (request.method != (route == "submit" ? "POST" : "GET"))
    return error_response(405, "param_error", "method not allowed");
  if (user_of(request).empty())
    return error_response(401, "auth_error", "invalid or missing API key");
  return route == "submit" ? submit(request, rule, log_entry) : status(request, rule, log_entry);
}

std::string Service::user_of(const HttpRequest& request) const {
  std::string key;
  const std::string scheme = authorization_scheme(request.header("authorization"), key);
  const bool is_good = (options_.auth == scheme || options_.auth == std::string("any")) &&
                       (!options_.api_key || key == options_.api_key);
  return is_good ? key : "";
}

HttpResponse Service::submit(const HttpRequest& request, const Rule& rule, JsonObject* log_entry) {
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
  task.id = rule.text("task_id").value_or("");
  const std::string id = tasks_.add(std::move(task)).id;
  set_text(log_entry, "task_id", id);
  JsonObjectPtr output(json_object_new());
  set_text(output.get(), "task_id", id);
  return enveloped(std::move(output), {}, rule);
}

JsonObjectPtr Service::output_of(const HttpRequest& request, const Task& task, const Rule& rule) {
  const TaskState state = tasks_.state(task);
  JsonObjectPtr output(json_object_new());
  set_text(output.get(), "task_id", task.id);
  set_text(output.get(), "task_status", rule.text("task_status").value_or(state_name(state)));
  json_object_set_int_member(output.get(), "submit_time", task.submit_time);
  if (rule.has("urls") || state == TaskState::success) {
    JsonArray* urls = json_array_new();
    json_object_set_array_member(output.get(), "urls", urls);
    for (const std::string& url : rule.has("urls") ? rule.texts("urls") : std::vector{"{url}"s})
      json_array_add_string_element(urls, filled_in(url, request).c_str());
  }
  if (state == TaskState::success || state == TaskState::failure)
    json_object_set_int_member(output.get(), "finish_time", tasks_.finish_time(task));
  if (state == TaskState::failure)
    set_text(output.get(), "error_message", finished_clip(task.result)->problem);
  if (const auto message = rule.text("error_message"))
    set_text(output.get(), "error_message", *message);
  return output;
}

HttpResponse Service::status(const HttpRequest& request, const Rule& rule, JsonObject* log_entry) {
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

HttpResponse Service::result(const HttpRequest& request, const Rule& rule, JsonObject* log_entry) {
  const Link* link = tasks_.find_link(request.path, request.query_value("Signature"));
  if (link)
    set_text(log_entry, "task_id", link->task->id);
  // Object storage refuses two ways of authentication at once.
  if (!request.header("authorization").empty())
    return storage_error(400, "InvalidArgument", "Only one auth mechanism is allowed.");
  // The links are signed for GET.
  if (!link || request.method != "GET")
    return storage_error(403, "SignatureDoesNotMatch", "The signature does not match.");
  if (rule.flag("expire_link"))
    tasks_.expire_links(*link->task);
  if (Time::now() >= link->expiry)
    return storage_error(403, "AccessDenied", "Request has expired.");
  return file_of(request, *link->task, rule);
}

// RFC 9110, 14.
HttpResponse Service::file_of(const HttpRequest& request, const Task& task,
                              const Rule& rule) const {
  const Clip* clip = finished_clip(task.result);
  if (!clip || !clip->bytes)
    return storage_error(404, "NoSuchKey", "The specified key does not exist.");
  const auto text = rule.text("body");
  const Content content = rule.has("body_size") ? filler(rule)
                          : text                ? Content(*text)
                                                : Content(clip->bytes);
  const std::string etag = rule.text("etag").value_or('"' + clip->sha256.substr(0, 32) + '"');
  const std::string date = http_date(clip->made_at);
  HttpResponse response = make_response(200, "video/mp4", content);
  SoupMessageHeaders* headers = response.headers.get();
  soup_message_headers_replace(headers, "ETag", etag.c_str());
  soup_message_headers_replace(headers, "Last-Modified", date.c_str());
  soup_message_headers_replace(headers, "Accept-Ranges", "bytes");
  const auto size = static_cast<goffset>(content.size());
  const std::optional<SoupRange> range = read_range(request, size);
  // If-Range: the range applies only to the same version of the file.
  const std::string known = request.header("if-range");
  const bool is_same_file = known.empty() || known == etag || known == date;
  if (!range || !is_same_file || rule.flag("no_range"))
    return response;
  response.status = 206;
  // For a range beyond the end, this storage sends the whole file and no Content-Range.
  if (range->start < size && !rule.flag("no_content_range"))
    reduce(response, rule.integer("wrong_start").value_or(range->start), range->end);
  return response;
}

}  // namespace emulator
