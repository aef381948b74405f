// SPDX-License-Identifier: LGPL-2.1-or-later
// Resource limits of a decoder.
#pragma once

namespace modelverse::picture {

// Limits this process: memory, processor time, descriptors, no written files, no core dump, no
// privileges. The process also ends with the thread that started it.
void limit_process();

}  // namespace modelverse::picture
