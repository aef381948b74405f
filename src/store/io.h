// SPDX-License-Identifier: LGPL-2.1-or-later
// File system calls for this module: complete, durable, private, with errors as values.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "glib/file.h"

namespace modelverse::store {

// "openat(/path) failed with `error_number`" as an Error: the text describes a remedy for the user,
// `debug` holds call, path, strerror and number. A read error becomes not_found if the file does
// not exist; any error becomes too_many_files if no descriptor is left. Its origin is the caller.
Error io_error(ErrorCode code, const char* call, const std::string& path, int error_number,
               SourceLocation caller = SourceLocation::current());

// The descriptor limit of this process, for texts.
std::string open_files_limit();

// `path` is for error texts only.
Status write_all(int fd, const std::byte* data, std::size_t size, std::uint64_t offset,
                 const std::string& path);
// Exactly `size` bytes; a shorter file is an error.
Status read_all(int fd, std::byte* data, std::size_t size, std::uint64_t offset,
                const std::string& path);
Status sync_file(int fd, const std::string& path);
// Makes renames, new names and removals in the directory durable.
Status sync_directory(int fd, const std::string& path);

// Creates the directory and its missing parents, 0700, durable. An existing directory is not
// changed. Another process may have removed it again when this returns.
Status make_directories(const std::string& path);
// Fails if the last component of `path` is a symbolic link or not a directory. The first function
// sets errno instead of an Error.
Fd try_open_directory(const std::string& path);
Result<Fd> open_directory(const std::string& path, ErrorCode code);
// A new, empty file, 0600, open for reading and writing.
Result<Fd> make_file(int directory, const std::string& name, const std::string& directory_path);
// Opens an existing regular file; refuses a symbolic link, FIFO, device or directory.
Result<Fd> open_file(int directory, const std::string& name, const std::string& directory_path,
                     int flags, ErrorCode code);
// A new file with this text, synced; its name is durable after sync_directory(). After an error
// there is none.
Status write_file(int directory, const std::string& name, const std::string& directory_path,
                  const std::string& text);
// A durable one, in place of the file of this name, if there is one. After an error that one is
// there.
Status replace_file(int directory, const std::string& name, const std::string& directory_path,
                    const std::string& text);
// True when the file existed. A missing file is not an error.
Result<bool> remove_file(int directory, const std::string& name, const std::string& directory_path);
Status rename_file(int directory, const std::string& from, const std::string& to,
                   const std::string& directory_path);
// Gives a complete file its name if no file has it: decided by the file server. False: the name is
// taken. `from` is gone in any case. Names may be paths, with `directory` AT_FDCWD.
Result<bool> place_file(int directory, const std::string& from, const std::string& to,
                        const std::string& directory_path);
// A durable file with this text. False: the name is taken.
Result<bool> create_file(int directory, const std::string& name, const std::string& directory_path,
                         const std::string& text);
// "<name>-<random id>": a name that no other process uses.
std::string private_name(const std::string& name);

// Writes at the start of the file, and has NFS and SMB send it: they do when a descriptor is
// closed.
bool write_through(int fd, const std::string& text);
// The time by the clock that sets the times of files where this path is: that of a file which is
// made for it, `path` with a random end. Empty where none can be made.
std::optional<std::int64_t> server_time(const std::string& path);

// Calls `take` with each name in a directory, in any order; a missing one has none.
Status each_name(const std::string& path, const std::function<void(const char* name)>& take);
Result<std::vector<std::string>> names_in_directory(const std::string& path);

// True for any file type; does not follow a symbolic link.
bool is_there(int directory, const char* name);
bool is_same_file(const struct stat& a, const struct stat& b);

}  // namespace modelverse::store
