// SPDX-License-Identifier: LGPL-2.1-or-later
// Text in the columns of a terminal: East Asian characters take two.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace modelverse {

std::size_t columns_of(std::string_view text);
// At most `columns` wide; "…" marks a cut.
std::string cut_to(std::string_view text, std::size_t columns);
// cut_to(), then padded with spaces.
std::string fill_to(std::string_view text, std::size_t columns);

using Row = std::vector<std::string>;
inline constexpr auto any_width = static_cast<std::size_t>(-1);
// Leaves out those of the columns `by_importance` for which there is no room beside the others and
// the first `least_last` columns of the last one. The rows are of equal length.
void leave_out(std::vector<Row>& rows, std::size_t columns,
               std::span<const std::size_t> by_importance, std::size_t least_last);
// A line for each row, of at most `columns`; all cells but the last are padded.
std::string as_table(const std::vector<Row>& rows, std::size_t columns = any_width);

}  // namespace modelverse
