// SPDX-License-Identifier: LGPL-2.1-or-later
// GstPreset uses the same list of names to save and to load: other values in an older file, such as
// `resubmit`, are not loaded.
#include "presets.h"

#include "glib/handles.h"
#include "properties.h"
#include "structures.h"

namespace modelverse {

namespace {

gboolean (*save_values)(GstPreset*, const gchar*);
gboolean (*load_values)(GstPreset*, const gchar*);

template <typename Handle>
void for_each_kept(GstPreset* preset, Handle handle) {
  for (const auto& property : all_properties()) {
    const auto* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(preset), property.name);
    if (property.is_in_preset && spec)
      handle(property.name, spec->value_type == GST_TYPE_STRUCTURE);
  }
}

gchar** property_names(GstPreset* preset) {
  auto* names = g_ptr_array_new();
  for_each_kept(preset, [&](const char* name, bool is_structure) {
    if (!is_structure)
      g_ptr_array_add(names, g_strdup(name));
  });
  g_ptr_array_add(names, nullptr);
  return reinterpret_cast<gchar**>(g_ptr_array_free(names, FALSE));
}

// GstPreset cannot read back the structures that it writes (1.22: they are escaped twice), and
// cannot write an unset one. So structures are saved as metadata, which may be any line of text.
gboolean save(GstPreset* preset, const gchar* preset_name) {
  bool is_saved = save_values(preset, preset_name) != FALSE;
  for_each_kept(preset, [&](const char* name, bool is_structure) {
    if (!is_saved || !is_structure)
      return;
    GstStructure* structure = nullptr;
    g_object_get(preset, name, &structure, nullptr);
    const auto text = json_from_structure(structure);
    gst_clear_structure(&structure);
    is_saved = gst_preset_set_meta(preset, preset_name, name, text.c_str()) != FALSE;
  });
  return is_saved;
}

gboolean load(GstPreset* preset, const gchar* preset_name) {
  if (!load_values(preset, preset_name))
    return FALSE;
  for_each_kept(preset, [&](const char* name, bool is_structure) {
    if (!is_structure)
      return;
    gchar* text = nullptr;
    gst_preset_get_meta(preset, preset_name, name, &text);
    const CharPtr kept(text);
    GstStructure* structure = nullptr;
    if (!text || !structure_from_json(text, &structure))
      return;  // unchanged, like any value that is missing in a preset
    g_object_set(preset, name, structure, nullptr);
    gst_clear_structure(&structure);
  });
  return TRUE;
}

}  // namespace

void init_presets(gpointer iface, gpointer) {
  auto* presets = static_cast<GstPresetInterface*>(iface);
  save_values = presets->save_preset;
  load_values = presets->load_preset;
  presets->save_preset = save;
  presets->load_preset = load;
  presets->get_property_names = property_names;
}

}  // namespace modelverse
