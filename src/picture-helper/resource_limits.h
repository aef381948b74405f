// SPDX-License-Identifier: LGPL-2.1-or-later
// What a decoder may take.
#pragma once

namespace modelverse::picture {

// For the rest of this process's life: memory, processor time, descriptors, no file written, no
// core, no privileges; and it ends with the thread that started it.
void limit_process();

}  // namespace modelverse::picture
