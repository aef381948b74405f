// SPDX-License-Identifier: LGPL-2.1-or-later
// The record that follows another one, with all that writing it takes: descriptors of the directory
// and of a file, and room for it on the disk.
#pragma once

#include <cstddef>
#include <string>

#include "core/result.h"
#include "store/io.h"

namespace modelverse::store {

// What is left of one that was not written, also by a crash. Never read.
inline constexpr const char* prepared_name = "record.json.next";

class PreparedRecord {
 public:
  // Makes the file with room for `size` bytes in the directory, whose `path` is for error texts.
  static Result<PreparedRecord> make(Fd directory, std::string path, std::size_t size);
  PreparedRecord(PreparedRecord&&) = default;
  PreparedRecord& operator=(PreparedRecord&&) = default;
  ~PreparedRecord() { remove_file(); }

  // The text is the entry's record, durable. Opens nothing and, up to the prepared size, allocates
  // nothing on the disk. Once.
  Status write(const std::string& text);
  // Nothing is to be written: the file goes, and the directory's descriptor is the caller's.
  Fd discard();

 private:
  PreparedRecord(Fd directory, Fd file, std::string path)
      : directory_(std::move(directory)), file_(std::move(file)), path_(std::move(path)) {}
  void remove_file();

  Fd directory_;
  Fd file_;
  std::string path_;
};

}  // namespace modelverse::store
