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

// The record that is there was looked at under the claim. If it is another one, the claim was lost,
// or the look-up did not see yet what another machine had written.
Result<bool> Entry::announce(const Record& record) {
  prepared_.reset();
  Result<Fd> directory = locked_directory();
  if (!directory)
    return std::move(directory).error();
  if (!is_claimed())
    return false;
  const int fd = directory->get();
  const Result<bool> is_known = is_still_known(fd, &record);
  if (!is_known || !*is_known)
    return is_known;
  if (known_ && known_->state == RecordState::submitted)
    return false;
  remove_leftovers(fd, directory_);
  const Result<std::string> text = record_text(record, key_);
  if (!text)
    return text.error();
  Result<PreparedFile> prepared = PreparedFile::make(
      fd, {directory_, private_name(prepared_name), record_name}, text->size() + room_for_ids);
  if (!prepared)
    return std::move(prepared).error();
  Result<bool> announced = known_ ? announce_next(record) : announce_first(fd, record, *text);
  if (announced && *announced)
    prepared_ = std::move(prepared).value();
  return announced;
}

// Nothing of an earlier task is there, so nothing has to be moved before the record.
Result<bool> Entry::announce_first(int directory, const Record& record, const std::string& text) {
  Result<bool> created = create_record(directory, directory_, text);
  if (!created || !*created)
    return created;
  known_ = record;
  if (Status placed = place_clips(directory, record); !placed)
    return std::move(placed).error();
  return true;
}

Result<bool> Entry::announce_next(const Record& record) {
  // No link(2) decides here, as it does for the first record: the machine may have been suspended.
  if (!is_claimed())
    return false;
  if (Status saved = save_anew(record); !saved)
    return std::move(saved).error();
  return true;
}

}  // namespace modelverse::store
