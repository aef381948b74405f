// SPDX-License-Identifier: LGPL-2.1-or-later
// An announced record, and the guaranteed write of the next one.
#include <utility>

#include "glib/text.h"
#include "store/entry.h"
#include "store/record_file.h"

namespace modelverse::store {
namespace {

// Maximum growth from the record of a submit to that of its accepted task.
constexpr std::size_t room_for_ids = 4096;  // bytes

}  // namespace

// After a failure the announced record is still valid, and the regular save() reports the error.
bool Entry::save_prepared(const Record& record) {
  std::optional<PreparedFile> prepared = std::exchange(prepared_, std::nullopt);
  const Result<std::string> text = record_text(record, key_);
  return prepared && lock_.is_current() && text && prepared->write(*text);
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
  const Result<std::string> text = record_text(record, key_);
  if (!text)
    return text.error();
  Result<PreparedFile> prepared = PreparedFile::make(
      fd, {directory_, private_name(prepared_name), record_name}, text->size() + room_for_ids);
  if (!prepared)
    return std::move(prepared).error();
  Result<bool> announced = is_first ? announce_first(fd, record, *text) : announce_next(record);
  if (announced && *announced)
    prepared_ = std::move(prepared).value();
  return announced;
}

// Nothing of an earlier task is there, so nothing has to be moved before the record.
Result<bool> Entry::announce_first(int directory, const Record& record, const std::string& text) {
  Result<bool> created = create_record(directory, directory_, text);
  if (!created || !*created)
    return created;
  if (Status placed = place_clips(directory, record); !placed)
    return std::move(placed).error();
  return true;
}

Result<bool> Entry::announce_next(const Record& record) {
  // No link(2) decides here, as it does for the first record: the machine may have been suspended.
  if (!claim_->is_current())
    return false;
  if (Status saved = save_anew(record); !saved)
    return std::move(saved).error();
  return true;
}

}  // namespace modelverse::store
