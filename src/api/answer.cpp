// SPDX-License-Identifier: LGPL-2.1-or-later
// What the service's answers say.
#include <algorithm>
#include <string>

#include "api/json.h"
#include "api/text.h"
#include "api/wire.h"

namespace modelverse::api {
namespace {

constexpr ScanLimits answer_limits{.max_bytes = max_answer_bytes, .max_depth = max_json_depth};
constexpr std::size_t max_word_bytes = 200;  // of a code, a type, a status, a request's id

bool is_one_of(const std::string& word, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(), [&word](const char* name) {
    return g_ascii_strcasecmp(word.c_str(), name) == 0;
  });
}

std::string word(JsonObject* object, const char* name) {
  return printable(find_string(object, name).value_or(""), max_word_bytes);
}

// `code` is a string on the service's pages and a number in its older envelope.
std::string code_of(JsonObject* object) {
  if (const auto number = find_integer(object, "code"))
    return std::to_string(*number);
  return word(object, "code");
}

std::string message_of(JsonObject* object) {
  return printable(find_string(object, "message").value_or(""));
}

ServiceError read_error(JsonObject* root) {
  ServiceError error;
  if (JsonObject* inner = find_object(root, "error")) {
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
  return error;
}

// Whether a 2xx body without the answer that was asked for says that something failed. An older
// envelope's `code` may also say that all went well; then it is no error, only not understood.
bool is_error(JsonObject* root, const ServiceError& error) {
  if (find_member(root, "error"))
    return !error.code.empty() || !error.type.empty() || !error.message.empty();
  return !error.code.empty() && !is_one_of(error.code, {"0", "200", "ok", "success"});
}

// Unix seconds; 0 stands for a time that has not come yet.
std::optional<std::int64_t> time_of(JsonObject* output, const char* name) {
  const auto time = find_integer(output, name);
  return time && *time > 0 ? time : std::nullopt;
}

std::variant<task::Success, Unreadable> read_success(JsonObject* output) {
  task::Success success;
  JsonNode* urls = find_member(output, "urls");
  if (!urls)
    return success;
  if (!JSON_NODE_HOLDS_ARRAY(urls))
    return Unreadable{"output.urls is not a list"};
  JsonArray* items = json_node_get_array(urls);
  for (guint i = 0; i < json_array_get_length(items); ++i) {
    auto url = string_of(json_array_get_element(items, i));
    if (!url)
      return Unreadable{"output.urls holds something else than strings"};
    success.urls.push_back(*std::move(url));
  }
  return success;
}

TaskReport read_report(JsonObject* root, JsonObject* output) {
  TaskReport report;
  report.task_id = find_string(output, "task_id").value_or("");
  if (report.task_id.size() > max_task_id_bytes)
    report.task_id.clear();
  report.request_id = word(root, "request_id");
  report.submit_time = time_of(output, "submit_time");
  report.finish_time = time_of(output, "finish_time");
  const auto usage = find_number(find_object(root, "usage"), "duration");
  if (usage && *usage >= 0)
    report.usage_seconds = usage;
  return report;
}

StatusAnswer read_status(JsonObject* root, JsonObject* output, const std::string& status) {
  TaskReport report = read_report(root, output);
  if (is_one_of(status, {"Success", "Succeeded"})) {
    auto success = read_success(output);
    if (auto* unreadable = std::get_if<Unreadable>(&success))
      return std::move(*unreadable);
    report.status = std::get<task::Success>(std::move(success));
  } else if (is_one_of(status, {"Failure", "Failed", "Expired", "Cancelled", "Canceled"})) {
    report.status =
        task::Failure{.status = printable(status, max_word_bytes),
                      .message = printable(find_string(output, "error_message").value_or(""))};
  } else if (is_one_of(status, {"Pending"})) {
    report.status = task::Pending{};
  } else {
    report.status = task::Running{};
    if (!is_one_of(status, {"Running"}))
      report.unknown_status = printable(status, max_word_bytes);
  }
  return report;
}

}  // namespace

// Where an answer holds both, what was asked for wins over an error: a task id is money. So it may
// hold what it likes; who shows it or puts it into a URL makes it fit for that.
SubmitAnswer decode_submit(std::string_view text) {
  const auto document = read_json(text, answer_limits);
  if (!document.root)
    return Unreadable{document.problem};
  auto id = find_string(find_object(document.root, "output"), "task_id");
  if (id && !id->empty()) {
    if (id->size() > max_task_id_bytes)
      return Unreadable{"output.task_id is longer than 512 bytes"};
    return SubmitReceipt{*std::move(id), word(document.root, "request_id")};
  }
  auto error = read_error(document.root);
  if (is_error(document.root, error))
    return error;
  return Unreadable{"there is no output.task_id"};
}

StatusAnswer decode_status(std::string_view text) {
  const auto document = read_json(text, answer_limits);
  if (!document.root)
    return Unreadable{document.problem};
  JsonObject* output = find_object(document.root, "output");
  const auto status = find_string(output, "task_status");
  if (status && !status->empty())
    return read_status(document.root, output, *status);
  auto error = read_error(document.root);
  if (is_error(document.root, error))
    return error;
  return Unreadable{"there is no output.task_status"};
}

ServiceError decode_error(std::string_view text) {
  const auto document = read_json(text, answer_limits);
  return document.root ? read_error(document.root) : ServiceError{};
}

}  // namespace modelverse::api
