// SPDX-License-Identifier: LGPL-2.1-or-later
// One key's folder on disk.
#include "store/entry.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "store/clip_check.h"
#include "store/previous.h"
#include "store/record_file.h"

namespace modelverse::store {
namespace {

void mark_used(int folder) {
  // Not durable and not vital (the file system may be read-only): at worst the order of eviction
  // is off. Not the access time: backups and indexers set that too.
  const timespec times[2] = {{0, UTIME_OMIT}, {0, UTIME_NOW}};
  [[maybe_unused]] const int ignored = ::utimensat(folder, record_name, times, AT_SYMLINK_NOFOLLOW);
}

// A part is not synced while it grows. After a power cut some file systems (XFS) give it the length
// that it had and zeros in place of what did not reach the disk; a kill loses nothing.
bool may_be_from_before_boot(int fd) {
  timespec now = {}, since_boot = {};
  struct stat info;
  if (::clock_gettime(CLOCK_REALTIME, &now) != 0 ||
      ::clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0 || ::fstat(fd, &info) != 0)
    return false;
  // One from the future was written under another clock: perhaps that of before a power cut.
  return info.st_mtim.tv_sec < now.tv_sec - since_boot.tv_sec ||
         info.st_mtim.tv_sec > now.tv_sec + 1;
}

}  // namespace

Entry::Entry(std::string folder, std::string key)
    : folder_(std::move(folder)), key_(std::move(key)), lock_(folder_) {}

std::string Entry::clip_path() const {
  return folder_ + "/" + clip_name;
}
std::string Entry::partial_path() const {
  return folder_ + "/" + partial_name;
}

Result<bool> Entry::try_lock(FolderLock::Missing missing) {
  return lock_.try_take(missing);
}

Result<Fd> Entry::locked_folder() {
  if (!is_locked())
    return Error{ErrorCode::open_write, "Cannot write " + folder_ + ": an error in the program.",
                 "the entry is not locked"};
  Result<bool> locked = lock_.try_take(FolderLock::Missing::make);
  if (!locked)
    return std::move(locked).error();
  if (!*locked)
    return Error{ErrorCode::open_write,
                 "Cannot write " + folder_ + ": it was deleted, and somebody else works there now.",
                 "flock(" + folder_ + "/" + lock_name + "): lost with the folder"};
  return open_folder(folder_, ErrorCode::open_write);
}

Result<Entry::Loaded> Entry::load() {
  Result<Fd> folder = open_folder(folder_, ErrorCode::open_read);
  if (!folder && folder.error().code == ErrorCode::not_found)
    return Loaded{};
  if (!folder)
    return std::move(folder).error();
  Result<ReadRecord> read = read_record(folder->get(), folder_, key_);
  if (!read)
    return std::move(read).error();
  if (read->broken.empty())
    return Loaded{std::move(read->record), {}};
  if (!lock_.is_current())
    return Loaded{std::move(read->salvaged), {}};
  Result<std::string> name = set_record_aside(folder->get(), folder_, read->salvaged);
  if (!name)
    return std::move(name).error();
  return Loaded{std::move(read->salvaged), "set aside as " + *name + ": " + read->broken};
}

Result<std::optional<Record>> Entry::peek() const {
  const Fd folder = try_open_folder(folder_);
  const bool is_hidden =
      errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == EPERM || errno == ELOOP;
  if (!folder && is_hidden)
    return std::optional<Record>();
  if (!folder)
    return io_error(ErrorCode::open_read, "open", folder_, errno);
  Result<ReadRecord> read = read_record(folder.get(), folder_, key_);
  if (!read)
    return std::move(read).error();
  return std::move(read->record ? read->record : read->salvaged);
}

std::optional<Record> Entry::previous() const {
  const Fd folder = try_open_folder(folder_);
  return folder ? read_previous(folder.get(), folder_, key_) : std::nullopt;
}

Result<std::shared_ptr<Clip>> Entry::open_previous(const Record& record) const {
  Result<Fd> folder = open_folder(folder_, ErrorCode::open_read);
  if (!folder)
    return std::move(folder).error();
  return open_checked(folder->get(), previous_name, folder_, record);
}

Status Entry::save(const Record& record) {
  return save_prepared(record) ? Status(Done{}) : save_anew(record);
}

Status Entry::save_anew(const Record& record) {
  Result<Fd> folder = locked_folder();
  if (!folder)
    return std::move(folder).error();
  Record own = record;
  own.key = key_;
  if (Status checked = check_record(own); !checked)
    return checked;
  if (Status placed = place_clips(folder->get(), own); !placed)
    return placed;
  return write_record(folder->get(), folder_, own);
}

Status Entry::place_clips(int folder, const Record& record) {
  const bool is_new = record.state == RecordState::submitting;
  if (is_new) {
    if (Status removed = remove_files(folder, {partial_name}); !removed)
      return removed;
  }
  if (!is_there(folder, clip_name))
    return Done{};
  const Result<ReadRecord> before = read_record(folder, folder_, key_);
  const bool is_finished =
      before && before->record && before->record->state == RecordState::complete;
  if (is_finished && (is_new || before->record->url_index != record.url_index))
    return set_previous_aside(folder, folder_, *before->record);
  // A clip without a record that describes it is not to be offered to the new task.
  return is_new ? rename_file(folder, clip_name, previous_name, folder_) : Done{};
}

Result<std::shared_ptr<Clip>> Entry::open_clip(const Record& record) {
  if (record.state != RecordState::complete)
    return damaged_clip("its record is not complete", "open_clip() of an unfinished record");
  Result<Fd> folder = open_folder(folder_, ErrorCode::open_read);
  if (!folder)
    return std::move(folder).error();
  if (is_locked())
    reclaim_clip(folder->get(), folder_, record);
  Result<std::shared_ptr<Clip>> clip = open_checked(folder->get(), clip_name, folder_, record);
  if (!clip)
    return clip;
  mark_used(folder->get());
  if (is_locked())
    drop_previous(folder->get());
  return clip;
}

Result<std::shared_ptr<Clip>> Entry::open_partial() {
  Result<Fd> folder = locked_folder();
  if (!folder)
    return std::move(folder).error();
  Result<Fd> file = open_part_file(folder->get());
  if (!file)
    return std::move(file).error();
  struct stat info;
  if (::fstat(file->get(), &info) != 0)
    return io_error(ErrorCode::open_write, "fstat", partial_path(), errno);
  return std::make_shared<Clip>(file->leak(), static_cast<std::uint64_t>(info.st_size),
                                partial_path());
}

Result<Fd> Entry::open_part_file(int folder) {
  if (!is_there(folder, partial_name)) {
    if (Status taken_back = take_back_finished(folder); !taken_back)
      return std::move(taken_back).error();
  }
  if (!is_there(folder, partial_name))
    return make_file(folder, partial_name, folder_);
  Result<Fd> file = open_file(folder, partial_name, folder_, O_RDWR, ErrorCode::open_write);
  if (file && may_be_from_before_boot(file->get()) && ::ftruncate(file->get(), 0) != 0)
    return io_error(ErrorCode::open_write, "ftruncate", partial_path(), errno);
  return file;
}

// After a crash between complete()'s rename and its record. With any other record a clip.mp4 is not
// this download's.
Status Entry::take_back_finished(int folder) {
  Result<ReadRecord> read = read_record(folder, folder_, key_);
  if (!read || !read->record || read->record->state != RecordState::submitted)
    return Done{};
  struct stat info;
  if (::fstatat(folder, clip_name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(info.st_mode))
    return Done{};
  return rename_file(folder, clip_name, partial_name, folder_);
}

Status Entry::remove_files(int folder, std::initializer_list<const char*> names) {
  bool is_changed = false;
  for (const char* name : names) {
    Result<bool> removed = remove_file(folder, name, folder_);
    if (!removed)
      return std::move(removed).error();
    is_changed = is_changed || *removed;
  }
  return is_changed ? sync_folder(folder, folder_) : Done{};
}

Status Entry::drop_clip() {
  Result<Fd> folder = locked_folder();
  if (!folder)
    return std::move(folder).error();
  return remove_files(folder->get(), {partial_name, clip_name});
}

Status Entry::give_up() {
  std::optional<PreparedRecord> prepared = std::exchange(prepared_, std::nullopt);
  if (prepared && lock_.is_current())
    return withdraw(prepared->discard());
  Result<Fd> folder = locked_folder();
  if (!folder)
    return std::move(folder).error();
  Result<ReadRecord> read = read_record(folder->get(), folder_, key_);
  if (!read)
    return std::move(read).error();
  // The new task was never written down.
  if (read->record && read->record->state == RecordState::complete)
    return Done{};
  if (!read_previous(folder->get(), folder_, key_))
    return remove_all(folder->get(), SetAside::keep);
  if (Status removed = remove_files(folder->get(), {partial_name}); !removed)
    return removed;
  return bring_previous_back(folder->get(), folder_);
}

Status Entry::remove(SetAside set_aside) {
  Result<Fd> folder = locked_folder();
  if (!folder)
    return std::move(folder).error();
  return remove_all(folder->get(), set_aside);
}

Status Entry::remove_all(int folder, SetAside set_aside) {
  // The record last: a clip without a record would never be counted or evicted.
  if (Status removed =
          remove_files(folder, {partial_name, clip_name, previous_name, previous_record_name});
      !removed)
    return removed;
  if (Status removed = remove_record(folder, folder_); !removed)
    return removed;
  if (set_aside == SetAside::remove) {
    if (Status removed = remove_set_aside(folder, folder_); !removed)
      return removed;
  }
  return sync_folder(folder, folder_);
}

}  // namespace modelverse::store
