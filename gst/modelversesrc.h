// SPDX-License-Identifier: LGPL-2.1-or-later
// The element modelversesrc.
#pragma once

#include "clipsrc.h"

G_BEGIN_DECLS

#define MODELVERSE_TYPE_SRC (modelverse_src_get_type())
G_DECLARE_FINAL_TYPE(ModelverseSrc, modelverse_src, MODELVERSE, SRC, ModelverseClipSrc)

GST_ELEMENT_REGISTER_DECLARE(modelversesrc);

G_END_DECLS
