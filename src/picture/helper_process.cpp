// SPDX-License-Identifier: LGPL-2.1-or-later
// Uses posix_spawn(), not GSubprocess: it does not copy the application's page tables, and only
// waitpid() of this one process is called, so the application's handling of SIGCHLD is not
// disturbed.
#include "picture/helper_process.h"

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include "glib/environment.h"
#include "glib/text.h"

namespace modelverse::picture {
namespace {

constexpr const char* path_variable = "MODELVERSE_PICTURE_HELPER";

std::string helper_path() {
  return environment(path_variable, PICTURE_HELPER_PATH);
}

Error not_started(const std::string& path, const char* call, int error) {
  if (error == EMFILE || error == ENFILE)
    return {
        .code = ErrorCode::too_many_files,
        .text = _("Too many open files: the program that changes the picture cannot be started. "
                  "Raise the limit of open files (ulimit -n) or run fewer elements."),
        .debug = std::string(call) + " " + path + ": " + g_strerror(error)};
  const bool is_missing = error == ENOENT || error == EACCES || error == ENOTDIR;
  return {.code = is_missing ? ErrorCode::not_found : ErrorCode::failed,
          .text = format_text(_("Cannot start %s, which changes the picture: %s. Install "
                                "gst-modelverse completely (%s), or set %s to the program."),
                              path.c_str(), g_strerror(error), PICTURE_HELPER_PATH, path_variable),
          .debug = std::string(call) + " " + path + ": " + g_strerror(error)};
}

// If the application has closed its stdin, a new descriptor may be 0, and dup2() in the child would
// overwrite it.
Fd beyond_standard(int fd) {
  auto descriptor = Fd::adopt(fd);
  return fd >= 0 && fd <= 2 ? Fd::adopt(fcntl(fd, F_DUPFD_CLOEXEC, 3)) : std::move(descriptor);
}

struct Ends {
  Fd ours;
  Fd helpers;
};

std::optional<Ends> open_socket() {
  std::array<int, 2> ends = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return {};
  return Ends{beyond_standard(ends[0]), beyond_standard(ends[1])};
}

std::optional<Ends> open_pipe() {
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    return {};
  return Ends{beyond_standard(ends[0]), beyond_standard(ends[1])};
}

// No secrets; only the variables for finding loaders.
std::vector<std::string> environment() {
  std::vector<std::string> kept = {"PATH=/usr/bin:/bin"};
  for (const char* name :
       {"GDK_PIXBUF_MODULE_FILE", "GDK_PIXBUF_MODULEDIR", "LD_LIBRARY_PATH", "XDG_DATA_DIRS"}) {
    if (const char* value = g_getenv(name))
      kept.push_back(std::string(name) + "=" + value);
  }
  return kept;
}

// The file actions of posix_spawn().
class Spawning {
 public:
  Spawning() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;
  ~Spawning() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }
  void set_standard(int socket, int error_output) {
    posix_spawn_file_actions_adddup2(&actions_, socket, 0);
    posix_spawn_file_actions_adddup2(&actions_, socket, 1);
    posix_spawn_file_actions_adddup2(&actions_, error_output, 2);
    posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
  }
  // Returns 0 or an errno.
  int run(const std::string& path, pid_t& pid) {
    auto variables = environment();
    std::vector<char*> pointers;
    for (auto& variable : variables)
      pointers.push_back(variable.data());
    pointers.push_back(nullptr);
    std::string name = path;
    std::array<char*, 2> arguments = {name.data(), nullptr};
    return posix_spawn(&pid, path.c_str(), &actions_, &attributes_, arguments.data(),
                       pointers.data());
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

}  // namespace

HelperProcess::HelperProcess(pid_t pid, Fd socket, Fd error_output)
    : pid_(pid), socket_(std::move(socket)), error_output_(std::move(error_output)) {}

HelperProcess::HelperProcess(HelperProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      socket_(std::move(other.socket_)),
      error_output_(std::move(other.error_output_)) {}

Result<HelperProcess> HelperProcess::start() {
  const auto path = helper_path();
  auto socket = open_socket();
  auto error_output = open_pipe();
  if (!socket || !error_output)
    return not_started(path, "socketpair", errno);
  Spawning spawning;
  spawning.set_standard(socket->helpers.get(), error_output->helpers.get());
  pid_t pid = 0;
  if (const int error = spawning.run(path, pid); error != 0)
    return not_started(path, "posix_spawn", error);
  return HelperProcess(pid, std::move(socket->ours), std::move(error_output->ours));
}

std::optional<int> HelperProcess::end() {
  const pid_t pid = std::exchange(pid_, 0);
  if (pid == 0)
    return {};
  kill(-pid, SIGKILL);
  kill(pid, SIGKILL);  // also if it has left its process group
  int status = 0;
  pid_t waited = 0;
  do
    waited = waitpid(pid, &status, 0);
  while (waited < 0 && errno == EINTR);
  return waited == pid ? std::optional(status) : std::nullopt;
}

}  // namespace modelverse::picture
