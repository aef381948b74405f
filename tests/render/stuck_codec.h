// SPDX-License-Identifier: LGPL-2.1-or-later
// A decoder and an encoder of H.264 that take everything and give nothing, not even the end.
#pragma once

namespace test_support {

// Before all others in this process.
void register_stuck_decoder();
void register_stuck_encoder();

}  // namespace test_support
