// SPDX-License-Identifier: LGPL-2.1-or-later
// Reserves disk space with posix_fallocate(3).
#include "store/prepared_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace modelverse::store {

Result<PreparedFile> PreparedFile::make(int directory, Names names, std::size_t size) {
  Fd copy = Fd::adopt(::fcntl(directory, F_DUPFD_CLOEXEC, 0));
  if (!copy)
    return io_error(ErrorCode::open_write, "fcntl", names.path, errno);
  Result<Fd> file = make_file(directory, names.prepared, names.path);
  if (!file)
    return std::move(file).error();
  PreparedFile prepared(std::move(copy), std::move(file).value(), std::move(names));
  int error_number = EINTR;
  while (error_number == EINTR)
    error_number = ::posix_fallocate(prepared.file_.get(), 0, static_cast<off_t>(size));
  // A file system without reservation may still have space when the record is written.
  const bool is_full = error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG;
  if (is_full)
    return io_error(ErrorCode::open_write, "posix_fallocate",
                    prepared.names_.path + "/" + prepared.names_.prepared, error_number);
  return prepared;
}

Status PreparedFile::rename_replaced(const std::string& name) {
  Status renamed = rename_file(directory_.get(), names_.replaced, name, names_.path);
  if (renamed)
    names_.replaced = name;
  return renamed;
}

Status PreparedFile::write(const std::string& text) {
  const std::string file_path = names_.path + "/" + names_.prepared;
  const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
  if (Status written = write_all(file_.get(), bytes, text.size(), 0, file_path); !written)
    return written;
  if (uninterrupted([&] { return ::ftruncate(file_.get(), static_cast<off_t>(text.size())); }) != 0)
    return io_error(ErrorCode::open_write, "ftruncate", file_path, errno);
  if (Status synced = sync_file(file_.get(), file_path); !synced)
    return synced;
  if (Status renamed = rename_file(directory_.get(), names_.prepared, names_.replaced, names_.path);
      !renamed)
    return renamed;
  file_ = Fd();
  return sync_directory(directory_.get(), names_.path);
}

Fd PreparedFile::discard() {
  remove_file();
  return std::move(directory_);
}

void PreparedFile::remove_file() {
  if (!file_)
    return;
  ::unlinkat(directory_.get(), names_.prepared.c_str(), 0);
  file_ = Fd();
}

}  // namespace modelverse::store
