// SPDX-License-Identifier: LGPL-2.1-or-later
// The faults, and reading the emulator's journal.
#include "faults.h"

#include <json-glib/json-glib.h>

#include <utility>

namespace soak {

using test_support::ReceivedRequest;

namespace {

// What a fault does to a clip, where it does not just pass.
enum class Effect { passes, refuses, loses, fails, expires, is_no_clip, moves_on };

std::string prompt_of(const ReceivedRequest& submit) {
  JsonObject* input =
      submit.body ? json_object_get_object_member(submit.body.get(), "input") : nullptr;
  return input ? json_object_get_string_member_with_default(input, "prompt", "") : "";
}

// "/results/<task>.mp4", as the emulator names them.
std::string task_of_result(const ReceivedRequest& result) {
  const auto start = result.path.rfind('/') + 1;
  return result.path.substr(start, result.path.rfind('.') - start);
}

std::string task_of_poll(const ReceivedRequest& poll) {
  return poll.query.substr(poll.query.find('=') + 1);
}

}  // namespace

struct Faults::Fault {
  const char* fields;
  Effect effect;
};

const Faults::Fault Faults::submit_faults[] = {
    {R"("status":429)", Effect::passes},
    {R"("status":429,"headers":{"Retry-After":"0"})", Effect::passes},
    {R"("status":503,"headers":{"Retry-After":"0"})", Effect::passes},
    {R"("status":307,"redirect":"{self}")", Effect::passes},
    {R"("status":400,"error_code":"sensitive_check_error")", Effect::refuses},
    {R"("reset":true)", Effect::loses},
    {R"("answer_lost":true)", Effect::loses},
    {R"("status":500,"accept":true)", Effect::loses},
    {R"("body":"<html>Please log in</html>","accept":true)", Effect::loses},
};

const Faults::Fault Faults::poll_faults[] = {
    {R"("status":500)", Effect::passes},
    {R"("status":429)", Effect::passes},
    {R"("status":522,"body":"<html>")", Effect::passes},
    {R"("reset":true)", Effect::passes},
    {R"("close":true)", Effect::passes},
    {R"("close_after":30)", Effect::passes},
    {R"("body":"<html>Please log in</html>")", Effect::passes},
    {R"("body":"{\"output\":{\"task_status\":7}}")", Effect::passes},
    {R"("task_status":"Queueing")", Effect::passes},
    {R"("task_status":"Failure")", Effect::fails},
};

const Faults::Fault Faults::result_faults[] = {
    {R"("reset":true)", Effect::passes},
    {R"("status":503)", Effect::passes},
    {R"("status":429)", Effect::passes},
    {R"("status":403)", Effect::expires},
    {R"("reset_after":200000)", Effect::moves_on},
    {R"("close_after":500000)", Effect::moves_on},
    {R"("close_after":3)", Effect::moves_on},
    {R"("body":"<html>Please log in</html>")", Effect::is_no_clip},
};

const char* end_name(End end) {
  const char* const names[] = {"clip",    "refused",    "unknown",       "failed",
                               "expired", "wrong type", "something else"};
  return names[static_cast<int>(end)];
}

End end_of(GQuark domain, int code) {
  if (domain == GST_RESOURCE_ERROR && code == GST_RESOURCE_ERROR_WRITE)
    return End::unknown;
  if (domain == GST_RESOURCE_ERROR && code == GST_RESOURCE_ERROR_READ)
    return End::expired;
  if (domain == GST_STREAM_ERROR && code == GST_STREAM_ERROR_FAILED)
    return End::failed;
  if (domain == GST_STREAM_ERROR && code == GST_STREAM_ERROR_WRONG_TYPE)
    return End::wrong_type;
  return End::something_else;
}

Faults::Faults(std::mt19937& random, std::size_t clips) {
  plan(random, "submit", submit_faults, 2 * clips);
  plan(random, "status", poll_faults, 12 * clips);
  plan(random, "result", result_faults, 4 * clips);
}

template <std::size_t count>
void Faults::plan(std::mt19937& random, const char* route, const Fault (&faults)[count],
                  std::size_t answers) {
  std::bernoulli_distribution is_faulty(0.2);
  std::uniform_int_distribution<std::size_t> which(0, count - 1);
  // An answer that a rule has taken does not reach the rules behind it.
  std::size_t good = 0;
  for (std::size_t i = 0; i < answers; ++i) {
    if (is_faulty(random))
      rules_.push_back({route, good, &faults[which(random)]});
    else
      ++good;
  }
}

std::string Faults::script() const {
  std::string text;
  for (const auto& [route, skip, fault] : rules_)
    text += (text.empty() ? "" : ",") + std::string(R"({"route":")") + route + R"(","skip":)" +
            std::to_string(skip) + "," + fault->fields + "}";
  return "{\"rules\":[" + text + "]}";
}

const Faults::Fault* Faults::fault_of(const ReceivedRequest& request) const {
  return request.rule < 0 ? nullptr : rules_[static_cast<std::size_t>(request.rule)].fault;
}

std::map<std::string, End> Faults::expected(const std::vector<ReceivedRequest>& all) const {
  std::map<std::string, End> by_prompt;
  std::map<std::string, std::string> prompt_of_task;
  struct Download {
    bool has_renewed = false;
    int wrong = 0;
  };
  std::map<std::string, Download> downloads;
  const auto set = [&](const std::string& task, End end) { by_prompt[prompt_of_task[task]] = end; };
  for (const auto& request : all) {
    const auto* fault = fault_of(request);
    const auto effect = fault ? fault->effect : Effect::passes;
    if (request.route == "submit") {
      auto& end = by_prompt[prompt_of(request)];
      if (effect == Effect::refuses || effect == Effect::loses)
        end = effect == Effect::refuses ? End::failed : End::unknown;
      else if (!fault)
        prompt_of_task[request.task_id] = prompt_of(request);
    } else if (request.route == "status" && effect == Effect::fails) {
      set(task_of_poll(request), End::failed);
    } else if (request.route == "result") {
      const auto task = task_of_result(request);
      auto& download = downloads[task];
      if (effect == Effect::expires && std::exchange(download.has_renewed, true))
        set(task, End::expired);
      if (effect == Effect::moves_on)
        download.has_renewed = false;
      if (effect == Effect::is_no_clip && ++download.wrong > 3)
        set(task, End::wrong_type);
    }
  }
  return by_prompt;
}

}  // namespace soak
