// SPDX-License-Identifier: LGPL-2.1-or-later
// A mount whose locks are local to each machine, for LD_PRELOAD: every process gets every lock, as
// if it were alone on its machine.
// Defines both names of a call, with 64 bits and without: they are the same with this macro.
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <fcntl.h>

#include <cstdarg>

namespace {

bool is_lock_command(int command) {
  return command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK ||
         command == F_OFD_SETLKW;
}

int control(const char* symbol, int fd, int command, void* argument) {
  if (is_lock_command(command))
    return 0;
  if (command == F_GETLK || command == F_OFD_GETLK) {
    static_cast<struct flock*>(argument)->l_type = F_UNLCK;
    return 0;
  }
  const auto original = reinterpret_cast<int (*)(int, int, ...)>(::dlsym(RTLD_NEXT, symbol));
  return original(fd, command, argument);
}

}  // namespace

extern "C" {

int flock(int, int) noexcept {
  return 0;
}

int fcntl(int fd, int command, ...) {
  va_list more;
  va_start(more, command);
  void* argument = va_arg(more, void*);
  va_end(more);
  return control("fcntl", fd, command, argument);
}

int fcntl64(int fd, int command, ...) {
  va_list more;
  va_start(more, command);
  void* argument = va_arg(more, void*);
  va_end(more);
  return control("fcntl64", fd, command, argument);
}

}  // extern "C"
