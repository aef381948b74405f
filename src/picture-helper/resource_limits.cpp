// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture-helper/resource_limits.h"

#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>

#include "picture-helper/pixels.h"

namespace modelverse::picture {
namespace {

constexpr rlim_t mebibyte = 1 << 20;

// Keeps a lower limit.
void limit(__rlimit_resource resource, rlim_t soft, rlim_t hard) {
  struct rlimit now = {};
  getrlimit(resource, &now);
  now.rlim_max = std::min(hard, now.rlim_max);
  now.rlim_cur = std::min({soft, now.rlim_cur, now.rlim_max});
  setrlimit(resource, &now);
}

// glycin receives the picture in a temporary file and returns the pixels in a memory file.
rlim_t most_written() {
  return has_glycin() ? PICTURE_HELPER_MEBIBYTES * mebibyte : 0;
}

}  // namespace

void limit_process() {
  constexpr rlim_t descriptors = 64;
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  limit(RLIMIT_CORE, 0, 0);
  limit(RLIMIT_FSIZE, most_written(), most_written());
  limit(RLIMIT_NOFILE, descriptors, descriptors);
  // The soft limit sends SIGXCPU, which identifies the cause.
  limit(RLIMIT_CPU, PICTURE_HELPER_SECONDS, PICTURE_HELPER_SECONDS + 1);
  // 0: no limit in sanitizer builds, which reserve terabytes.
  if (PICTURE_HELPER_MEBIBYTES > 0)
    limit(RLIMIT_AS, PICTURE_HELPER_MEBIBYTES * mebibyte, PICTURE_HELPER_MEBIBYTES * mebibyte);
  // Orc tries a file for generated code before it uses memory.
  signal(SIGXFSZ, SIG_IGN);
  // Each thread of a decoder would reserve 64 MiB of address space for its own heap.
  mallopt(M_ARENA_MAX, 1);
}

}  // namespace modelverse::picture
