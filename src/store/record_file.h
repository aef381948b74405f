// SPDX-License-Identifier: LGPL-2.1-or-later
// The record in an entry's directory: replaced as a whole, read with suspicion.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/record.h"
#include "core/result.h"

namespace modelverse::store {

inline constexpr const char* record_name = "record.json";
// The record of a finished clip while a new task may take its place.
inline constexpr const char* previous_record_name = "record.previous.json";
inline constexpr std::size_t record_size_limit = 1024 * 1024;  // bytes

struct ReadRecord {
  std::optional<Record> record;
  std::string broken;  // why what is there is not this entry's record; empty: it is, or none is
  std::optional<Record> salvaged;  // what a broken one tells of this entry's task all the same
};

// `directory` is open, `path` its name for error texts. An Error: it is there and cannot be read.
Result<ReadRecord> read_record(int directory, const std::string& path, const std::string& key,
                               const char* name = record_name);

// Would it be read again as it is? What a later read_record() would call broken must not be
// written: it would be set aside, and with it the id of a paid task.
Status check_record(const Record& record);

// Durable when it returns; where it fails the record of before is still there.
Status write_record(int directory, const std::string& path, const Record& record,
                    const char* name = record_name);

// Renames it to the first free "record.json.broken-<n>", which it returns. With what was salvaged
// of it that takes its place: after a crash there is one or the other, where the file system has
// hard links; after an error there is what was there before.
Result<std::string> set_record_aside(int directory, const std::string& path,
                                     const std::optional<Record>& salvaged = {});

// All of those that were set aside.
Status remove_set_aside(int directory, const std::string& path);

// It and what a crash left of an unfinished write. Not what was set aside.
Status remove_record(int directory, const std::string& path);

}  // namespace modelverse::store
