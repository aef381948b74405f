// SPDX-License-Identifier: LGPL-2.1-or-later
// The service's logic: maps a request to a response. Opens no connection. Used on one thread.
#pragma once

#include <string>

#include "emulator/clip_queue.h"
#include "emulator/http.h"
#include "emulator/options.h"
#include "emulator/script.h"
#include "emulator/task_list.h"

namespace emulator {

struct ResponsePlan {
  HttpResponse response;
  Rule rule;  // how to send it
};

class Service {
 public:
  // The options must outlive it.
  Service(const Options& options, Script script, Blob fixed_clip);

  // Call once the ports are known, before the first request.
  void set_base_urls(std::string api, std::string result);
  ResponsePlan respond(const HttpRequest& request);

 private:
  // The emulator's own routes, for tests.
  HttpResponse control_route(const HttpRequest& request);
  std::string tasks_json() const;
  // The service's routes.
  HttpResponse regular_response(const HttpRequest& request, const std::string& route,
                                const Rule& rule, JsonObject* log_entry);
  HttpResponse submit(const HttpRequest& request, const Rule& rule, JsonObject* log_entry);
  HttpResponse status(const HttpRequest& request, const Rule& rule, JsonObject* log_entry);
  HttpResponse result(const HttpRequest& request, const Rule& rule, JsonObject* log_entry);
  HttpResponse file_of(const HttpRequest& request, const Task& task, const Rule& rule) const;
  JsonObjectPtr output_of(const HttpRequest& request, const Task& task, const Rule& rule);
  // The user's key, empty if it is missing or wrong.
  std::string user_of(const HttpRequest& request) const;
  // The task of a status request, once it has a clip; or null.
  Task* finished_task(const HttpRequest& request);
  // The response of a script's rule.
  HttpResponse scripted_response(const HttpRequest& request, const Rule& rule);
  Content filler(const Rule& rule) const;
  std::string filled_in(std::string text, const HttpRequest& request);

  const Options& options_;
  const gint64 start_ = g_get_monotonic_time();
  std::string api_url_;
  std::string result_url_;
  Script script_;
  JsonArrayPtr request_log_{json_array_new()};
  TaskList tasks_;
  ClipQueue clip_queue_;
};

}  // namespace emulator
