// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/models.h"

#include <algorithm>
#include <utility>

#include "api/body_template.h"
#include "api/model_rows.h"
#include "api/models_data.h"
#include "core/settings.h"

namespace modelverse::api {
namespace {

// A test reads the built-in rows: an error here is a build error.
std::vector<Profile> built_in_rows() {
  auto rows = read_model_rows(models_data, "models.json", {});
  return rows ? std::move(rows).value() : std::vector<Profile>();
}

// The names that most models have for what the default model does not take.
void add_common_fields(Object& body) {
  const auto add = [&body](std::string_view section, const char* name, const Value& value) {
    for (auto& [own, members] : body)
      if (own == section)
        std::get<Object>(members.data).push_back({name, value});
  };
  const auto placeholder = [](std::string_view text) { return Value{std::string(text)}; };
  add("input", "last_frame_url", placeholder(last_picture_placeholder));
  add("input", "images", {Array{placeholder(reference_placeholder)}});
  add("input", "negative_prompt", placeholder(negative_prompt_placeholder));
  add("parameters", "aspect_ratio", placeholder(aspect_ratio_placeholder));
  add("parameters", "seed", placeholder(seed_placeholder));
  add("parameters", "generate_audio", placeholder(audio_placeholder));
}

Profile unknown_profile(const std::vector<Profile>& rows) {
  const auto usual = std::ranges::find(rows, default_model, &Profile::model);
  Profile unknown;
  if (usual != rows.end())
    unknown.body = usual->body;
  add_common_fields(unknown.body);
  unknown.last_picture = PictureUse::optional;
  unknown.references = PictureUse::optional;
  unknown.picture = PictureUse::optional;
  unknown.is_known = false;
  return unknown;
}

}  // namespace

Models::Models(std::vector<Profile> rows)
    : rows_(std::move(rows)), unknown_(unknown_profile(rows_)) {}

// Never freed: a job's thread may outlive the static destructors.
const Models& Models::built_in() {
  static const auto* models = new Models(built_in_rows());
  return *models;
}

Result<Models> Models::with_rows_of(std::string_view text, const std::string& file) {
  auto rows = read_model_rows(text, file, built_in().rows_);
  if (!rows)
    return std::move(rows).error();
  Models models(std::move(rows).value());
  // The user's row for the default model does not apply to unknown models.
  models.unknown_ = built_in().unknown_;
  return models;
}

std::string_view Models::built_in_text() {
  return models_data;
}

const Profile& Models::find(std::string_view model) const {
  const auto row = std::ranges::find(rows_, model, &Profile::model);
  return row == rows_.end() ? unknown_ : *row;
}

}  // namespace modelverse::api
