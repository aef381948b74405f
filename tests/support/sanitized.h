// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether this program is built with a sanitizer, under which memory and time say nothing.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MODELVERSE_IS_SANITIZED true
#endif
#endif
#ifndef MODELVERSE_IS_SANITIZED
#define MODELVERSE_IS_SANITIZED false
#endif

namespace test_support {

inline constexpr bool is_sanitized = MODELVERSE_IS_SANITIZED;

}  // namespace test_support
