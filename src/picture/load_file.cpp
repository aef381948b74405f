// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads a picture from a local file.
#include <glib.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>

#include "glib/file.h"
#include "glib/handles.h"
#include "picture/accept.h"
#include "picture/picture.h"

namespace modelverse::picture {
namespace {

// A file name may not be UTF-8; a message must be.
std::string shown(const std::string& path) {
  const CharPtr name(g_filename_display_name(path.c_str()));
  return std::string("'") + name.get() + "'";
}

// Advice for a likely mistake.
std::string advice(const std::string& path) {
  if (path.find("://") != std::string::npos)
    return "for a URI use image-uri.";
  if (path.starts_with('~'))
    return "the shell did not expand the ~; write \"$HOME\".";
  return "check its path.";
}

Error from_errno(const std::string& path, const char* call, int error) {
  const bool is_missing = error == ENOENT || error == ENOTDIR;
  const std::string text = is_missing ? "File not found: " + shown(path) + ": " + advice(path)
                                      : "The file " + shown(path) +
                                            " cannot be read: " + g_strerror(error) +
                                            ". Check it and its permissions.";
  const bool is_crowded = error == EMFILE || error == ENFILE;
  return {.code = is_missing   ? ErrorCode::not_found
                  : is_crowded ? ErrorCode::too_many_files
                               : ErrorCode::open_read,
          .text = text,
          .debug = std::string(call) + ": " + g_strerror(error)};
}

const char* kind_name(mode_t mode) {
  if (S_ISDIR(mode))
    return "a directory";
  if (S_ISFIFO(mode))
    return "a FIFO";
  if (S_ISSOCK(mode))
    return "a socket";
  return "a device";
}

}  // namespace

Result<PictureBytes> load_file(const std::string& path, std::stop_token stop) {
  if (stop.stop_requested())
    return cancelled_error();
  const auto file = open_for_reading(path);
  if (!file)
    return from_errno(path, "open", errno);
  struct stat info = {};
  if (fstat(file.get(), &info) != 0)
    return from_errno(path, "fstat", errno);
  if (!S_ISREG(info.st_mode))
    return Error{.code = ErrorCode::open_read,
                 .text = shown(path) + " is " + kind_name(info.st_mode) +
                         ": set a file that contains a picture.",
                 .debug = std::string("fstat: ") + kind_name(info.st_mode)};
  if (static_cast<std::uint64_t>(info.st_size) > max_picture_bytes)
    return too_large("The file " + shown(path),
                     "fstat: " + std::to_string(info.st_size) + " bytes");
  auto bytes = read_file(file.get(), max_picture_bytes + 1, stop);
  if (!bytes && errno == ECANCELED)
    return cancelled_error();
  if (!bytes)
    return from_errno(path, "read", errno);
  if (bytes->size() > max_picture_bytes)
    return too_large("The file " + shown(path), "read: the file grows while it is read");
  return accept_bytes(*std::move(bytes), "The file " + shown(path));
}

Status check_file(const std::string& path) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0)
    return from_errno(path, "stat", errno);
  return Done{};
}

}  // namespace modelverse::picture
