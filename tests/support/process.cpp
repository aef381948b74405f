// SPDX-License-Identifier: LGPL-2.1-or-later
// Starting, reading and ending a program.
#include "support/process.h"

#include <gio/gunixinputstream.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace test_support {

namespace {

constexpr std::chrono::seconds deadline_length(90);

}  // namespace

std::vector<std::string> shell_words(const std::string& line) {
  gchar** words = nullptr;
  EXPECT_TRUE(g_shell_parse_argv(line.c_str(), nullptr, &words, nullptr)) << line;
  std::vector<std::string> all;
  for (gchar** word = words; word && *word; ++word)
    all.emplace_back(*word);
  g_strfreev(words);
  return all;
}

Process::Process(const std::vector<std::string>& command,
                 const std::map<std::string, std::string>& environment) {
  constexpr int flags = G_SUBPROCESS_FLAGS_STDIN_INHERIT | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                        G_SUBPROCESS_FLAGS_STDERR_MERGE;
  g_autoptr(GSubprocessLauncher) launcher =
      g_subprocess_launcher_new(static_cast<GSubprocessFlags>(flags));
  for (const auto& [name, value] : environment)
    g_subprocess_launcher_setenv(launcher, name.c_str(), value.c_str(), TRUE);
  // Ends with the test, also if that is killed.
  const auto set_up = [](gpointer) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::signal(SIGHUP, SIG_DFL);  // nohup ignores it
  };
  g_subprocess_launcher_set_child_setup(launcher, set_up, nullptr, nullptr);
  std::vector<const char*> arguments;
  for (const auto& argument : command)
    arguments.push_back(argument.c_str());
  arguments.push_back(nullptr);
  g_autoptr(GError) error = nullptr;
  process_ = g_subprocess_launcher_spawnv(launcher, arguments.data(), &error);
  if (!process_) {
    ADD_FAILURE() << "cannot start " << command[0] << ": " << error->message;
    is_over_ = true;
    return;
  }
  output_fd_ =
      g_unix_input_stream_get_fd(G_UNIX_INPUT_STREAM(g_subprocess_get_stdout_pipe(process_)));
}

Process::~Process() {
  if (!process_)
    return;
  g_subprocess_force_exit(process_);
  g_subprocess_wait(process_, nullptr, nullptr);
  g_object_unref(process_);
}

bool Process::read_more(std::chrono::microseconds time) {
  const auto nanoseconds = std::chrono::nanoseconds(time).count();
  const timespec limit = {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
  pollfd watched = {output_fd_, POLLIN, 0};
  if (ppoll(&watched, 1, &limit, nullptr) <= 0)
    return true;
  std::array<char, 4096> buffer;
  const auto got = read(output_fd_, buffer.data(), buffer.size());
  if (got <= 0) {
    is_over_ = true;
    return false;
  }
  output_.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

bool Process::comes_to(const std::string& text) {
  const auto deadline = std::chrono::steady_clock::now() + deadline_length;
  while (output_.find(text) == std::string::npos && !is_over_) {
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "no \"" << text << "\" and no end in:\n" << output_;
      return false;
    }
    read_more(std::chrono::milliseconds(100));
  }
  return output_.find(text) != std::string::npos;
}

bool Process::wait_for_output(const std::string& text) {
  const bool has_come = comes_to(text);
  if (!has_come)
    ADD_FAILURE() << "no \"" << text << "\" in:\n" << output_;
  return has_come;
}

bool Process::outlives(std::chrono::microseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
        end - std::chrono::steady_clock::now());
    if (is_over_ || left.count() <= 0)
      return !is_over_;
    read_more(left);
  }
}

void Process::send_signal(int signal) {
  g_subprocess_send_signal(process_, signal);
}

ProcessEnd Process::wait() {
  const auto deadline = std::chrono::steady_clock::now() + deadline_length;
  while (!is_over_ && read_more(std::chrono::milliseconds(100))) {
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "the program did not end; it said:\n" << output_;
      g_subprocess_force_exit(process_);
      break;
    }
  }
  ProcessEnd end;
  end.output = output_;
  if (!process_)
    return end;
  g_subprocess_wait(process_, nullptr, nullptr);
  if (g_subprocess_get_if_exited(process_))
    end.exit_code = g_subprocess_get_exit_status(process_);
  else
    end.signal = g_subprocess_get_term_sig(process_);
  return end;
}

}  // namespace test_support
