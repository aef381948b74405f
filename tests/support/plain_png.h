// SPDX-License-Identifier: LGPL-2.1-or-later
// A PNG of any size, for what looks at sizes only.
#pragma once

#include <string>

namespace test_support {

// Black, one bit a pixel.
std::string plain_png(int width, int height);

}  // namespace test_support
