// SPDX-License-Identifier: LGPL-2.1-or-later
// A program that a test starts, watches and ends.
#pragma once

#include <gio/gio.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace test_support {

// The words of a command line, as a shell splits them.
std::vector<std::string> shell_words(const std::string& line);

struct ProcessEnd {
  int exit_code = -1;  // -1: ended by a signal
  int signal = 0;
  std::string output;  // standard output and standard error, in the order in which they came
};

class Process {
 public:
  // `environment` is added to this program's own.
  Process(const std::vector<std::string>& command,
          const std::map<std::string, std::string>& environment);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Reads until `text` has come; false at the deadline or when the program has ended without it.
  bool wait_for_output(const std::string& text);
  // The same, but that the program ends without it is no failure.
  bool comes_to(const std::string& text);
  // Lets it run for so long; false when it has ended before.
  bool outlives(std::chrono::microseconds time);
  void send_signal(int signal);
  // Waits for the end; at the deadline kills the program and fails the test.
  ProcessEnd wait();
  const std::string& output() const { return output_; }

 private:
  bool read_more(std::chrono::microseconds time);

  GSubprocess* process_ = nullptr;
  int output_fd_ = -1;
  bool is_over_ = false;
  std::string output_;
};

}  // namespace test_support
