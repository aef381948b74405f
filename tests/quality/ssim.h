// SPDX-License-Identifier: LGPL-2.1-or-later
// How alike two pictures are to the eye.
#pragma once

#include "picture-helper/pixels.h"

namespace modelverse::picture {

struct Ssim {
  double luma = 0;
  double colour = 0;  // the mean of red, green and blue, each on its own
};

// Structural similarity by Wang, Bovik, Sheikh and Simoncelli (2004): a Gaussian window of 11x11
// with a deviation of 1.5, K1 = 0.01, K2 = 0.03; the mean over all windows that lie within. 1: the
// same. Contract: both have the same size, 11x11 at least.
Ssim ssim_of(const PixbufPtr& one, const PixbufPtr& other);

}  // namespace modelverse::picture
