// SPDX-License-Identifier: LGPL-2.1-or-later
// Texts for people: their translation by gettext, and texts with values in them.
//
// _("text") is the translation, N_("text") marks the text of a constant, which is passed to _()
// where it is shown; g_dngettext() chooses between one and many. Whole sentences: a translator
// cannot put pieces together. Debug texts, logs, JSON and names of properties stay as they are.
#pragma once

#include <glib.h>
// Needs GETTEXT_PACKAGE, which the top meson.build defines.
#include <glib/gi18n-lib.h>
#include <libintl.h>

#include <cstdarg>
#include <string>

#include "glib/handles.h"

namespace modelverse {

// printf() into a string. The compiler checks the values against the format, msgfmt each
// translation of it; "%2$s" takes the second value first.
[[gnu::format(printf, 1, 2)]] inline std::string format_text(const char* format, ...) {
  va_list values;
  va_start(values, format);
  const CharPtr text(g_strdup_vprintf(format, values));
  va_end(values);
  return text.get();
}

// For programs and the plugin, before the first text. MODELVERSE_LOCALE_DIR is for translations
// that are not installed.
inline void bind_translations() {
  const char* directory = g_getenv("MODELVERSE_LOCALE_DIR");
  bindtextdomain(GETTEXT_PACKAGE, directory ? directory : LOCALE_DIRECTORY);
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
}

}  // namespace modelverse
