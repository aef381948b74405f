// SPDX-License-Identifier: LGPL-2.1-or-later
// Text in columns.
#pragma once

#include <string>
#include <vector>

namespace modelverse::tool {

// One line for each row; the last column is not padded. The rows are equally long.
std::string in_columns(const std::vector<std::vector<std::string>>& rows);

}  // namespace modelverse::tool
