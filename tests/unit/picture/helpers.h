// SPDX-License-Identifier: LGPL-2.1-or-later
// Having a picture changed by the helper or another program, and what that costs.
#pragma once

#include <sys/resource.h>

#include <utility>

#include "picture/change.h"
#include "support/scripted_helper.h"
#include "unit/picture/pictures.h"

namespace modelverse::picture {

using test_support::helper_variable;
using test_support::ScriptedHelper;

// The most that any child of this process has had.
inline long helpers_peak_kib() {
  rusage usage = {};
  getrusage(RUSAGE_CHILDREN, &usage);
  return usage.ru_maxrss;
}

inline const Change& hd_change() {
  static const Change change = {{64, 48}, {1280, 720}, ImageFit::crop};
  return change;
}

inline Result<PictureBytes> changed_by_helper(const PictureBytes& picture,
                                              std::stop_token stop = {}) {
  return apply_change(picture, hd_change(), hd_frames(), std::move(stop));
}

inline Error helper_error_of(const PictureBytes& picture) {
  const auto sent = changed_by_helper(picture);
  EXPECT_FALSE(sent.ok());
  return sent ? Error{} : sent.error();
}

}  // namespace modelverse::picture
