// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/entry.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "glib/text.h"
#include "store/clip_check.h"
#include "store/previous.h"
#include "store/record_file.h"

namespace modelverse::store {
namespace {

void mark_used_in(int directory) {
  // Neither durable nor essential (the file system may be read-only): a failure only affects the
  // order of eviction. Not the access time: backups and indexers change it.
  const timespec times[2] = {{0, UTIME_OMIT}, {0, UTIME_NOW}};
  [[maybe_unused]] const int ignored =
      ::utimensat(directory, record_name, times, AT_SYMLINK_NOFOLLOW);
}

// A partial file is not synced while it grows. After a power failure some file systems (XFS) keep
// its length, but replace unwritten bytes by zeros; a killed process loses nothing.
bool may_be_from_before_boot(int fd) {
  timespec now = {}, since_boot = {};
  struct stat info;
  if (::clock_gettime(CLOCK_REALTIME, &now) != 0 ||
      ::clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0 || ::fstat(fd, &info) != 0)
    return false;
  // A time in the future comes from another clock setting, perhaps before a power failure.
  return info.st_mtim.tv_sec < now.tv_sec - since_boot.tv_sec ||
         info.st_mtim.tv_sec > now.tv_sec + 1;
}

}  // namespace

Entry::Entry(std::string directory, std::string key)
    : directory_(std::move(directory)), key_(std::move(key)), lock_(directory_) {}

std::string Entry::clip_path() const {
  return directory_ + "/" + clip_name;
}
std::string Entry::partial_path() const {
  return directory_ + "/" + part_name_;
}

void Entry::release_part() {
  if (part_name_ != partial_name)
    ::unlink(partial_path().c_str());
  part_name_ = partial_name;
  part_claim_.reset();
}

void Entry::unlock() {
  release_part();
  release_claim();
  lock_.release();
}

Result<bool> Entry::try_claim(std::chrono::seconds lease) {
  if (is_claimed())
    return true;
  claim_.reset();
  // The directory may have been deleted: it is made again.
  if (Result<Fd> directory = locked_directory(); !directory)
    return std::move(directory).error();
  Result<std::unique_ptr<Claim>> claim = Claim::try_make(claim_path(), lease);
  if (!claim)
    return std::move(claim).error();
  claim_ = std::move(claim).value();
  return claim_ != nullptr;
}

Result<Fd> Entry::locked_directory() {
  if (!is_locked())
    return Error{ErrorCode::open_write,
                 format_text(_("Internal error while writing %s."), directory_.c_str()),
                 "the entry is not locked"};
  Result<bool> locked = lock_.try_take(DirectoryLock::Missing::make);
  if (!locked)
    return std::move(locked).error();
  if (!*locked)
    return Error{ErrorCode::open_write,
                 format_text(_("Cannot write %s: it was deleted, and another process uses it now."),
                             directory_.c_str()),
                 "flock(" + directory_ + "/" + lock_name + "): lost with the directory"};
  return open_directory(directory_, ErrorCode::open_write);
}

Result<Entry::Loaded> Entry::load(const std::function<Record()>& make_substitute) {
  known_.reset();
  Result<Fd> directory = open_directory(directory_, ErrorCode::open_read);
  if (!directory && directory.error().code == ErrorCode::not_found)
    return Loaded{};
  if (!directory)
    return std::move(directory).error();
  Result<ReadRecord> read = read_record(directory->get(), directory_, key_);
  if (!read)
    return std::move(read).error();
  if (!read->broken.empty() && !read->salvaged && make_substitute)
    read->salvaged = make_substitute();
  known_ = read->usable();
  if (read->broken.empty())
    return Loaded{std::move(read->record), {}};
  if (!lock_.is_current())
    return Loaded{std::move(read->salvaged), {}};
  Result<std::string> name = set_record_aside(directory->get(), directory_, read->salvaged);
  if (!name)
    return std::move(name).error();
  return Loaded{std::move(read->salvaged), "set aside as " + *name + ": " + read->broken};
}

Result<std::optional<Record>> Entry::peek() {
  known_.reset();
  const Fd directory = try_open_directory(directory_);
  const bool is_hidden =
      errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == EPERM || errno == ELOOP;
  if (!directory && is_hidden)
    return std::optional<Record>();
  if (!directory)
    return io_error(ErrorCode::open_read, "open", directory_, errno);
  Result<ReadRecord> read = read_record(directory.get(), directory_, key_);
  if (!read)
    return std::move(read).error();
  known_ = read->usable();
  return known_;
}

Result<bool> Entry::is_still_known(int directory, const Record* next) {
  const Result<ReadRecord> read = read_record(directory, directory_, key_);
  if (!read)
    return read.error();
  const std::optional<Record>& found = read->usable();
  const bool is_same = !found || (known_ && is_same_submit(*known_, *found));
  const bool is_same_task =
      found && next && !next->task_id.empty() && next->task_id == found->task_id;
  if (is_same || is_same_task)
    known_ = found;
  return is_same || is_same_task;
}

Error Entry::taken_over(const char* why) const {
  return {ErrorCode::open_write,
          format_text(_("Cannot write %s: another process has taken it over."),
                      (directory_ + "/" + record_name).c_str()),
          why};
}

Result<std::unique_ptr<Claim>> Entry::begin_change(int directory, const Record* next) {
  const bool is_task_lost = !next || next->task_id.empty();
  auto claim = is_task_lost ? claim_for_removal() : std::unique_ptr<Claim>();
  if (!claim)
    return claim;
  const Result<bool> is_known = is_still_known(directory, next);
  if (!is_known)
    return is_known.error();
  if (!*is_known)
    return taken_over("the record is of another submit than the one that was read");
  return claim;
}

// Null: the entry has the claim, or none can be made, as on a full disk: then no other process can
// make one either.
Result<std::unique_ptr<Claim>> Entry::claim_for_removal() {
  constexpr auto lease = std::chrono::minutes(1);
  if (is_claimed())
    return std::unique_ptr<Claim>();
  claim_.reset();
  Result<std::unique_ptr<Claim>> claim = Claim::try_make(claim_path(), lease);
  if (claim ? !*claim : find_claim(claim_path()).has_value())
    return taken_over("another process has submit.claim");
  return claim ? std::move(claim) : std::unique_ptr<Claim>();
}

// After a change that may have failed half-way.
void Entry::note_record(int directory) {
  if (const Result<ReadRecord> read = read_record(directory, directory_, key_))
    known_ = read->usable();
}

bool Entry::has_previous() const {
  const Fd directory = try_open_directory(directory_);
  return directory && is_previous_there(directory.get());
}

std::optional<Record> Entry::previous() const {
  const Fd directory = try_open_directory(directory_);
  return directory ? read_previous(directory.get(), directory_, key_) : std::nullopt;
}

Result<std::shared_ptr<Clip>> Entry::open_previous(const Record& record) const {
  Result<Fd> directory = open_directory(directory_, ErrorCode::open_read);
  if (!directory)
    return std::move(directory).error();
  return open_checked(directory->get(), previous_name, directory_, record);
}

// Prepared, it needs no descriptor, so it cannot always look at the record that it replaces.
Status Entry::save(const Record& record) {
  std::optional<PreparedFile> prepared = std::exchange(prepared_, std::nullopt);
  if (!prepared || !lock_.is_current())
    return save_anew(record);
  const auto begun = begin_change(prepared->directory(), &record);
  if (!begun && begun.error().code != ErrorCode::too_many_files)
    return begun.error();
  const Result<std::string> text = record_text(record, key_);
  // After a failure the announced record is still valid, and save_anew() reports the error.
  if (!text || !prepared->write(*text))
    return save_anew(record);
  known_ = record;
  return Done{};
}

Status Entry::save_anew(const Record& record) {
  Result<Fd> directory = locked_directory();
  if (!directory)
    return std::move(directory).error();
  const Result<std::string> text = record_text(record, key_);
  if (!text)
    return text.error();
  const auto begun = begin_change(directory->get(), &record);
  if (!begun)
    return begun.error();
  if (Status placed = place_clips(directory->get(), record); !placed)
    return placed;
  if (Status written = replace_file(directory->get(), record_name, directory_, *text); !written) {
    note_record(directory->get());
    return written;
  }
  known_ = record;
  return Done{};
}

Status Entry::place_clips(int directory, const Record& record) {
  const bool is_new = record.state == RecordState::submitting;
  if (is_new) {
    release_part();
    if (Status removed = remove_files(directory, {partial_name}); !removed)
      return removed;
  }
  const bool is_finished = known_ && known_->state == RecordState::complete;
  if (is_finished)
    reclaim_clip(directory, directory_, *known_);
  if (!is_there(directory, clip_name))
    return Done{};
  if (is_finished && (is_new || known_->url_index != record.url_index))
    return set_previous_aside(directory, directory_, *known_);
  // A clip without a matching record must not be used for the new task.
  return is_new ? rename_file(directory, clip_name, previous_name, directory_) : Done{};
}

Result<std::shared_ptr<Clip>> Entry::open_clip(const Record& record) {
  if (record.state != RecordState::complete)
    return damaged_clip(_("its record is not complete"), "open_clip() of an unfinished record");
  Result<Fd> directory = open_directory(directory_, ErrorCode::open_read);
  if (!directory)
    return std::move(directory).error();
  if (is_locked())
    reclaim_clip(directory->get(), directory_, record);
  Result<std::shared_ptr<Clip>> clip =
      open_checked(directory->get(), clip_name, directory_, record);
  if (!clip)
    return clip;
  mark_used_in(directory->get());
  if (is_locked())
    drop_previous(directory->get());
  return clip;
}

void Entry::mark_used() const {
  if (const Fd directory = try_open_directory(directory_))
    mark_used_in(directory.get());
}

Result<std::shared_ptr<Clip>> Entry::open_partial() {
  Result<Fd> directory = locked_directory();
  if (!directory)
    return std::move(directory).error();
  if (Status claimed = claim_part(); !claimed)
    return std::move(claimed).error();
  Result<Fd> file = part_claim_ ? open_part_file(directory->get())
                                : make_file(directory->get(), part_name_, directory_);
  if (!file)
    return std::move(file).error();
  struct stat info;
  if (::fstat(file->get(), &info) != 0)
    return io_error(ErrorCode::open_write, "fstat", partial_path(), errno);
  return std::make_shared<Clip>(std::move(file).value(), static_cast<std::uint64_t>(info.st_size),
                                partial_path());
}

bool Entry::is_downloaded(const Record& record) const {
  const Fd directory = try_open_directory(directory_);
  const char* name =
      directory && is_there(directory.get(), partial_name) ? partial_name : clip_name;
  struct stat info;
  return directory && record.size > 0 &&
         ::fstatat(directory.get(), name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISREG(info.st_mode) && static_cast<std::uint64_t>(info.st_size) == record.size;
}

// No money depends on it: a process that does not refresh it for this long has ended.
Status Entry::claim_part() {
  constexpr auto lease = std::chrono::seconds(60);
  if (part_claim_ && part_claim_->is_current())
    return Done{};
  part_claim_.reset();
  Result<std::unique_ptr<Claim>> claim = Claim::try_make(directory_ + "/" + part_claim_name, lease);
  if (!claim)
    return std::move(claim).error();
  part_claim_ = std::move(claim).value();
  part_name_ = part_claim_ ? partial_name : private_name(partial_name);
  return Done{};
}

Result<Fd> Entry::open_part_file(int directory) {
  if (!is_there(directory, partial_name)) {
    if (Status taken_back = take_back_finished(directory); !taken_back)
      return std::move(taken_back).error();
  }
  if (!is_there(directory, partial_name))
    return make_file(directory, partial_name, directory_);
  Result<Fd> file = open_file(directory, partial_name, directory_, O_RDWR, ErrorCode::open_write);
  if (file && may_be_from_before_boot(file->get()) && ::ftruncate(file->get(), 0) != 0)
    return io_error(ErrorCode::open_write, "ftruncate", partial_path(), errno);
  return file;
}

// After a crash between complete()'s rename and its record. With any other record, clip.mp4 belongs
// to another download.
Status Entry::take_back_finished(int directory) {
  Result<ReadRecord> read = read_record(directory, directory_, key_);
  if (!read || !read->record || read->record->state != RecordState::submitted)
    return Done{};
  struct stat info;
  if (::fstatat(directory, clip_name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(info.st_mode))
    return Done{};
  // It was synced: what happened to the machine since then has taken nothing of it.
  ::utimensat(directory, clip_name, nullptr, AT_SYMLINK_NOFOLLOW);
  return rename_file(directory, clip_name, partial_name, directory_);
}

Status Entry::remove_files(int directory, std::initializer_list<const char*> names) {
  bool is_changed = false;
  for (const char* name : names) {
    Result<bool> removed = remove_file(directory, name, directory_);
    if (!removed)
      return std::move(removed).error();
    is_changed = is_changed || *removed;
  }
  return is_changed ? sync_directory(directory, directory_) : Done{};
}

Status Entry::drop_clip() {
  Result<Fd> directory = locked_directory();
  if (!directory)
    return std::move(directory).error();
  return remove_files(directory->get(), {partial_name, clip_name});
}

Status Entry::give_up() {
  std::optional<PreparedFile> prepared = std::exchange(prepared_, std::nullopt);
  const bool is_prepared = prepared && lock_.is_current();
  Result<Fd> directory = is_prepared ? prepared->discard() : locked_directory();
  if (!directory)
    return std::move(directory).error();
  const auto begun = begin_change(directory->get());
  if (!begun && !(is_prepared && begun.error().code == ErrorCode::too_many_files))
    return begun.error();
  // The new task was never recorded.
  if (known_ && known_->state == RecordState::complete)
    return Done{};
  return remove_task(directory->get());
}

Status Entry::remove_task(int directory) {
  if (!is_previous_there(directory))
    return remove_all(directory, SetAside::keep);
  release_part();
  if (Status removed = remove_files(directory, {partial_name}); !removed)
    return removed;
  Status restored = bring_previous_back(directory, directory_);
  note_record(directory);
  return restored;
}

Status Entry::remove(SetAside set_aside) {
  Result<Fd> directory = locked_directory();
  if (!directory)
    return std::move(directory).error();
  const auto begun = begin_change(directory->get());
  if (!begun)
    return begun.error();
  return remove_all(directory->get(), set_aside);
}

Status Entry::remove_all(int directory, SetAside set_aside) {
  release_part();
  // Removes the record last: a clip without a record would never be counted or evicted.
  if (Status removed =
          remove_files(directory, {partial_name, clip_name, previous_name, previous_record_name});
      !removed)
    return removed;
  if (Status removed = remove_record(directory, directory_); !removed)
    return removed;
  known_.reset();
  if (set_aside == SetAside::remove) {
    if (Status removed = remove_set_aside(directory, directory_); !removed)
      return removed;
  }
  return sync_directory(directory, directory_);
}

}  // namespace modelverse::store
