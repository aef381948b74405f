// SPDX-License-Identifier: LGPL-2.1-or-later
// The boundary where C calls into C++.
#pragma once

#include <gst/gst.h>

#include <exception>

#include "core/error.h"
#include "glib/text.h"

namespace modelverse {

// No exception may cross into C. It becomes an ERROR of the element, with the caller as origin.
template <typename T, typename Call>
T guarded(gpointer element, T on_exception, Call call,
          SourceLocation caller = SourceLocation::current()) {
  try {
    return call();
  } catch (const std::exception& exception) {
    gst_element_message_full(GST_ELEMENT(element), GST_MESSAGE_ERROR, GST_LIBRARY_ERROR,
                             GST_LIBRARY_ERROR_FAILED, g_strdup(_("An internal error occurred.")),
                             g_strdup(exception.what()), caller.file, caller.function, caller.line);
    return on_exception;
  }
}

// The same of a call without a result; true.
template <typename Call>
bool guarded(gpointer element, Call call, SourceLocation caller = SourceLocation::current()) {
  const auto and_true = [&] {
    call();
    return true;
  };
  return guarded(element, true, and_true, caller);
}

}  // namespace modelverse
