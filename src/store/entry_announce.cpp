// SPDX-License-Identifier: LGPL-2.1-or-later
// An announced record, and the guaranteed write of the next one.
#include <fcntl.h>

#include <cerrno>
#include <utility>

#include "api/record_json.h"
#include "glib/text.h"
#include "store/entry.h"
#include "store/previous.h"
#include "store/record_file.h"

namespace modelverse::store {
namespace {

// Maximum growth from the record of a submit to that of its accepted task.
constexpr std::size_t room_for_ids = 4096;  // bytes

}  // namespace

// After a failure the announced record is still valid, and the regular save() reports the error.
bool Entry::save_prepared(const Record& record) {
  std::optional<PreparedFile> prepared = std::exchange(prepared_, std::nullopt);
  Record own = record;
  own.key = key_;
  return prepared && lock_.is_current() && check_record(own) &&
         prepared->write(api::encode_record(own));
}

// The record that is there was looked at under the claim. If it is another one, the claim was lost,
// or the look-up did not see yet what another machine had written.
Result<bool> Entry::announce(const Record& record) {
  prepared_.reset();
  Result<Fd> directory = locked_directory();
  if (!directory)
    return std::move(directory).error();
  if (!claim_)
    return Error{ErrorCode::open_write,
                 format_text(_("Internal error while writing %s."), directory_.c_str()),
                 "the entry is not claimed"};
  if (!claim_->is_current())
    return false;
  const int fd = directory->get();
  Result<ReadRecord> before = read_record(fd, directory_, key_);
  if (!before)
    return std::move(before).error();
  if (before->record && (before->record->state == RecordState::submitted || !seen_ ||
                         !is_same_submit(*before->record, *seen_)))
    return false;
  remove_leftovers(fd, directory_);
  const bool is_first = !before->record && before->broken.empty();
  return is_first ? announce_first(std::move(directory).value(), record)
                  : announce_next(std::move(directory).value(), record);
}

Result<PreparedFile> Entry::prepare_next(Fd directory, const Record& record) const {
  return PreparedFile::make(std::move(directory),
                            {directory_, private_name(prepared_name), record_name},
                            api::encode_record(record).size() + room_for_ids);
}

// Nothing of an earlier task is there, so nothing has to be moved before the record.
Result<bool> Entry::announce_first(Fd directory, const Record& record) {
  Record own = record;
  own.key = key_;
  const Fd copy = Fd::adopt(::fcntl(directory.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy)
    return io_error(ErrorCode::open_write, "fcntl", directory_, errno);
  Result<PreparedFile> prepared = prepare_next(std::move(directory), own);
  if (!prepared)
    return std::move(prepared).error();
  Result<bool> created = create_record(copy.get(), directory_, own);
  if (!created || !*created)
    return created;
  prepared_ = std::move(prepared).value();
  if (Status placed = place_clips(copy.get(), own); !placed)
    return std::move(placed).error();
  return true;
}

Result<bool> Entry::announce_next(Fd directory, const Record& record) {
  Result<PreparedFile> prepared = prepare_next(std::move(directory), record);
  if (!prepared)
    return std::move(prepared).error();
  // No link(2) decides here, as it does for the first record: the machine may have been suspended.
  if (!claim_->is_current())
    return false;
  if (Status saved = save_anew(record); !saved)
    return std::move(saved).error();
  prepared_ = std::move(prepared).value();
  return true;
}

// Opens no file: the record is the announced one, and the previous clip belongs to the entry.
Status Entry::withdraw(const Fd& directory) {
  const bool has_previous =
      is_there(directory.get(), previous_record_name) && is_there(directory.get(), previous_name);
  if (!has_previous)
    return remove_all(directory.get(), SetAside::keep);
  release_part();
  if (Status removed = remove_files(directory.get(), {partial_name}); !removed)
    return removed;
  return bring_previous_back(directory.get(), directory_);
}

}  // namespace modelverse::store
