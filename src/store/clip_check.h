// SPDX-License-Identifier: LGPL-2.1-or-later
// Is the finished clip's file still what its record describes?
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <string>

#include "core/record.h"
#include "core/result.h"
#include "store/clip.h"

namespace modelverse::store {

// "The clip in the cache is not whole: <what>.", wrong_type.
Error damaged_clip(const std::string& what, const std::string& debug);

std::int64_t modification_time(const struct stat& file);  // ns

// Length and SHA-256 against the record; an Error (wrong_type) where they differ or the record has
// no SHA-256.
Status verify(Clip& clip, const Record& record);

// Opens the finished clip of this name in an entry's directory, checked by check_clip().
Result<std::shared_ptr<Clip>> open_checked(int directory, const char* name, const std::string& path,
                                           const Record& record);

// `fd` is the clip's. Its length always; its SHA-256 where the file was written to since it was
// finished, by its modification time: so git knows what to read again (racy-git.txt), and a
// SHA-256 of each clip at each start would cost 75 ms for 35 MB even at 450 MB/s (GChecksum;
// filesrc has its first buffer after 0.1 ms). What hashes well gets its time back, so that it is
// read once.
Status check_clip(int fd, Clip& clip, const Record& record);

}  // namespace modelverse::store
