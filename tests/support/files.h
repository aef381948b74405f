// SPDX-License-Identifier: LGPL-2.1-or-later
// What lies in files and directories.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace test_support {

// Empty if there is no such regular file: a FIFO would be waited for.
inline std::string file_content(const std::string& path) {
  std::error_code missing;
  if (!std::filesystem::is_regular_file(path, missing))
    return {};
  // Not by iterators, which take a third of a second for a clip without optimisation.
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

// Sorted; none if there is no such directory.
inline std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code missing;
  for (const auto& item : std::filesystem::directory_iterator(directory, missing))
    names.push_back(item.path().filename());
  std::ranges::sort(names);
  return names;
}

}  // namespace test_support
