// SPDX-License-Identifier: LGPL-2.1-or-later
// The base class of both elements: a GstBaseSrc that produces a clip's bytes.
#pragma once

#include <gst/base/gstbasesrc.h>

#include <optional>

#include "properties.h"
#include "source.h"

#define MODELVERSE_TYPE_CLIP_SRC (modelverse_clip_src_get_type())
#define MODELVERSE_CLIP_SRC(object) \
  (G_TYPE_CHECK_INSTANCE_CAST((object), MODELVERSE_TYPE_CLIP_SRC, ModelverseClipSrc))

// The expansion of G_DECLARE_DERIVABLE_TYPE without its class functions.
struct ModelverseClipSrc {
  GstBaseSrc parent;
  modelverse::Source* source;
};
struct ModelverseClipSrcClass {
  GstBaseSrcClass parent_class;
};
GType modelverse_clip_src_get_type();
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ModelverseClipSrc, gst_object_unref)

namespace modelverse {

// The element's implementation; created in its instance_init, owned by the base class.
inline Source& source_of(gpointer clip_src) {
  return *MODELVERSE_CLIP_SRC(clip_src)->source;
}
// Call in the element's class_init: installs the properties that only this element has.
void install_element_properties(GObjectClass* klass, std::optional<Role> role);
// Likewise: the address of doc/`name`.md.
void add_documentation(gpointer klass, const char* name);

}  // namespace modelverse
