// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/io.h"

#include <dirent.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>

#include "glib/handles.h"
#include "glib/random.h"
#include "glib/text.h"

namespace modelverse::store {
namespace {

// The second half of the sentence, and what to do.
std::string reason(int error_number) {
  switch (error_number) {
    case ENOSPC:
      return _("the disk is full. Free space, or set cache-dir to a directory on another disk.");
    case EDQUOT:
      return _(
          "your disk quota is used up. Free space, or set cache-dir to a directory on another "
          "disk.");
    case EROFS:
      return _("the file system is read-only. Set cache-dir to a writable directory.");
    case EACCES:
    case EPERM:
      return _(
          "permission denied. Check the owner and the mode, or set cache-dir to another "
          "directory.");
    case EFBIG:
      return _("the file would be larger than the file system or this process allows.");
    case ENOENT:
    case ESTALE:
      return _("it does not exist, or was removed meanwhile.");
    case ENOTDIR:
      return _("expected a directory, found a file or a symbolic link.");
    case ELOOP:
      return _("expected a regular file, found a symbolic link or another type.");
    case ENOLCK:
    case ENOSYS:
    case EOPNOTSUPP:
      return _(
          "the file system does not support this, or has no locks. Set cache-dir to a "
          "directory on another disk.");
    case EMFILE:
      return format_text(_("too many files are open. This process may open %s at once."),
                         open_files_limit().c_str());
    case ENFILE:
      return _("too many files are open on this machine.");
    default:
      // Translators: an error text of the system, such as "Input/output error".
      return format_text(_("%s."), g_strerror(error_number));
  }
}

bool is_directory(const std::string& path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

// Also true when another process has just removed it: releasing the last lock removes an entry's
// directory.
bool is_or_was_directory(const std::string& path) {
  struct stat info;
  return is_directory(path) || (::lstat(path.c_str(), &info) != 0 && errno == ENOENT);
}

std::string parent_of(const std::string& path) {
  return CharPtr(g_path_get_dirname(path.c_str())).get();
}

Status sync_parent(const std::string& path) {
  const std::string parent = parent_of(path);
  const Fd fd = Fd::adopt(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // A parent with search and write, but no read permission cannot be synced; this is no error.
  return fd ? sync_directory(fd.get(), parent) : Done{};
}

enum class Placed { yes, taken, failed };

Placed placed(bool is_done) {
  return is_done ? Placed::yes : errno == EEXIST ? Placed::taken : Placed::failed;
}

// NFS repeats a call whose response was lost, and then reports the file of the first as one that
// exists: link(2) has succeeded if there are two links.
Placed link_file(int directory, const char* from, const char* to) {
  const bool is_done = ::linkat(directory, from, directory, to, 0) == 0;
  const int error_number = errno;
  struct stat info;
  if (!is_done && ::fstatat(directory, from, &info, AT_SYMLINK_NOFOLLOW) == 0 && info.st_nlink == 2)
    return Placed::yes;
  errno = error_number;
  return placed(is_done);
}

bool is_unsupported(int error_number) {
  return error_number == EPERM || error_number == EOPNOTSUPP || error_number == ENOSYS ||
         error_number == EMLINK || error_number == EINVAL;
}

// For file systems without hard links, such as FAT. The last resort shows an empty file for a
// moment.
Placed rename_to_new(int directory, const char* from, const char* to) {
  const Placed renamed = placed(::renameat2(directory, from, directory, to, RENAME_NOREPLACE) == 0);
  if (renamed != Placed::failed || !is_unsupported(errno))
    return renamed;
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Fd reserved =
      Fd::adopt(uninterrupted([&] { return ::openat(directory, to, flags, 0600); }));
  return reserved ? placed(::renameat(directory, from, directory, to) == 0) : placed(false);
}

std::string join(const std::string& directory, const std::string& name) {
  return directory.empty() ? name : directory + "/" + name;
}

}  // namespace

std::string open_files_limit() {
  rlimit limit = {};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return std::to_string(limit.rlim_cur);
}

Error io_error(ErrorCode code, const char* call, const std::string& path, int error_number,
               SourceLocation caller) {
  const bool is_reading = code == ErrorCode::open_read || code == ErrorCode::not_found;
  Error error{.origin = caller};
  error.code = is_reading && error_number == ENOENT               ? ErrorCode::not_found
               : error_number == EMFILE || error_number == ENFILE ? ErrorCode::too_many_files
                                                                  : code;
  error.text = format_text(is_reading ? _("Cannot read %s: %s") : _("Cannot write %s: %s"),
                           path.c_str(), reason(error_number).c_str());
  error.debug = std::string(call) + "(" + path + "): " + g_strerror(error_number) + " [errno " +
                std::to_string(error_number) + "]";
  return error;
}

Status write_all(int fd, const std::byte* data, std::size_t size, std::uint64_t offset,
                 const std::string& path) {
  while (size > 0) {
    const ssize_t count =
        uninterrupted([&] { return ::pwrite(fd, data, size, static_cast<off_t>(offset)); });
    if (count <= 0)
      return io_error(ErrorCode::open_write, "pwrite", path, count < 0 ? errno : EIO);
    data += count;
    size -= static_cast<std::size_t>(count);
    offset += static_cast<std::uint64_t>(count);
  }
  return Done{};
}

Status read_all(int fd, std::byte* data, std::size_t size, std::uint64_t offset,
                const std::string& path) {
  while (size > 0) {
    const ssize_t count =
        uninterrupted([&] { return ::pread(fd, data, size, static_cast<off_t>(offset)); });
    if (count < 0)
      return io_error(ErrorCode::open_read, "pread", path, errno);
    if (count == 0)
      return Error{ErrorCode::open_read,
                   format_text(_("Cannot read %s: it was truncated meanwhile."), path.c_str()),
                   "pread(" + path + "): end of file at " + std::to_string(offset)};
    data += count;
    size -= static_cast<std::size_t>(count);
    offset += static_cast<std::uint64_t>(count);
  }
  return Done{};
}

Status sync_file(int fd, const std::string& path) {
  if (uninterrupted([&] { return ::fsync(fd); }) != 0)
    return io_error(ErrorCode::open_write, "fsync", path, errno);
  return Done{};
}

Status sync_directory(int fd, const std::string& path) {
  if (uninterrupted([&] { return ::fsync(fd); }) == 0)
    return Done{};
  // Some network and FUSE file systems cannot sync a directory: no alternative exists there.
  if (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)
    return Done{};
  return io_error(ErrorCode::open_write, "fsync", path, errno);
}

Status make_directories(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0)
    return sync_parent(path);
  if (errno == ENOENT && parent_of(path) != path) {
    if (Status made = make_directories(parent_of(path)); !made)
      return made;
    if (::mkdir(path.c_str(), 0700) == 0)
      return sync_parent(path);
  }
  const int error_number = errno;
  // Some file systems return an error other than EEXIST for an existing directory.
  if (error_number == EEXIST ? is_or_was_directory(path) : is_directory(path))
    return Done{};
  return io_error(ErrorCode::open_write, "mkdir", path,
                  error_number == EEXIST ? ENOTDIR : error_number);
}

Fd try_open_directory(const std::string& path) {
  const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  return Fd::adopt(uninterrupted([&] { return ::open(path.c_str(), flags); }));
}

Result<Fd> open_directory(const std::string& path, ErrorCode code) {
  Fd fd = try_open_directory(path);
  if (!fd)
    return io_error(code, "open", path, errno);
  return fd;
}

Result<Fd> make_file(int directory, const std::string& name, const std::string& directory_path) {
  const int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Fd fd = Fd::adopt(uninterrupted([&] { return ::openat(directory, name.c_str(), flags, 0600); }));
  if (!fd)
    return io_error(ErrorCode::open_write, "openat", join(directory_path, name), errno);
  return fd;
}

Result<Fd> open_file(int directory, const std::string& name, const std::string& directory_path,
                     int flags, ErrorCode code) {
  const std::string path = join(directory_path, name);
  // O_NONBLOCK: open() of a FIFO in the file's place would block until its other end is opened.
  const int all_flags = flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  Fd fd = Fd::adopt(uninterrupted([&] { return ::openat(directory, name.c_str(), all_flags); }));
  if (!fd)
    return io_error(code, "openat", path, errno);
  struct stat info;
  if (::fstat(fd.get(), &info) != 0)
    return io_error(code, "fstat", path, errno);
  if (!S_ISREG(info.st_mode))
    return io_error(code, "openat", path, S_ISDIR(info.st_mode) ? EISDIR : ELOOP);
  return fd;
}

Status write_file(int directory, const std::string& name, const std::string& directory_path,
                  const std::string& text) {
  Result<Fd> file = make_file(directory, name, directory_path);
  if (!file)
    return std::move(file).error();
  const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
  const std::string path = join(directory_path, name);
  Status written = write_all(file->get(), bytes, text.size(), 0, path);
  if (written)
    written = sync_file(file->get(), path);
  if (!written)
    ::unlinkat(directory, name.c_str(), 0);
  return written;
}

Status replace_file(int directory, const std::string& name, const std::string& directory_path,
                    const std::string& text) {
  const std::string next = private_name(name + ".new");
  if (Status written = write_file(directory, next, directory_path, text); !written)
    return written;
  if (Status renamed = rename_file(directory, next, name, directory_path); !renamed) {
    ::unlinkat(directory, next.c_str(), 0);
    return renamed;
  }
  return sync_directory(directory, directory_path);
}

Result<bool> remove_file(int directory, const std::string& name,
                         const std::string& directory_path) {
  if (::unlinkat(directory, name.c_str(), 0) == 0)
    return true;
  if (errno == ENOENT)
    return false;
  return io_error(ErrorCode::open_write, "unlinkat", join(directory_path, name), errno);
}

Status rename_file(int directory, const std::string& from, const std::string& to,
                   const std::string& directory_path) {
  if (::renameat(directory, from.c_str(), directory, to.c_str()) != 0)
    return io_error(ErrorCode::open_write, "renameat", join(directory_path, to), errno);
  return Done{};
}

Result<bool> place_file(int directory, const std::string& from, const std::string& to,
                        const std::string& directory_path) {
  Placed end = link_file(directory, from.c_str(), to.c_str());
  if (end == Placed::failed && is_unsupported(errno))
    end = rename_to_new(directory, from.c_str(), to.c_str());
  const int error_number = errno;
  ::unlinkat(directory, from.c_str(), 0);
  if (end == Placed::failed)
    return io_error(ErrorCode::open_write, "linkat", join(directory_path, to), error_number);
  return end == Placed::yes;
}

Result<bool> create_file(int directory, const std::string& name, const std::string& directory_path,
                         const std::string& text) {
  const std::string next = private_name(name + ".new");
  if (Status written = write_file(directory, next, directory_path, text); !written)
    return std::move(written).error();
  Result<bool> placed = place_file(directory, next, name, directory_path);
  if (!placed || !*placed)
    return placed;
  if (Status synced = sync_directory(directory, directory_path); !synced)
    return std::move(synced).error();
  return true;
}

std::string private_name(const std::string& name) {
  return name + "-" + random_hex(16);
}

bool write_through(int fd, const std::string& text) {
  const bool is_written = uninterrupted([&] {
                            return ::pwrite(fd, text.data(), text.size(), 0);
                          }) == static_cast<ssize_t>(text.size());
  const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  return is_written && copy >= 0 && ::close(copy) == 0;
}

std::optional<std::int64_t> server_time(const std::string& path) {
  const std::string name = private_name(path);
  const Result<Fd> file = make_file(AT_FDCWD, name, "");
  if (!file)
    return {};
  struct stat info = {};
  const bool is_known = write_through(file->get(), "t") && ::fstat(file->get(), &info) == 0;
  ::unlink(name.c_str());
  return is_known ? std::optional<std::int64_t>(info.st_mtim.tv_sec) : std::nullopt;
}

// Not GDir: it ends at an error as at the end.
Status each_name(const std::string& path, const std::function<void(const char* name)>& take) {
  const std::unique_ptr<DIR, Freer<::closedir>> dir(::opendir(path.c_str()));
  if (!dir && errno == ENOENT)
    return Done{};
  if (!dir)
    return io_error(ErrorCode::open_read, "opendir", path, errno);
  errno = 0;
  for (const dirent* file; (file = ::readdir(dir.get())); errno = 0)
    if (const std::string_view name = file->d_name; name != "." && name != "..")
      take(file->d_name);
  if (errno != 0)
    return io_error(ErrorCode::open_read, "readdir", path, errno);
  return Done{};
}

Result<std::vector<std::string>> names_in_directory(const std::string& path) {
  std::vector<std::string> names;
  Status read = each_name(path, [&](const char* name) { names.emplace_back(name); });
  if (!read)
    return std::move(read).error();
  return names;
}

bool is_there(int directory, const char* name) {
  struct stat info;
  return ::fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

bool is_same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

}  // namespace modelverse::store
