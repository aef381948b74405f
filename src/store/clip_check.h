// SPDX-License-Identifier: LGPL-2.1-or-later
// Checks the file of a finished clip against its record.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <string>

#include "core/record.h"
#include "core/result.h"
#include "store/clip.h"

namespace modelverse::store {

// "The clip in the cache is damaged: <what>.", wrong_type; `what` is translated already.
Error damaged_clip(const std::string& what, const std::string& debug);

std::int64_t modification_time(const struct stat& file);  // ns

// Opens the finished clip of this name in an entry's directory. Always compares the length with the
// record (wrong_type). Compares the SHA-256 only if the modification time shows a write since the
// clip was finished: git selects files to read again in the same way (racy-git.txt), and a SHA-256
// of each clip at each start takes longer than all else: filesrc has its first buffer after 0.1
// ms. After a match it restores the modification time, so that the file
// is read only once. If the record has no SHA-256, the length decides: the clip may be intact, and
// the service deletes its copy.
Result<std::shared_ptr<Clip>> open_checked(int directory, const char* name, const std::string& path,
                                           const Record& record);

}  // namespace modelverse::store
