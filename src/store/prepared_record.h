// SPDX-License-Identifier: LGPL-2.1-or-later
// The record that follows another one, with all that writing it takes: descriptors of the folder
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
  // Makes the file with room for `size` bytes in the folder, whose `path` is for error texts.
  static Result<PreparedRecord> make(Fd folder, std::string path, std::size_t size);
  PreparedRecord(PreparedRecord&&) = default;
  PreparedRecord& operator=(PreparedRecord&&) = default;
  ~PreparedRecord() { remove_file(); }

  // The text is the entry's record, durable. Opens nothing and, up to the prepared size, allocates
  // nothing on the disk. Once.
  Status write(const std::string& text);
  // Nothing is to be written: the file goes, and the folder's descriptor is the caller's.
  Fd discard();

 private:
  PreparedRecord(Fd folder, Fd file, std::string path)
      : folder_(std::move(folder)), file_(std::move(file)), path_(std::move(path)) {}
  void remove_file();

  Fd folder_;
  Fd file_;
  std::string path_;
};

}  // namespace modelverse::store
