// SPDX-License-Identifier: LGPL-2.1-or-later
// Ctrl-C, SIGTERM, the end of the terminal and of a pipe's reader, also while the main loop is
// busy.
#pragma once

#include "render/handles.h"

namespace modelverse::render {

// From here on, the first signal is noted and a second one ends the program. A signal that the
// program was told to ignore (nohup, a shell's background job) stays ignored.
void note_interruptions();
// The same as a first signal.
void interrupt();
bool is_interrupted();

// The first message of these types, or null: not in time, or interrupted.
MessagePtr wait_for(const Pipeline& pipeline, int types, GstClockTime deadline);
// The EOS or ERROR message of a pipeline, or null.
MessagePtr wait_for_end(const Pipeline& pipeline, GstClockTime deadline);

// The longest time until an interruption is noticed.
inline constexpr GstClockTime interruption_step = 100 * GST_MSECOND;

}  // namespace modelverse::render
