// SPDX-License-Identifier: LGPL-2.1-or-later
// Where C calls into C++.
#pragma once

#include <gst/gst.h>

#include <exception>

namespace modelverse {

// No exception crosses into C: it becomes an ERROR of the element.
template <typename T, typename Call>
T guarded(gpointer element, T on_exception, Call call) {
  try {
    return call();
  } catch (const std::exception& exception) {
    GST_ELEMENT_ERROR(element, LIBRARY, FAILED, ("An internal error occurred."),
                      ("%s", exception.what()));
    return on_exception;
  }
}

}  // namespace modelverse
