// SPDX-License-Identifier: LGPL-2.1-or-later
// The finished clip that a new task may replace: kept with its record until the new clip is
// complete, since the task may fail. `directory` is an entry's, open and locked; `path` its name
// for error texts.
#pragma once

#include <optional>
#include <string>

#include "core/record.h"
#include "core/result.h"

namespace modelverse::store {

inline constexpr const char* previous_name = "clip.previous";

// The clip and its record: this one may be unreadable.
bool is_previous_there(int directory);

// Empty when there is none, or its record cannot be read.
std::optional<Record> read_previous(int directory, const std::string& path, const std::string& key);

// Renames clip.mp4, which `record` describes, to clip.previous. If interrupted, the clip has either
// name and the current record stays valid: reclaim_clip() finds the clip.
Status set_previous_aside(int directory, const std::string& path, const Record& record);

// Restores the previous record, as it is, and its clip as clip.mp4. load() handles a broken record.
Status bring_previous_back(int directory, const std::string& path);

// For a finished record without clip.mp4: restores clip.previous, which a crash may have left.
void reclaim_clip(int directory, const std::string& path, const Record& record);

// Removes clip and record. A failure only costs disk space.
void drop_previous(int directory);

}  // namespace modelverse::store
