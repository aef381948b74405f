// SPDX-License-Identifier: LGPL-2.1-or-later
// After each step, the state is valid for the next process: see entry.h.
#include "store/previous.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "store/entry.h"
#include "store/io.h"
#include "store/record_file.h"

namespace modelverse::store {

bool is_previous_there(int directory) {
  return is_there(directory, previous_record_name) && is_there(directory, previous_name);
}

std::optional<Record> read_previous(int directory, const std::string& path,
                                    const std::string& key) {
  Result<ReadRecord> read = read_record(directory, path, key, previous_record_name);
  if (!read || !is_there(directory, previous_name))
    return {};
  return std::move(read->record);
}

Status set_previous_aside(int directory, const std::string& path, const Record& record) {
  if (Status written = write_record(directory, path, record, previous_record_name); !written)
    return written;
  return rename_file(directory, clip_name, previous_name, path);
}

// Restores the record first: with the record of the failed task, clip.mp4 would be attributed to
// that task.
Status bring_previous_back(int directory, const std::string& path) {
  if (Status renamed = rename_file(directory, previous_record_name, record_name, path); !renamed)
    return renamed;
  if (Status synced = sync_directory(directory, path); !synced)
    return synced;
  return rename_file(directory, previous_name, clip_name, path);
}

void reclaim_clip(int directory, const std::string& path, const Record& record) {
  if (is_there(directory, clip_name) || !is_there(directory, previous_name))
    return;
  // Without its own record, clip.previous belongs to the record that was already restored.
  const Result<ReadRecord> read = read_record(directory, path, record.key, previous_record_name);
  const bool is_another =
      read && read->record &&
      (read->record->sha256 != record.sha256 || read->record->clip_time != record.clip_time);
  if (!read || is_another)
    return;
  (void)rename_file(directory, previous_name, clip_name, path);
}

void drop_previous(int directory) {
  for (const char* name : {previous_name, previous_record_name})
    ::unlinkat(directory, name, 0);
}

}  // namespace modelverse::store
