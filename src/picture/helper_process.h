// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs modelverse-picture-helper as a child process.
#pragma once

#include <sys/types.h>

#include <optional>

#include "core/result.h"
#include "glib/file.h"

namespace modelverse::picture {

// Isolated from the application: its only descriptors are a socket as stdin and stdout and a pipe
// as stderr, its environment has only the variables for finding loaders, and it has its own process
// group, so that a terminal's signals do not reach it. The destructor kills and reaps it.
class HelperProcess {
 public:
  // MODELVERSE_PICTURE_HELPER, else the installed program. Errors: not_found, failed.
  static Result<HelperProcess> start();
  HelperProcess(HelperProcess&& other) noexcept;
  HelperProcess& operator=(HelperProcess&&) = delete;
  ~HelperProcess() { end(); }

  int socket() const { return socket_.get(); }
  int error_output() const { return error_output_.get(); }
  // Kills the helper and its children. Returns the status of waitpid(): of its own end if it had
  // ended; nothing if the application ignores SIGCHLD.
  std::optional<int> end();

 private:
  HelperProcess(pid_t pid, Fd socket, Fd error_output);

  pid_t pid_;
  Fd socket_;
  Fd error_output_;
};

}  // namespace modelverse::picture
