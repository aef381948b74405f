// SPDX-License-Identifier: LGPL-2.1-or-later
// What both elements are to GStreamer: a GstBaseSrc whose bytes are a clip's.
#pragma once

#include <gst/base/gstbasesrc.h>

#include "properties.h"
#include "source.h"

G_BEGIN_DECLS

#define MODELVERSE_TYPE_CLIP_SRC (modelverse_clip_src_get_type())
G_DECLARE_DERIVABLE_TYPE(ModelverseClipSrc, modelverse_clip_src, MODELVERSE, CLIP_SRC, GstBaseSrc)

struct _ModelverseClipSrcClass {
  GstBaseSrcClass parent_class;
};

G_END_DECLS

namespace modelverse {

// In an element's instance_init, once: what it does. The element owns it.
void set_source(ModelverseClipSrc* self, Source* source);
Source& source_of(gpointer clip_src);
// In an element's class_init: its rows of the table.
void install_properties(ModelverseClipSrcClass* klass, Role role);

}  // namespace modelverse
