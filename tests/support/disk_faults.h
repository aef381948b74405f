// SPDX-License-Identifier: LGPL-2.1-or-later
// A disk that fails, or a process that dies, at a chosen call: this program's own versions of the
// system's calls that change files, which the code under test meets in place of libc's.
//
// A program that links this and loads the plugin must export its symbols (export_dynamic), so that
// the plugin finds them first.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace test_support {

class DiskFaults {
 public:
  // Counts the calls on files whose path begins with one of these, one life at a time. Threads of
  // the whole program count together.
  explicit DiskFaults(std::vector<std::string> directories);
  explicit DiskFaults(const std::string& directory) : DiskFaults(std::vector{directory}) {}
  ~DiskFaults();
  DiskFaults(const DiskFaults&) = delete;
  DiskFaults& operator=(const DiskFaults&) = delete;

  // The call of this number, counted from 0, fails; with `and_all_after`, those behind it as well.
  // On a full disk (ENOSPC) calls that only remove something go through, and those on files that
  // had their space reserved before.
  void fail_at(std::size_t number, int error_number, bool and_all_after = false);
  // The call of this number, if it changes a name, is carried out and fails all the same: so does a
  // file server's whose response was lost.
  void lose_response_at(std::size_t number, int error_number);
  // The process kills itself with SIGKILL just before this call.
  void die_at(std::size_t number);
  // From now on all is well.
  void heal();

  // What was called so far: "pwrite clip.part".
  static std::vector<std::string> calls();
};

}  // namespace test_support
