// SPDX-License-Identifier: LGPL-2.1-or-later
// Starting, reading and ending a program.
#include "support/process.h"

#include <fcntl.h>
#include <glib.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <utility>

namespace test_support {

namespace {

constexpr std::chrono::seconds deadline_length(90);

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts)
    all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

std::vector<std::string> full_environment(std::map<std::string, std::string> added) {
  for (char** entry = environ; *entry; ++entry) {
    const std::string line = *entry;
    const auto equals = line.find('=');
    added.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  std::vector<std::string> lines;
  for (const auto& [name, value] : added)
    lines.push_back(name + "=" + value);
  return lines;
}

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
                 std::map<std::string, std::string> environment) {
  std::array<int, 2> pipe_fds = {-1, -1};
  if (pipe2(pipe_fds.data(), O_CLOEXEC) != 0) {
    ADD_FAILURE() << "pipe2";
    return;
  }
  auto arguments = command;
  auto lines = full_environment(std::move(environment));
  auto argument_pointers = pointers(arguments);
  auto line_pointers = pointers(lines);
  pid_ = fork();
  if (pid_ == 0) {
    // Ends with the test, also where that is killed.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::signal(SIGHUP, SIG_DFL);  // nohup ignores it
    dup2(pipe_fds[1], STDOUT_FILENO);
    dup2(pipe_fds[1], STDERR_FILENO);
    execvpe(argument_pointers[0], argument_pointers.data(), line_pointers.data());
    _exit(127);
  }
  EXPECT_GT(pid_, 0) << command[0] << " cannot be started";
  is_over_ = pid_ < 0;
  close(pipe_fds[1]);
  output_fd_ = pipe_fds[0];
}

Process::~Process() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (output_fd_ >= 0)
    close(output_fd_);
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
  kill(pid_, signal);
}

ProcessEnd Process::wait() {
  const auto deadline = std::chrono::steady_clock::now() + deadline_length;
  while (!is_over_ && read_more(std::chrono::milliseconds(100))) {
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "the program did not end; it said:\n" << output_;
      kill(pid_, SIGKILL);
      break;
    }
  }
  int status = 0;
  waitpid(std::exchange(pid_, -1), &status, 0);
  ProcessEnd end;
  end.output = output_;
  if (WIFEXITED(status))
    end.exit_code = WEXITSTATUS(status);
  else
    end.signal = WTERMSIG(status);
  return end;
}

}  // namespace test_support
