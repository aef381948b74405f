// SPDX-License-Identifier: LGPL-2.1-or-later
// The C library keeps freed memory for later; an element that waits for minutes needs none.
#pragma once

#include <malloc.h>

namespace modelverse {

// Returns freed memory to the system.
inline void trim_heap() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace modelverse
