// SPDX-License-Identifier: LGPL-2.1-or-later
// GTypes of the enum properties.
#pragma once

#include <gst/gst.h>

#include "core/settings.h"
#include "core/task.h"

namespace modelverse {

template <typename T>
GType enum_gtype();
template <>
GType enum_gtype<ImageFit>();
template <>
GType enum_gtype<ImageEncoding>();
template <>
GType enum_gtype<AuthScheme>();
template <>
GType enum_gtype<CacheMode>();
template <>
GType enum_gtype<StreamFrame>();
template <>
GType enum_gtype<Audio>();
template <>
GType enum_gtype<TaskStatus>();

}  // namespace modelverse
