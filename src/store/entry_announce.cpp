// SPDX-License-Identifier: LGPL-2.1-or-later
// An announced record, and the guaranteed write of the next one.
#include <utility>

#include "api/record_json.h"
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

Status Entry::announce(const Record& record) {
  prepared_.reset();
  Result<Fd> directory = locked_directory();
  if (!directory)
    return std::move(directory).error();
  Result<PreparedFile> prepared =
      PreparedFile::make(std::move(directory).value(), {directory_, prepared_name, record_name},
                         api::encode_record(record).size() + room_for_ids);
  if (!prepared)
    return std::move(prepared).error();
  if (Status saved = save_anew(record); !saved)
    return saved;
  prepared_ = std::move(prepared).value();
  return Done{};
}

// Opens no file: the record is the announced one, and the previous clip belongs to the entry.
Status Entry::withdraw(const Fd& directory) {
  const bool has_previous =
      is_there(directory.get(), previous_record_name) && is_there(directory.get(), previous_name);
  if (!has_previous)
    return remove_all(directory.get(), SetAside::keep);
  if (Status removed = remove_files(directory.get(), {partial_name}); !removed)
    return removed;
  return bring_previous_back(directory.get(), directory_);
}

}  // namespace modelverse::store
