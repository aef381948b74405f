// SPDX-License-Identifier: LGPL-2.1-or-later
// Registers the elements; nothing else may happen here, since it runs in the registry's scanner.
#include <gst/gst.h>

#include "modelverseanimate.h"
#include "modelversesrc.h"

static gboolean plugin_init(GstPlugin* plugin) {
  return GST_ELEMENT_REGISTER(modelversesrc, plugin) &&
         GST_ELEMENT_REGISTER(modelverseanimate, plugin);
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, modelverse,
                  "Video made from a picture and a prompt by the ModelVerse service", plugin_init,
                  PACKAGE_VERSION, "LGPL", "gst-modelverse", "https://github.com/gst-modelverse")
