// SPDX-License-Identifier: LGPL-2.1-or-later
// Binds the translations and registers the elements, no more: it runs in the registry scanner.
#include <gst/gst.h>

#include "glib/text.h"
#include "modelverseanimate.h"
#include "modelversesrc.h"

static gboolean plugin_init(GstPlugin* plugin) {
  modelverse::bind_translations();
  return GST_ELEMENT_REGISTER(modelversesrc, plugin) &&
         GST_ELEMENT_REGISTER(modelverseanimate, plugin);
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, modelverse,
                  "Video from a picture and a prompt with the ModelVerse service", plugin_init,
                  PACKAGE_VERSION, "LGPL", "gst-modelverse", PACKAGE_URL)
