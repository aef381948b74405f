// SPDX-License-Identifier: LGPL-2.1-or-later
// Starting the emulator and asking it.
#include "support/emulator_process.h"

#include <gio/gunixinputstream.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "support/exchange.h"

namespace test_support {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience{30};

std::shared_ptr<JsonObject> object_member(JsonObject* object, const char* name) {
  JsonNode* node = json_object_get_member(object, name);
  if (!node || !JSON_NODE_HOLDS_OBJECT(node))
    return {};
  return {json_node_dup_object(node), json_object_unref};
}

std::string text_of(JsonObject* object, const char* name) {
  return json_object_get_string_member_with_default(object, name, "");
}

gint64 number_of(JsonObject* object, const char* name) {
  return json_object_get_int_member_with_default(object, name, 0);
}

ReceivedRequest request_of(JsonObject* object) {
  ReceivedRequest request;
  request.route = text_of(object, "route");
  request.method = text_of(object, "method");
  request.path = text_of(object, "path");
  request.query = text_of(object, "query");
  const auto headers = object_member(object, "headers");
  g_autoptr(GList) names = headers ? json_object_get_members(headers.get()) : nullptr;
  for (GList* item = names; item; item = item->next) {
    const auto* name = static_cast<const char*>(item->data);
    request.headers[name] = text_of(headers.get(), name);
  }
  request.scheme = text_of(object, "authorization_scheme");
  request.body_size = static_cast<std::size_t>(number_of(object, "body_bytes"));
  request.body = object_member(object, "body");
  request.range = text_of(object, "range");
  request.task_id = text_of(object, "task_id");
  request.time = json_object_get_double_member_with_default(object, "time", 0);
  request.status = static_cast<int>(number_of(object, "status"));
  request.rule = static_cast<int>(number_of(object, "rule"));
  return request;
}

EmulatorTask task_of(JsonObject* object) {
  EmulatorTask task;
  task.id = text_of(object, "task_id");
  task.status = text_of(object, "task_status");
  task.model = text_of(object, "model");
  task.prompt = text_of(object, "prompt");
  task.parameters = object_member(object, "parameters");
  task.generation_time = json_object_get_double_member_with_default(object, "generation_time", 0);
  task.error_message = text_of(object, "error_message");
  task.sha256 = text_of(object, "sha256");
  task.length = static_cast<std::size_t>(number_of(object, "length"));
  return task;
}

template <typename Item>
std::vector<Item> all_of(JsonNode* node, Item (*convert)(JsonObject*)) {
  std::vector<Item> items;
  if (!node || !JSON_NODE_HOLDS_ARRAY(node)) {
    ADD_FAILURE() << "the emulator did not answer with an array";
    return items;
  }
  JsonArray* array = json_node_get_array(node);
  for (guint i = 0; i < json_array_get_length(array); ++i)
    items.push_back(convert(json_array_get_object_element(array, i)));
  return items;
}

}  // namespace

EmulatorProcess::EmulatorProcess(const std::vector<std::string>& arguments) {
  start(arguments);
}

EmulatorProcess::~EmulatorProcess() {
  stop();
}

void EmulatorProcess::start(const std::vector<std::string>& arguments) {
  const char* program = g_getenv("MODELVERSE_EMULATOR");
  if (!program) {
    ADD_FAILURE() << "MODELVERSE_EMULATOR does not name the emulator";
    return;
  }
  // The pipe to its standard input dies with this process, and the emulator with the pipe.
  std::vector<const char*> argv = {program, "--exit-with-stdin"};
  for (const std::string& argument : arguments)
    argv.push_back(argument.c_str());
  argv.push_back(nullptr);
  g_autoptr(GError) error = nullptr;
  constexpr int pipes = G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE;
  GSubprocess* process =
      g_subprocess_newv(argv.data(), static_cast<GSubprocessFlags>(pipes), &error);
  if (!process) {
    ADD_FAILURE() << "the emulator does not start: " << error->message;
    return;
  }
  process_.reset(process, g_object_unref);
  const std::string line = read_line(patience);
  const std::string name = "MODELVERSE_BASE_URL=";
  if (line.starts_with(name))
    base_url_ = line.substr(name.size());
  else
    ADD_FAILURE() << "the emulator did not get ready, it said: " << line;
}

// Up to a newline, the end of the stream, or the deadline.
std::string EmulatorProcess::read_line(std::chrono::milliseconds deadline) const {
  const int fd =
      g_unix_input_stream_get_fd(G_UNIX_INPUT_STREAM(g_subprocess_get_stdout_pipe(process_.get())));
  const auto end = Clock::now() + deadline;
  std::string line;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    pollfd waiting = {fd, POLLIN, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(std::max<long>(left.count(), 0)));
    if (ready < 0 && errno == EINTR)
      continue;
    char c = 0;
    if (ready <= 0 || read(fd, &c, 1) != 1 || c == '\n')
      return line;
    line += c;
  }
}

void EmulatorProcess::stop() {
  if (!process_)
    return;
  GSubprocess* process = process_.get();
  g_subprocess_send_signal(process, SIGTERM);
  // Its standard output closes with it.
  const auto start = Clock::now();
  const std::string said = read_line(patience);
  if (Clock::now() - start >= patience) {
    ADD_FAILURE() << "the emulator did not end";
    g_subprocess_force_exit(process);
  }
  g_subprocess_wait(process, nullptr, nullptr);
  EXPECT_EQ(said, "") << "the emulator said more than its ready line";
  EXPECT_TRUE(g_subprocess_get_successful(process)) << "the emulator did not end cleanly";
  process_.reset();
}

std::shared_ptr<JsonNode> EmulatorProcess::get(const char* path) const {
  const RawReply reply = exchange({"GET", base_url_ + path, {}, ""});
  g_autoptr(JsonNode) node = json_from_string(reply.body.c_str(), nullptr);
  if (reply.status != 200 || !node) {
    ADD_FAILURE() << path << ": " << reply.status << " from the emulator: " << reply.body;
    return {};
  }
  return {g_steal_pointer(&node), json_node_unref};
}

void EmulatorProcess::post(const char* path, const std::string& body) const {
  const RawReply reply =
      exchange({"POST", base_url_ + path, {{"Content-Type", "application/json"}}, body});
  EXPECT_EQ(reply.status, 200u) << path << ": " << reply.body;
}

std::vector<ReceivedRequest> EmulatorProcess::requests() const {
  return all_of(get("/requests").get(), request_of);
}

std::vector<ReceivedRequest> EmulatorProcess::requests(const std::string& route) const {
  std::vector<ReceivedRequest> all = requests();
  std::erase_if(all, [&route](const ReceivedRequest& item) { return item.route != route; });
  return all;
}

std::vector<EmulatorTask> EmulatorProcess::tasks() const {
  return all_of(get("/tasks").get(), task_of);
}

void EmulatorProcess::play(const std::string& script_json) const {
  post("/script", script_json);
}

void EmulatorProcess::forget_requests() const {
  post("/reset", "");
}

}  // namespace test_support
