// SPDX-License-Identifier: LGPL-2.1-or-later
// The finished clip that a new task may replace: kept with its record until that task's own clip is
// whole, since a task may also come to nothing. `directory` is an entry's, open and locked; `path`
// its name for error texts.
#pragma once

#include <optional>
#include <string>

#include "core/record.h"
#include "core/result.h"

namespace modelverse::store {

inline constexpr const char* previous_name = "clip.previous";

// Nothing where there is none, or not all of it.
std::optional<Record> read_previous(int directory, const std::string& path, const std::string& key);

// Puts clip.mp4 aside, which `record` describes. Cut short, it leaves the clip in either place and
// the record that stands: reclaim_clip() finds it.
Status set_previous_aside(int directory, const std::string& path, const Record& record);

// The record of before is the entry's again, and its clip is clip.mp4.
Status bring_previous_back(int directory, const std::string& path);

// For a finished record whose clip.mp4 is not there: takes it from aside where a crash left it.
void reclaim_clip(int directory, const std::string& path, const Record& record);

// Nothing of it is needed any more. What cannot be removed only takes room.
void drop_previous(int directory);

}  // namespace modelverse::store
