// SPDX-License-Identifier: LGPL-2.1-or-later
// A file that replaces another one later, with the resources for that reserved: descriptors of the
// directory and of the file, and disk space.
#pragma once

#include <cstddef>
#include <string>

#include "core/result.h"
#include "store/io.h"

namespace modelverse::store {

class PreparedFile {
 public:
  // In the directory, whose `path` is for error texts.
  struct Names {
    std::string path;
    std::string prepared;  // until write(); a crash may leave it
    std::string replaced;
  };
  // Creates the file, empty, with `size` bytes reserved.
  static Result<PreparedFile> make(int directory, Names names, std::size_t size);
  PreparedFile(PreparedFile&&) = default;
  PreparedFile& operator=(PreparedFile&&) = default;
  ~PreparedFile() { remove_file(); }

  int directory() const { return directory_.get(); }
  // Gives the other file another name before it is replaced.
  Status rename_replaced(const std::string& name);
  // Replaces the other file by this one with the text, durable. Opens nothing and, up to the
  // prepared size, allocates nothing on the disk. May be called once.
  Status write(const std::string& text);
  // Removes the file and returns the directory's descriptor.
  Fd discard();

 private:
  PreparedFile(Fd directory, Fd file, Names names)
      : directory_(std::move(directory)), file_(std::move(file)), names_(std::move(names)) {}
  void remove_file();

  Fd directory_;
  Fd file_;
  Names names_;
};

}  // namespace modelverse::store
