// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the service's responses.
#include <glib.h>

#include <algorithm>
#include <array>
#include <string>

#include "api/json.h"
#include "api/printable.h"
#include "api/wire.h"

namespace modelverse::api {
namespace {

constexpr JsonLimits response_limits{.max_bytes = max_response_bytes, .max_depth = max_json_depth};
constexpr std::size_t max_word_bytes = 200;  // of a code, a type, a status, a request's id

bool is_one_of(const std::string& word, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(), [&word](const char* name) {
    return g_ascii_strcasecmp(word.c_str(), name) == 0;
  });
}

// The documented values of `task_status`. Unknown values are not listed: a paid task is given up
// only on a value that is documented to end it.
struct StatusWord {
  const char* word;  // case-insensitive
  TaskStatus status;
};
constexpr StatusWord status_words[] = {
    {"Pending", TaskStatus::pending},   {"queued", TaskStatus::pending},
    {"Running", TaskStatus::running},   {"in_progress", TaskStatus::running},
    {"Success", TaskStatus::success},   {"Succeeded", TaskStatus::success},
    {"completed", TaskStatus::success}, {"Failure", TaskStatus::failure},
    {"Failed", TaskStatus::failure},    {"Expired", TaskStatus::failure},
    {"Cancelled", TaskStatus::failure}, {"Canceled", TaskStatus::failure},
};

std::optional<TaskStatus> documented_status(const std::string& text) {
  for (const auto& [word, status] : status_words)
    if (is_one_of(text, {word}))
      return status;
  return {};
}

// Objects that may contain the members of the documented `output`: `output`, the root, or either of
// these in the `data` of the older envelope. Some are nullptr.
std::array<const Object*, 4> places(const Object* root) {
  const auto* data = find_object(root, "data");
  return {find_object(root, "output"), find_object(data, "output"), data, root};
}

// An id in an undocumented position: a printable string without spaces, or a positive number.
std::string undocumented_id(const Object* place, const char* name) {
  if (const auto number = find_integer(place, name); number && *number > 0)
    return std::to_string(*number);
  auto text = find_string(place, name).value_or("");
  const bool is_id =
      text.size() <= max_task_id_bytes && is_printable(text) && text.find(' ') == std::string::npos;
  return is_id ? text : "";
}

std::string find_id(const Object* root, const char* name) {
  for (const auto* place : places(root))
    if (auto id = undocumented_id(place, name); !id.empty())
      return id;
  return {};
}

std::string word(const Object* object, const char* name) {
  return printable(find_string(object, name).value_or(""), max_word_bytes);
}

// `code` is a string on the service's pages and a number in its older envelope.
std::string code_of(const Object* object) {
  if (const auto number = find_integer(object, "code"))
    return std::to_string(*number);
  return word(object, "code");
}

std::string message_of(const Object* object) {
  return printable(find_string(object, "message").value_or(""));
}

ServiceError read_error(const Object* root) {
  ServiceError error;
  if (const auto* inner = find_object(root, "error")) {
    error = {.code = code_of(inner),
             .type = word(inner, "type"),
             .message = message_of(inner),
             .request_id = word(inner, "param")};
  } else {
    error = {.code = code_of(root), .type = word(root, "type"), .message = message_of(root)};
    if (const auto text = find_string(root, "error"))
      error.message = printable(*text);
  }
  if (error.request_id.empty())
    error.request_id = word(root, "request_id");
  error.task_id = find_id(root, "task_id");
  return error;
}

// Whether a 2xx body without the expected response reports an error. The `code` of an older
// envelope may also report success; then the response is unreadable, not an error.
bool is_error(const Object* root, const ServiceError& error) {
  if (find_member(root, "error"))
    return !error.code.empty() || !error.type.empty() || !error.message.empty();
  return !error.code.empty() && !is_one_of(error.code, {"0", "200", "ok", "success"});
}

// Unix seconds; 0: not yet.
std::int64_t time_of(const Object* output, const char* name) {
  return std::max<std::int64_t>(find_integer(output, name).value_or(0), 0);
}

// A link is a string, or an object that contains one.
std::optional<std::string> link_of(const Value& value) {
  const auto* object = std::get_if<Object>(&value.data);
  if (!object)
    return string_of(value);
  auto link = find_string(object, "url");
  return link ? link : find_string(object, "video_url");
}

using Links = std::variant<std::vector<std::string>, Unreadable>;

Links read_links(const Value& value) {
  std::vector<std::string> links;
  const auto* items = std::get_if<Array>(&value.data);
  if (!items) {
    const auto link = link_of(value);
    if (!link)
      return Unreadable{"output.urls is neither a list nor a link"};
    if (!link->empty())
      links.push_back(*link);
    return links;
  }
  for (const auto& item : *items) {
    auto link = link_of(item);
    if (!link)
      return Unreadable{"output.urls contains values other than links"};
    links.push_back(*std::move(link));
  }
  return links;
}

// `urls` is documented; the other names are for services with one clip.
Links read_result(const Object* output) {
  Links found;
  for (const char* name : {"urls", "url", "video_url"}) {
    const auto* value = find_member(output, name);
    if (!value)
      continue;
    auto read = read_links(*value);
    if (const auto* links = std::get_if<0>(&read); links && !links->empty())
      return read;
    if (std::holds_alternative<Unreadable>(read))
      found = std::move(read);
  }
  return found;
}

bool has_link(const Links& read) {
  const auto* links = std::get_if<0>(&read);
  return links && std::ranges::any_of(*links, [](const std::string& url) { return !url.empty(); });
}

TaskReport read_report(const Object* root, const Object* output) {
  TaskReport report;
  report.task_id = find_string(output, "task_id").value_or("");
  if (report.task_id.size() > max_task_id_bytes)
    report.task_id.clear();
  report.request_id = word(root, "request_id");
  report.submit_time = time_of(output, "submit_time");
  report.finish_time = time_of(output, "finish_time");
  const auto* usage = find_object(root, "usage");
  if (!usage)
    usage = find_object(find_object(root, "data"), "usage");
  report.usage_seconds = std::max(find_number(usage, "duration").value_or(0), 0.0);
  return report;
}

// `status`: empty where `text` is not documented.
StatusResponse read_status(const Object* root, const Object* output, const std::string& text,
                           std::optional<TaskStatus> status) {
  TaskReport report = read_report(root, output);
  auto result = read_result(output);
  report.status_text = printable(text, max_word_bytes);
  report.is_documented = status.has_value();
  // A task that is not done has no links. So links mean success, even with an unknown status.
  report.status = status.value_or(has_link(result) ? TaskStatus::success : TaskStatus::running);
  if (report.status == TaskStatus::success) {
    if (auto* unreadable = std::get_if<Unreadable>(&result))
      return std::move(*unreadable);
    report.urls = std::get<0>(std::move(result));
  }
  if (report.status == TaskStatus::failure)
    report.error_message = printable(find_string(output, "error_message").value_or(""));
  return report;
}

TaskInfo accepted(std::string task_id, std::string request_id) {
  TaskInfo task;
  task.task_id = std::move(task_id);
  task.request_id = std::move(request_id);
  return task;
}

}  // namespace

// If a response contains both a task id and an error, the task id wins: it is paid for. The id may
// contain any characters; callers escape it for display and URLs. In an undocumented position, an
// error wins.
SubmitResponse decode_submit(std::string_view text) {
  const auto document = read_json(text, response_limits);
  if (document.problem)
    return Unreadable{document.problem};
  const auto* root = &document.root;
  auto id = find_string(find_object(root, "output"), "task_id");
  if (id && !id->empty()) {
    if (id->size() > max_task_id_bytes)
      return Unreadable{"output.task_id is longer than 512 bytes"};
    return accepted(*std::move(id), word(root, "request_id"));
  }
  auto error = read_error(root);
  if (is_error(root, error))
    return error;
  auto other = error.task_id.empty() ? find_id(root, "id") : std::move(error.task_id);
  if (!other.empty())
    return accepted(std::move(other), std::move(error.request_id));
  return Unreadable{"no output.task_id"};
}

StatusResponse decode_status(std::string_view text) {
  const auto document = read_json(text, response_limits);
  if (document.problem)
    return Unreadable{document.problem};
  const auto* root = &document.root;
  const auto* output = find_object(root, "output");
  const auto status = find_string(output, "task_status");
  if (status && !status->empty())
    return read_status(root, output, *status, documented_status(*status));
  auto error = read_error(root);
  if (is_error(root, error))
    return error;
  for (const auto* place : places(root))
    if (const auto other = find_string(place, "task_status"); other && !other->empty())
      return read_status(root, place, *other, documented_status(*other));
  for (const auto* place : places(root))
    if (const auto other = find_string(place, "status"); other && place != root) {
      // The error may concern the query, not the task: do not give up the task.
      const auto documented = documented_status(*other);
      return read_status(root, place, *other,
                         documented == TaskStatus::failure ? std::nullopt : documented);
    }
  return Unreadable{"no output.task_status"};
}

ServiceError decode_error(std::string_view text) {
  const auto document = read_json(text, response_limits);
  return read_error(&document.root);
}

}  // namespace modelverse::api
