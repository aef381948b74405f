// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-picture-helper as a child process.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "core/result.h"
#include "picture/descriptor.h"

namespace modelverse::picture {

// Started on its own: no descriptor of the application but a socket as stdin and stdout and a pipe
// as stderr, no variable of its environment but those that loaders are found by, and a process
// group that a terminal's signals do not reach. Killed and reaped when its owner ends.
class HelperProcess {
 public:
  // MODELVERSE_PICTURE_HELPER, else the installed program. Errors: not_found, failed.
  static Result<HelperProcess> start();
  HelperProcess(HelperProcess&& other) noexcept;
  HelperProcess& operator=(HelperProcess&&) = delete;
  ~HelperProcess() { end(); }

  int socket() const { return socket_.get(); }
  int error_output() const { return error_output_.get(); }
  // Kills it and all that it started. What waitpid() says, of the helper's own end where it had
  // ended; nothing where the application does not keep its children (SIGCHLD ignored).
  std::optional<int> end();

 private:
  HelperProcess(pid_t pid, Descriptor socket, Descriptor error_output);

  pid_t pid_;
  Descriptor socket_;
  Descriptor error_output_;
};

}  // namespace modelverse::picture
