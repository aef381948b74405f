// SPDX-License-Identifier: LGPL-2.1-or-later
// The service's logic: from a request to an answer, no HTTP library in sight. Used on one thread.
#pragma once

#include <string>

#include "emulator/clip_queue.h"
#include "emulator/http.h"
#include "emulator/options.h"
#include "emulator/request_log.h"
#include "emulator/script.h"
#include "emulator/task_list.h"

namespace emulator {

struct ResponsePlan {
  HttpResponse response;
  std::shared_ptr<const Rule> rule;  // may be null
};

class Service {
 public:
  Service(const Options& options, Script script, Blob fixed_clip);

  // Once the ports are known, before the first request.
  void set_base_urls(std::string api, std::string result);
  ResponsePlan answer(const HttpRequest& request);

 private:
  HttpResponse test_route(const HttpRequest& request);
  HttpResponse regular_response(const HttpRequest& request, Route route, const Rule* rule,
                                RequestLog::Entry& entry);
  // The task that a status request asks for, once it has a clip; or null.
  Task* finished_task(const HttpRequest& request);
  HttpResponse submit(const HttpRequest& request, const Rule* rule, RequestLog::Entry& entry);
  HttpResponse status(const HttpRequest& request, const Rule* rule, RequestLog::Entry& entry);
  HttpResponse result(const HttpRequest& request, const Rule* rule, RequestLog::Entry& entry);
  HttpResponse file_of(const HttpRequest& request, const Task& task, const Rule* rule) const;
  HttpResponse scripted_response(const HttpRequest& request, const Rule& rule);
  Content::Shape filler_shape(bool is_for_results) const;
  void apply_headers(const HttpRequest& request, const Rule& rule, HttpResponse& response);
  void log(const RequestLog::Entry& entry, const ResponsePlan& plan) const;
  static std::string key_of(const HttpRequest& request);
  bool is_key_good(const std::string& header) const;
  JsonObjectPtr output_of(Task& task, TaskState state, const Rule* rule);
  std::string filled_in(std::string text, const HttpRequest& request);
  std::string tasks_json() const;

  const Options options_;
  std::string api_url_;
  std::string result_url_;
  Script script_;
  RequestLog request_log_;
  TaskList tasks_;
  ClipQueue clip_queue_;
};

}  // namespace emulator
