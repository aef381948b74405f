// SPDX-License-Identifier: LGPL-2.1-or-later
// Looking for a video on a picture of the screen.
#pragma once

#include <string>

#include "support/frames.h"

namespace test_support {

// The least mean difference (as by difference()) between the picture and any area of the screenshot
// that has its shape and at least a third of the screen's width. Where an application puts its
// video depends on the version of its toolkit.
double difference_on_screen(const std::string& screenshot, const Thumbnail& wanted);

}  // namespace test_support
