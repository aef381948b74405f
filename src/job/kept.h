// SPDX-License-Identifier: LGPL-2.1-or-later
// A look at the cache without a job, for queries.
#pragma once

#include <cstdint>
#include <optional>

#include "core/settings.h"

namespace modelverse::job {

// Size of the complete clip in the cache that open() would serve for these settings. Empty: there
// is none, or it is not known within a few milliseconds: a picture in memory or of more than 8 MiB,
// and a task-id whose clip was made for a request. Locks and changes nothing.
std::optional<std::uint64_t> kept_clip_size(const Settings& settings);

}  // namespace modelverse::job
