// SPDX-License-Identifier: LGPL-2.1-or-later
// Registers the elements; nothing else may happen here, since it runs in the registry's scanner.
#include <dlfcn.h>
#include <gst/gst.h>

#include "modelverseanimate.h"
#include "modelversesrc.h"

// libsoup 3 ends a process that already holds libsoup 2 (its constructor aborts), so it is looked
// for first, as GStreamer's own soup plugin does.
static bool holds_libsoup2() {
  return dlsym(RTLD_DEFAULT, "soup_uri_new") != nullptr;
}

static gboolean plugin_init(GstPlugin* plugin) {
  if (holds_libsoup2()) {
    GST_ERROR_OBJECT(plugin, "this process uses libsoup 2, which cannot live beside libsoup 3");
    return FALSE;
  }
  return GST_ELEMENT_REGISTER(modelversesrc, plugin) &&
         GST_ELEMENT_REGISTER(modelverseanimate, plugin);
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, modelverse,
                  "Video made from a picture and a prompt by the ModelVerse service", plugin_init,
                  PACKAGE_VERSION, "LGPL", "gst-modelverse", "https://github.com/gst-modelverse")
