// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads a picture from a local file.
#include <glib.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>

#include "glib/file.h"
#include "glib/handles.h"
#include "glib/text.h"
#include "picture/accept.h"
#include "picture/picture.h"

namespace modelverse::picture {
namespace {

// A file name may not be UTF-8; a message must be.
std::string shown(const std::string& path) {
  return CharPtr(g_filename_display_name(path.c_str())).get();
}

// The start of an error.
std::string the_file(const std::string& path) {
  return format_text(_("The file '%s'"), shown(path).c_str());
}

// With advice for a likely mistake.
std::string not_found_text(const std::string& path) {
  const char* format = path.find("://") != std::string::npos
                           ? _("File not found: '%s': for a URI use image-uri.")
                       : path.starts_with('~') ? _("File not found: '%s': the shell did not expand "
                                                   "the ~; write \"$HOME\".")
                                               : _("File not found: '%s': check its path.");
  return format_text(format, shown(path).c_str());
}

Error from_errno(const std::string& path, const char* call, int error) {
  const bool is_missing = error == ENOENT || error == ENOTDIR;
  const bool is_crowded = error == EMFILE || error == ENFILE;
  return {.code = is_missing   ? ErrorCode::not_found
                  : is_crowded ? ErrorCode::too_many_files
                               : ErrorCode::open_read,
          .text = is_missing ? not_found_text(path)
                             : format_text(_("The file '%s' cannot be read: %s. Check it and its "
                                             "permissions."),
                                           shown(path).c_str(), g_strerror(error)),
          .debug = std::string(call) + ": " + g_strerror(error)};
}

Error not_a_file(const std::string& path, mode_t mode) {
  const char* format = S_ISDIR(mode) ? _("'%s' is a directory: set a file that contains a picture.")
                       : S_ISFIFO(mode) ? _("'%s' is a FIFO: set a file that contains a picture.")
                       : S_ISSOCK(mode)
                           ? _("'%s' is a socket: set a file that contains a picture.")
                           : _("'%s' is a device: set a file that contains a picture.");
  return {.code = ErrorCode::open_read,
          .text = format_text(format, shown(path).c_str()),
          .debug = "fstat: mode " + std::to_string(mode & S_IFMT)};
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
    return not_a_file(path, info.st_mode);
  if (static_cast<std::uint64_t>(info.st_size) > max_picture_bytes)
    return too_large(the_file(path), "fstat: " + std::to_string(info.st_size) + " bytes");
  auto bytes = read_file(file.get(), max_picture_bytes + 1, stop);
  if (!bytes && errno == ECANCELED)
    return cancelled_error();
  if (!bytes)
    return from_errno(path, "read", errno);
  if (bytes->size() > max_picture_bytes)
    return too_large(the_file(path), "read: the file grows while it is read");
  return accept_bytes(*std::move(bytes), the_file(path));
}

Status check_file(const std::string& path) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0)
    return from_errno(path, "stat", errno);
  return Done{};
}

}  // namespace modelverse::picture
