// SPDX-License-Identifier: LGPL-2.1-or-later
// Text in the columns of a terminal: East Asian characters take two.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace modelverse::render {

std::size_t columns_of(std::string_view text);
// At most `columns` wide; "…" marks a cut.
std::string cut_to(std::string_view text, std::size_t columns);
// cut_to(), then padded with spaces.
std::string fill_to(std::string_view text, std::size_t columns);
// Rows of equal length; all columns but the last are padded.
std::string as_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace modelverse::render
