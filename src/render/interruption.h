// SPDX-License-Identifier: LGPL-2.1-or-later
// Ctrl-C and SIGTERM, also while the main loop is busy.
#pragma once

#include "render/handles.h"

namespace modelverse::render {

// From here on, the first signal is noted and a second one ends the program.
void note_interruptions();
bool is_interrupted();

// The EOS or ERROR message of a pipeline, or null: not in time, or interrupted.
MessagePtr wait_for_end(const Pipeline& pipeline, GstClockTime deadline);

}  // namespace modelverse::render
