// SPDX-License-Identifier: LGPL-2.1-or-later
// The list of rows, and the base of each.
#include "api/model_rows.h"

#include <algorithm>
#include <utility>

#include "api/json.h"
#include "api/printable.h"
#include "api/row_reader.h"
#include "glib/text.h"

namespace modelverse::api {
namespace {

constexpr ScanLimits rows_limits{.max_bytes = 1 << 20, .max_depth = 24};

Error refuse_rows(const std::string& file, const std::string& what) {
  return settings_error(
      format_text(_("Invalid list of models: %s: %s."), file.c_str(), what.c_str()),
      "read_model_rows");
}

auto find_row(std::vector<Profile>& rows, std::string_view model) {
  return std::ranges::find(rows, model, &Profile::model);
}

class ListReader {
 public:
  explicit ListReader(std::vector<Profile> known) : rows_(std::move(known)) {}

  // Returns the error, or nothing.
  std::string take(JsonNode* node, const std::string& place) {
    if (!JSON_NODE_HOLDS_OBJECT(node))
      return format_text(_("%s must be an object"), place.c_str());
    JsonObject* object = json_node_get_object(node);
    const auto model = find_string(object, "model");
    if (!model || model->empty() || !is_printable(*model))
      return format_text(_("%s must be a string"), (place + ".model").c_str());
    const auto where = place + " (" + printable(*model, 100) + ")";
    if (holds(seen_, *model))
      return format_text(_("%s: duplicate row of this model"), where.c_str());
    seen_.push_back(*model);
    const auto base = find_string(object, "like").value_or(*model);
    const auto start = find_row(rows_, base);
    if (start == rows_.end() && base != *model)
      return format_text(_("%s.like: no row of %s above"), where.c_str(),
                         printable(base, 100).c_str());
    Profile profile = start == rows_.end() ? Profile() : *start;
    // Another model has its own price, and lives longer.
    if (profile.model != *model) {
      profile.price.reset();
      profile.withdrawn.reset();
    }
    profile.model = *model;
    RowReader reader(object, where);
    reader.read(profile);
    put(std::move(profile));
    return reader.fault();
  }

  std::vector<Profile> rows() && { return std::move(rows_); }

 private:
  void put(Profile profile) {
    const auto place = find_row(rows_, profile.model);
    if (place == rows_.end())
      rows_.push_back(std::move(profile));
    else
      *place = std::move(profile);
  }

  std::vector<Profile> rows_;
  std::vector<std::string> seen_;
};

}  // namespace

Result<std::vector<Profile>> read_model_rows(std::string_view text, const std::string& file,
                                             std::vector<Profile> known) {
  const auto document = read_json(text, rows_limits);
  const auto line = document.line > 0 ? ":" + std::to_string(document.line) : "";
  if (!document.root)
    return refuse_rows(file + line, _(document.problem.c_str()));
  JsonNode* list = find_member(document.root, "models");
  if (!list || !JSON_NODE_HOLDS_ARRAY(list))
    return refuse_rows(file, _("it must contain {\"models\": [...]}"));
  ListReader reader(std::move(known));
  JsonArray* items = json_node_get_array(list);
  for (guint i = 0; i < json_array_get_length(items); ++i) {
    const auto fault =
        reader.take(json_array_get_element(items, i), "models[" + std::to_string(i) + "]");
    if (!fault.empty())
      return refuse_rows(file, fault);
  }
  return std::move(reader).rows();
}

}  // namespace modelverse::api
