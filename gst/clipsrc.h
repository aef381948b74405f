// SPDX-License-Identifier: LGPL-2.1-or-later
// What both elements are to GStreamer: a GstBaseSrc whose bytes are a clip's.
#pragma once

#include <gst/base/gstbasesrc.h>

#include "properties.h"
#include "source.h"

#define MODELVERSE_TYPE_CLIP_SRC (modelverse_clip_src_get_type())
#define MODELVERSE_CLIP_SRC(object) \
  (G_TYPE_CHECK_INSTANCE_CAST((object), MODELVERSE_TYPE_CLIP_SRC, ModelverseClipSrc))

// What G_DECLARE_DERIVABLE_TYPE would write, without its functions for the class.
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

// What the element does; made in its instance_init, owned by the base class.
inline Source& source_of(gpointer clip_src) {
  return *MODELVERSE_CLIP_SRC(clip_src)->source;
}
// In the element's class_init: its rows of the table.
void install_element_properties(GObjectClass* klass, Role role);

}  // namespace modelverse
