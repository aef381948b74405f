// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs the emulator for a test, and tells what it received.
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/waiting.h"

namespace test_support {

// One request, as the emulator's GET /requests tells it.
struct ReceivedRequest {
  std::string route;  // submit, status, result, other
  std::string method;
  std::string path;
  std::string query;                           // the signature masked
  std::map<std::string, std::string> headers;  // names in lower case, the key masked
  std::string scheme;                          // raw, bearer, none
  std::size_t body_size = 0;
  std::shared_ptr<JsonObject> body;  // of a submit, pictures replaced by their digest; or null
  std::string range;
  std::string task_id;
  double time = 0;  // s since the emulator's start
  int status = 0;   // as answered; 0: cut before an answer
  int rule = -1;    // of the script, -1: none
};

// One task, as GET /tasks tells it.
struct EmulatorTask {
  std::string id;
  std::string status;
  std::string model;
  std::string prompt;
  std::shared_ptr<JsonObject> parameters;  // or null
  double generation_time = 0;              // s
  std::string error_message;
  std::string sha256;  // of the result, once made
  std::size_t length = 0;
};

// Starts the program that the environment's MODELVERSE_EMULATOR names. A start that fails, an
// answer that cannot be read and an end that is not clean fail the running test.
class EmulatorProcess {
 public:
  explicit EmulatorProcess(const std::vector<std::string>& arguments = {});
  ~EmulatorProcess();
  EmulatorProcess(const EmulatorProcess&) = delete;
  EmulatorProcess& operator=(const EmulatorProcess&) = delete;

  const std::string& base_url() const { return base_url_; }
  // Sends SIGTERM and checks that the process ends with 0. The destructor does it too.
  void stop();

  std::vector<ReceivedRequest> requests() const;
  // Those of one route.
  std::vector<ReceivedRequest> requests(const std::string& route) const;
  std::vector<EmulatorTask> tasks() const;
  std::size_t submits() const { return requests("submit").size(); }
  std::size_t polls() const { return requests("status").size(); }
  std::size_t downloads() const { return requests("result").size(); }

  // Plays this script from now on, in place of the one before.
  void play(const std::string& script_json) const;
  // Forgets the requests; tasks and script stay.
  void forget_requests() const;

 private:
  void start(const std::vector<std::string>& arguments);
  std::string read_line(std::chrono::milliseconds deadline) const;
  std::shared_ptr<JsonNode> get(const char* path) const;
  void post(const char* path, const std::string& body) const;

  std::shared_ptr<GSubprocess> process_;
  std::string base_url_;
};

}  // namespace test_support
