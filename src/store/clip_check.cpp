// SPDX-License-Identifier: LGPL-2.1-or-later
// Length, modification time, SHA-256.
#include "store/clip_check.h"

#include <fcntl.h>

#include <cerrno>
#include <string>
#include <utility>

#include "glib/text.h"
#include "store/io.h"

namespace modelverse::store {
namespace {

constexpr std::int64_t second = 1'000'000'000;  // ns

Status check_length(std::uint64_t size, const Record& record) {
  if (size == record.size)
    return Done{};
  return damaged_clip(_("its length differs from its record"),
                      std::to_string(size) + " bytes, recorded " + std::to_string(record.size));
}

Status check_sum(Clip& clip, const Record& record) {
  const Result<std::string> sha256 = clip.sha256();
  if (!sha256)
    return sha256.error();
  if (*sha256 != record.sha256)
    return damaged_clip(_("its SHA-256 differs from its record"),
                        *sha256 + ", recorded " + record.sha256);
  return Done{};
}

void set_modification_time(int fd, std::int64_t time) {
  const timespec times[2] = {{0, UTIME_OMIT}, {time / second, time % second}};
  // On a read-only file system the file is hashed each time.
  [[maybe_unused]] const int ignored = ::futimens(fd, times);
}

}  // namespace

Error damaged_clip(const std::string& what, const std::string& debug) {
  return {ErrorCode::wrong_type,
          format_text(_("The clip in the cache is damaged: %s."), what.c_str()), debug};
}

std::int64_t modification_time(const struct stat& file) {
  return file.st_mtim.tv_sec * second + file.st_mtim.tv_nsec;
}

Result<std::shared_ptr<Clip>> open_checked(int directory, const char* name, const std::string& path,
                                           const Record& record) {
  Result<Fd> file = open_file(directory, name, path, O_RDONLY, ErrorCode::open_read);
  if (!file)
    return std::move(file).error();
  const std::string clip_path = path + "/" + name;
  struct stat info;
  if (::fstat(file->get(), &info) != 0)
    return io_error(ErrorCode::open_read, "fstat", clip_path, errno);
  const int fd = file->get();
  auto clip = std::make_shared<Clip>(std::move(file).value(),
                                     static_cast<std::uint64_t>(info.st_size), clip_path);
  if (Status checked = check_length(clip->available(), record); !checked)
    return std::move(checked).error();
  if (record.sha256.empty() || modification_time(info) == record.clip_time)
    return clip;
  if (Status checked = check_sum(*clip, record); !checked)
    return std::move(checked).error();
  set_modification_time(fd, record.clip_time);
  return clip;
}

}  // namespace modelverse::store
