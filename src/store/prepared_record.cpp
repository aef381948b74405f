// SPDX-License-Identifier: LGPL-2.1-or-later
// Reserves disk space with posix_fallocate(3).
#include "store/prepared_record.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "store/record_file.h"

namespace modelverse::store {

Result<PreparedRecord> PreparedRecord::make(Fd directory, std::string path, std::size_t size) {
  if (Result<bool> removed = store::remove_file(directory.get(), prepared_name, path); !removed)
    return std::move(removed).error();
  Result<Fd> file = make_file(directory.get(), prepared_name, path);
  if (!file)
    return std::move(file).error();
  PreparedRecord prepared(std::move(directory), std::move(file).value(), std::move(path));
  int error_number = EINTR;
  while (error_number == EINTR)
    error_number = ::posix_fallocate(prepared.file_.get(), 0, static_cast<off_t>(size));
  // A file system without reservation may still have space when the record is written.
  const bool is_full = error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG;
  if (is_full)
    return io_error(ErrorCode::open_write, "posix_fallocate", prepared.path_ + "/" + prepared_name,
                    error_number);
  return prepared;
}

Status PreparedRecord::write(const std::string& text) {
  const std::string file_path = path_ + "/" + prepared_name;
  const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
  if (Status written = write_all(file_.get(), bytes, text.size(), 0, file_path); !written)
    return written;
  if (uninterrupted([&] { return ::ftruncate(file_.get(), static_cast<off_t>(text.size())); }) != 0)
    return io_error(ErrorCode::open_write, "ftruncate", file_path, errno);
  if (Status synced = sync_file(file_.get(), file_path); !synced)
    return synced;
  if (Status renamed = rename_file(directory_.get(), prepared_name, record_name, path_); !renamed)
    return renamed;
  file_ = Fd();
  return sync_directory(directory_.get(), path_);
}

Fd PreparedRecord::discard() {
  remove_file();
  return std::move(directory_);
}

void PreparedRecord::remove_file() {
  if (!file_)
    return;
  ::unlinkat(directory_.get(), prepared_name, 0);
  file_ = Fd();
}

}  // namespace modelverse::store
