// SPDX-License-Identifier: LGPL-2.1-or-later
// Matches names against keys and task ids.
#include "tool/choice.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "api/printable.h"
#include "glib/text.h"

namespace modelverse::tool {

namespace {

Error none(const std::string& name) {
  return {.code = ErrorCode::not_found,
          .text = format_text(_("there is no entry %s, see modelverse-tasks list"),
                              api::printable(name, 200).c_str()),
          .debug = {}};
}

Error several(const std::string& name, const std::vector<const store::EntrySummary*>& found) {
  constexpr std::size_t most_named = 10;
  auto text = format_text(_("%s matches several entries:"), api::printable(name, 200).c_str());
  for (std::size_t i = 0; i < std::min(found.size(), most_named); ++i)
    text += "\n  " + found[i]->record.key;
  if (found.size() > most_named)
    text += "\n  " + format_text(_("and %zu more"), found.size() - most_named);
  return settings_error(std::move(text));
}

}  // namespace

Result<store::EntrySummary> choose(const std::vector<store::EntrySummary>& entries,
                                   const std::string& name) {
  std::vector<const store::EntrySummary*> found;
  for (const auto& entry : entries) {
    if (entry.record.key.starts_with(name) || entry.record.task_id == name)
      found.push_back(&entry);
  }
  if (found.empty() || name.empty())
    return none(name);
  return found.size() == 1 ? Result<store::EntrySummary>(*found.front()) : several(name, found);
}

}  // namespace modelverse::tool
