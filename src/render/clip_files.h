// SPDX-License-Identifier: LGPL-2.1-or-later
// The clips' own names in the user's directory.
#pragma once

#include <string>

#include "core/result.h"

namespace modelverse::render {

// Makes `to` a hard link of `from`, or a copy on another file system. Replaces `to` in one step;
// leaves it alone when it is that file already. Errors: open_write, not_found (`from` is gone).
Status put_clip(const std::string& from, const std::string& to);

// Makes it if it is missing, and writes a file on trial. Error: open_write.
Status make_directory(const std::string& path);

// The name beside `path` of something that belongs to it: ".film.mp4.part".
std::string beside(const std::string& path, const char* ending);

// "file:///..." of a path that may be relative.
std::string file_uri(const std::string& path);

}  // namespace modelverse::render
