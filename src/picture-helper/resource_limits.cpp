// SPDX-License-Identifier: LGPL-2.1-or-later
// The kernel's limits.
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

// Where a limit is lower already, it stays.
void limit(__rlimit_resource resource, rlim_t soft, rlim_t hard) {
  struct rlimit now = {};
  getrlimit(resource, &now);
  now.rlim_max = std::min(hard, now.rlim_max);
  now.rlim_cur = std::min({soft, now.rlim_cur, now.rlim_max});
  setrlimit(resource, &now);
}

// glycin gets the picture in a temporary file and gives the pixels back in a file in memory.
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
  // The first ends it by SIGXCPU, which says why.
  limit(RLIMIT_CPU, PICTURE_HELPER_SECONDS, PICTURE_HELPER_SECONDS + 1);
  // 0: a sanitizer's build, which reserves terabytes.
  if (PICTURE_HELPER_MEBIBYTES > 0)
    limit(RLIMIT_AS, PICTURE_HELPER_MEBIBYTES * mebibyte, PICTURE_HELPER_MEBIBYTES * mebibyte);
  // Orc tries a file for the code that it makes, before it takes memory.
  signal(SIGXFSZ, SIG_IGN);
  // Each of a decoder's threads would reserve 64 MiB of addresses for a heap of its own.
  mallopt(M_ARENA_MAX, 1);
}

}  // namespace modelverse::picture
