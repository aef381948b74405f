// SPDX-License-Identifier: LGPL-2.1-or-later
// Which properties a preset holds: how clips are made, not of what, nor which task that was.
#include "presets.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace modelverse {

namespace {

// A preset that brought back a task would fetch its clip in place of a new one. A proxy's URI may
// hold a password, and a preset is a file.
constexpr std::array<std::string_view, 6> left_out = {"image-path", "image-uri", "image-sample",
                                                      "prompt",     "task-id",   "proxy"};

// GStreamer 1.22 cannot write down objects, nor a structure that is not set.
bool is_writable_as_text(GType type) {
  return !g_type_is_a(type, G_TYPE_OBJECT) && !g_type_is_a(type, G_TYPE_BOXED);
}

bool is_kept(const GParamSpec* spec, GType type) {
  constexpr int both = G_PARAM_READWRITE;  // a key can be written only
  return spec->owner_type == type && (spec->flags & both) == both &&
         is_writable_as_text(spec->value_type) &&
         std::find(left_out.begin(), left_out.end(), spec->name) == left_out.end();
}

gchar** property_names(GstPreset* preset) {
  guint count = 0;
  auto** specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(preset), &count);
  auto* names = g_ptr_array_new();
  for (guint i = 0; i < count; ++i) {
    if (is_kept(specs[i], G_OBJECT_TYPE(preset)))
      g_ptr_array_add(names, g_strdup(specs[i]->name));
  }
  g_ptr_array_add(names, nullptr);
  g_free(specs);
  return reinterpret_cast<gchar**>(g_ptr_array_free(names, FALSE));
}

}  // namespace

void init_presets(gpointer iface, gpointer) {
  static_cast<GstPresetInterface*>(iface)->get_property_names = property_names;
}

}  // namespace modelverse
