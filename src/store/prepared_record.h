// SPDX-License-Identifier: LGPL-2.1-or-later
// The next record, with the resources to write it reserved: descriptors of the directory and of a
// file, and disk space.
#pragma once

#include <cstddef>
#include <string>

#include "core/result.h"
#include "store/io.h"

namespace modelverse::store {

// The file of a prepared record; a crash may leave it. Never read.
inline constexpr const char* prepared_name = "record.json.next";

class PreparedRecord {
 public:
  // Creates the file with `size` bytes reserved in the directory, whose `path` is for error texts.
  static Result<PreparedRecord> make(Fd directory, std::string path, std::size_t size);
  PreparedRecord(PreparedRecord&&) = default;
  PreparedRecord& operator=(PreparedRecord&&) = default;
  ~PreparedRecord() { remove_file(); }

  // Replaces the entry's record by the text, durable. Opens nothing and, up to the prepared size,
  // allocates nothing on the disk. May be called once.
  Status write(const std::string& text);
  // Removes the file and returns the directory's descriptor.
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
