// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads models.json.
#include "emulator/model_table.h"

#include <algorithm>

#include "emulator/json.h"

// The resource that Meson generates from models.gresource.xml.
extern "C" GResource* emulator_models_get_resource();

namespace emulator {
namespace {

JsonObject* table() {
  static const JsonObjectPtr root = [] {
    GResource* resource = emulator_models_get_resource();
    const Blob text = adopt_blob(g_resource_lookup_data(
        resource, "/modelverse/emulator/models.json", G_RESOURCE_LOOKUP_FLAGS_NONE, nullptr));
    auto parsed = parse_object({reinterpret_cast<const char*>(blob_data(text)), blob_size(text)});
    if (auto* problem = std::get_if<std::string>(&parsed))
      g_error("models.json: %s", problem->c_str());
    return std::get<JsonObjectPtr>(std::move(parsed));
  }();
  return root.get();
}

// The member itself, or the member of `shared` with its name.
JsonObject* resolve(JsonNode* node, const char* shared) {
  if (!node || JSON_NODE_HOLDS_OBJECT(node))
    return node ? json_node_get_object(node) : nullptr;
  return json_object_get_object_member(json_object_get_object_member(table(), shared),
                                       json_node_get_string(node));
}

}  // namespace

std::vector<Model> Model::find(const std::string& name) {
  std::vector<Model> found;
  for (JsonNode* row : children(json_object_get_member(table(), "models"))) {
    JsonObject* object = json_node_get_object(row);
    if (std::ranges::count(texts(json_object_get_member(object, "models")), name) > 0)
      found.push_back(Model(object));
  }
  return found;
}

JsonObject* Model::field(const std::string& path) const {
  JsonObject* fields = json_object_get_object_member(row_, "fields");
  return resolve(json_object_get_member(fields, path.c_str()), "types");
}

std::vector<std::string> Model::field_paths() const {
  return member_names(json_object_get_object_member(row_, "fields"));
}

JsonObject* Model::pictures() const {
  return resolve(json_object_get_member(row_, "pictures"), "pictures");
}

Size Model::size(const std::string& resolution) const {
  g_autofree char* name = g_ascii_strdown(resolution.c_str(), -1);
  for (JsonObject* holder : {row_, table()}) {
    JsonNode* size = find_path(holder, std::string("sizes.") + name);
    if (size)
      return {static_cast<int>(json_array_get_int_element(json_node_get_array(size), 0)),
              static_cast<int>(json_array_get_int_element(json_node_get_array(size), 1))};
  }
  return {1280, 720};
}

}  // namespace emulator
