// SPDX-License-Identifier: LGPL-2.1-or-later
// The service's logic: from a request to an answer, no HTTP library in sight. Used on one thread.
#pragma once

#include <string>

#include "emulator/journal.h"
#include "emulator/options.h"
#include "emulator/reply.h"
#include "emulator/script.h"
#include "emulator/task_board.h"
#include "emulator/workshop.h"

namespace emulator {

struct Delivery {
  Reply reply;
  std::shared_ptr<const Rule> rule;  // may be null
};

class Service {
 public:
  Service(const Options& options, Script script, Blob fixed_clip);

  // Once the ports are known, before the first request.
  void set_base_urls(std::string api, std::string result);
  Delivery answer(const Request& request);

 private:
  Reply test_route(const Request& request);
  Reply fair_answer(const Request& request, Route route, const Rule* rule, Journal::Entry& entry);
  // The task that a status request asks for, once it has a clip; or null.
  Task* finished_task(const Request& request);
  Reply submit(const Request& request, const Rule* rule, Journal::Entry& entry);
  Reply status(const Request& request, const Rule* rule, Journal::Entry& entry);
  Reply result(const Request& request, const Rule* rule, Journal::Entry& entry);
  Reply file_of(const Request& request, const Task& task, const Rule* rule) const;
  Reply scripted_answer(const Request& request, const Rule& rule);
  Content::Shape filler_shape(bool is_for_results) const;
  void apply_headers(const Request& request, const Rule& rule, Reply& reply);
  void log(const Journal::Entry& entry, const Delivery& delivery) const;
  static std::string key_of(const Request& request);
  bool is_key_good(const std::string& header) const;
  JsonObjectPtr output_of(Task& task, TaskState state, const Rule* rule);
  std::string filled_in(std::string text, const Request& request);
  std::string tasks_json() const;

  const Options options_;
  std::string api_url_;
  std::string result_url_;
  Script script_;
  Journal journal_;
  TaskBoard board_;
  Workshop workshop_;
};

}  // namespace emulator
