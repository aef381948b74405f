// SPDX-License-Identifier: LGPL-2.1-or-later
// The list of rows, and the base of each.
#include "api/model_rows.h"

#include <algorithm>
#include <set>
#include <utility>

#include "api/json.h"
#include "api/printable.h"
#include "api/row_reader.h"
#include "glib/text.h"

namespace modelverse::api {
namespace {

constexpr JsonLimits rows_limits{.max_bytes = 1 << 20, .max_depth = 24};

Error refuse_rows(const std::string& file, const std::string& what) {
  return settings_error(
      format_text(_("Invalid list of models: %s: %s."), file.c_str(), what.c_str()),
      "read_model_rows");
}

// Replaces or appends the row. Returns the fault; empty: none. `seen`: the models of earlier rows.
std::string take_row(const Value& value, const std::string& place, std::vector<Profile>& rows,
                     std::set<std::string>& seen) {
  const auto* object = std::get_if<Object>(&value.data);
  if (!object)
    return format_text(_("%s must be an object"), place.c_str());
  const auto* name = find_member(object, "model");
  const auto* model = name ? text_in(*name) : nullptr;
  if (!model)
    return format_text(_("%s must be a string"), (place + ".model").c_str());
  const auto where = place + " (" + printable(*model, 100) + ")";
  if (!seen.insert(*model).second)
    return format_text(_("%s: duplicate row of this model"), where.c_str());
  const auto base_name = find_string(object, "like").value_or(*model);
  const auto base = std::ranges::find(rows, base_name, &Profile::model);
  if (base == rows.end() && base_name != *model)
    return format_text(_("%s.like: no row of %s above"), where.c_str(),
                       printable(base_name, 100).c_str());
  Profile profile = base == rows.end() ? Profile() : *base;
  // Another model has its own price, and lives longer.
  if (profile.model != *model) {
    profile.price.reset();
    profile.withdrawn.reset();
  }
  profile.model = *model;
  auto fault = read_row(*object, where, profile);
  const auto own = std::ranges::find(rows, *model, &Profile::model);
  if (own == rows.end())
    rows.push_back(std::move(profile));
  else
    *own = std::move(profile);
  return fault;
}

}  // namespace

Result<std::vector<Profile>> read_model_rows(std::string_view text, const std::string& file,
                                             std::vector<Profile> known) {
  const auto document = read_json(text, rows_limits);
  const auto line = document.line > 0 ? ":" + std::to_string(document.line) : "";
  if (document.problem)
    return refuse_rows(file + line, _(document.problem));
  const auto* list = find_member(&document.root, "models");
  const auto* items = list ? std::get_if<Array>(&list->data) : nullptr;
  if (!items)
    return refuse_rows(file, _("it must contain {\"models\": [...]}"));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const auto fault = take_row((*items)[i], "models[" + std::to_string(i) + "]", known, seen);
    if (!fault.empty())
      return refuse_rows(file, fault);
  }
  return known;
}

}  // namespace modelverse::api
