// SPDX-License-Identifier: LGPL-2.1-or-later
// The element modelverseanimate.
#pragma once

#include "clipsrc.h"

G_BEGIN_DECLS

#define MODELVERSE_TYPE_ANIMATE (modelverse_animate_get_type())
G_DECLARE_FINAL_TYPE(ModelverseAnimate, modelverse_animate, MODELVERSE, ANIMATE, ModelverseClipSrc)

GST_ELEMENT_REGISTER_DECLARE(modelverseanimate);

G_END_DECLS
