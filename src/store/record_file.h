// SPDX-License-Identifier: LGPL-2.1-or-later
// The record file of an entry: replaced atomically, validated when read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/record.h"
#include "core/result.h"

namespace modelverse::store {

inline constexpr const char* record_name = "record.json";
// The file of an announced record (Entry::announce()); a crash may leave it. Never read.
inline constexpr const char* prepared_name = "record.json.next";
// The record of a finished clip that a new task may replace.
inline constexpr const char* previous_record_name = "record.previous.json";
inline constexpr std::size_t record_size_limit = 1024 * 1024;  // bytes

struct ReadRecord {
  std::optional<Record> record;
  std::string broken;  // why the file is not a valid record of this entry; empty: valid or missing
  std::optional<Record> salvaged;  // the readable part of a broken record of this entry

  // What is known of the entry's task.
  const std::optional<Record>& usable() const { return record ? record : salvaged; }
};

// `directory` is open, `path` its name for error texts. An Error: the file exists and cannot be
// read.
Result<ReadRecord> read_record(int directory, const std::string& path, const std::string& key,
                               const char* name = record_name);

// The text of a record. Error: read_record() would not accept it. Such a record must not be
// written: it would be set aside, and the id of a paid task with it.
Result<std::string> record_text(const Record& record, const std::string& key);

// Durable when it returns; on failure the previous record is still there.
Status write_record(int directory, const std::string& path, const Record& record,
                    const char* name = record_name);

// Writes a record's text where no record may be: false if there is one, which another machine may
// have written without being visible yet. Durable.
Result<bool> create_record(int directory, const std::string& path, const std::string& text);

// Removes what interrupted writes left in the entry an hour ago or earlier.
void remove_leftovers(int directory, const std::string& path);

// Renames the record to the first free "record.json.broken-<n>" and returns that name. With
// `salvaged`, that record takes its place: after a crash one of the two exists, if the file system
// has hard links; after an error the original is still there.
Result<std::string> set_record_aside(int directory, const std::string& path,
                                     const std::optional<Record>& salvaged = {});

// Removes all records that were set aside.
Status remove_set_aside(int directory, const std::string& path);

// Removes the record and unfinished writes that a crash left. Keeps records that were set aside.
Status remove_record(int directory, const std::string& path);

}  // namespace modelverse::store
