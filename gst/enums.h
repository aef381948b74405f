// SPDX-License-Identifier: LGPL-2.1-or-later
// GTypes of the enums in Settings.
#pragma once

#include <gst/gst.h>

#include "core/settings.h"

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

}  // namespace modelverse
