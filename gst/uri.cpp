// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse:///path/photo.jpg?prompt=... GUri parses the syntax; the keys are properties.
#include "uri.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "glib/handles.h"
#include "glib/text.h"
#include "job/plan.h"
#include "structures.h"

namespace modelverse {

namespace {

constexpr const char* path_property = "image-path";

// GUri's messages quote the invalid text, which may not be UTF-8.
bool refuse(GError** error, const std::string& why) {
  const CharPtr text(g_utf8_make_valid(why.c_str(), -1));
  g_set_error(error, GST_URI_ERROR, GST_URI_ERROR_BAD_URI, _("Invalid modelverse: URI: %s"),
              text.get());
  return false;
}

// gst_value_deserialize() accepts "-1" and "max" as the largest unsigned number.
bool is_number(const char* text) {
  return g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT, nullptr, nullptr);
}

bool parse_value(GParamSpec* spec, const char* text, GValue* value) {
  if (G_IS_PARAM_SPEC_STRING(spec)) {
    g_value_set_string(value, text);
    return true;
  }
  if (G_PARAM_SPEC_VALUE_TYPE(spec) == GST_TYPE_STRUCTURE) {
    GstStructure* structure = nullptr;
    const bool is_read = structure_from_json(text, &structure);
    g_value_take_boxed(value, structure);
    return is_read;
  }
  if (G_PARAM_SPEC_VALUE_TYPE(spec) == GST_TYPE_ARRAY)
    return array_from_json(text, value);
  if (!*text || (G_IS_PARAM_SPEC_UINT(spec) && !is_number(text)))
    return false;
  // g_param_value_validate() returns TRUE if it had to change the value.
  return gst_value_deserialize(value, text) && !g_param_value_validate(spec, value);
}

const Property* find(std::span<const Property> table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Property& property) {
    return property.is_in_uri && name == property.name;
  });
  return found == table.end() ? nullptr : &*found;
}

bool apply(const Property& property, const char* text, Settings& settings, GError** error) {
  const auto spec = spec_of(property);
  g_auto(GValue) value = G_VALUE_INIT;
  g_value_init(&value, G_PARAM_SPEC_VALUE_TYPE(spec.get()));
  if (!parse_value(spec.get(), text, &value))
    return refuse(error, format_text(_("bad value for %s"), property.name));
  property.set(settings, &value);
  return true;
}

void reset(std::span<const Property> table, Settings& settings) {
  for (const auto& property : table) {
    if (!property.is_in_uri)
      continue;
    const auto spec = spec_of(property);
    g_auto(GValue) value = G_VALUE_INIT;
    g_value_init(&value, G_PARAM_SPEC_VALUE_TYPE(spec.get()));
    g_param_value_set_default(spec.get(), &value);
    property.set(settings, &value);
  }
}

bool apply_query(const char* query, std::span<const Property> table, Settings& settings,
                 std::set<std::string>& seen, GError** error) {
  GUriParamsIter iter;
  g_uri_params_iter_init(&iter, query, -1, "&", G_URI_PARAMS_NONE);
  for (;;) {
    char* raw_key = nullptr;
    char* raw_text = nullptr;
    ErrorSlot broken;
    if (!g_uri_params_iter_next(&iter, &raw_key, &raw_text, broken.out()))
      return !broken || refuse(error, broken.message());
    const CharPtr key(raw_key);
    const CharPtr text(raw_text);
    const auto* property = find(table, key.get());
    if (!property)
      return refuse(error, format_text(_("unknown key %s"), key.get()));
    if (!seen.insert(key.get()).second)
      return refuse(error, format_text(_("repeated key %s"), key.get()));
    if (!apply(*property, text.get(), settings, error))
      return false;
  }
}

std::string escape(const char* text, const char* allowed) {
  const CharPtr escaped(g_uri_escape_string(text, allowed, FALSE));
  return escaped.get();
}

// Empty if the value is the default, or an unset string.
std::string value_text(const Property& property, const Settings& settings) {
  const auto spec = spec_of(property);
  g_auto(GValue) value = G_VALUE_INIT;
  g_value_init(&value, G_PARAM_SPEC_VALUE_TYPE(spec.get()));
  // The requested task, not the current one, which gives the same clip only while it is cached.
  property.get(settings, Live{}, &value);
  if (g_param_value_defaults(spec.get(), &value))
    return {};
  if (G_IS_PARAM_SPEC_STRING(spec.get())) {
    const char* given = g_value_get_string(&value);
    return given ? given : "";
  }
  if (const auto* structure =
          G_VALUE_HOLDS(&value, GST_TYPE_STRUCTURE) ? gst_value_get_structure(&value) : nullptr)
    return json_from_structure(structure);
  if (GST_VALUE_HOLDS_ARRAY(&value))
    return json_from_array(&value);
  const CharPtr text(gst_value_serialize(&value));
  return text ? text.get() : "";
}

// A picture in memory has no URI. A prompt is enough for a text-to-video model, and what another
// model takes may be in the extras alone.
bool can_be_named(const Settings& settings) {
  if (!settings.task_id.empty())
    return true;
  const bool has_name = !settings.image_path.empty() || !settings.image_uri.empty() ||
                        !settings.last_image_path.empty() || !settings.last_image_uri.empty() ||
                        !settings.reference_images.empty() || !settings.prompt.empty() ||
                        !settings.extra_input.empty() || !settings.extra_parameters.empty();
  return has_name && !settings.image_sample && !settings.last_image_sample;
}

// A URI does not depend on the environment of the process that gave it.
Settings with_chosen_model(Settings settings) {
  if (settings.model.empty() && job::usual_model() != default_model)
    settings.model = job::usual_model();
  return settings;
}

// Absolute, without "." and "..": the URI names the same file in another directory. Empty stays.
std::string canonical(const std::string& path) {
  if (path.empty())
    return path;
  const CharPtr absolute(g_canonicalize_filename(path.c_str(), nullptr));
  const std::string_view name(absolute.get());
  // GLib keeps "//" at the start; on Linux it is "/", and in a URI it starts a host.
  return std::string(name.starts_with("//") ? name.substr(1) : name);
}

}  // namespace

bool apply_uri(const std::string& uri, std::span<const Property> table, Settings& settings,
               GError** error) {
  ErrorSlot broken;
  const UriPtr parsed(g_uri_parse(
      uri.c_str(),
      // A name may not be UTF-8, and GUri would refuse it.
      static_cast<GUriFlags>(G_URI_FLAGS_ENCODED_QUERY | G_URI_FLAGS_ENCODED_PATH), broken.out()));
  if (!parsed)
    return refuse(error, broken.message());
  const char* host = g_uri_get_host(parsed.get());
  if (std::string_view(g_uri_get_scheme(parsed.get())) != uri_protocol)
    return refuse(error, _("the scheme is not modelverse"));
  if ((host && *host) || g_uri_get_userinfo(parsed.get()) || g_uri_get_port(parsed.get()) != -1 ||
      g_uri_get_fragment(parsed.get()))
    return refuse(error, _("a host, user, port or fragment is not allowed"));
  auto changed = settings;
  reset(table, changed);
  std::set<std::string> seen;
  const CharPtr path(g_uri_unescape_string(g_uri_get_path(parsed.get()), nullptr));
  if (!path)
    return refuse(error, _("the path has an escape that no file name has"));
  if (const std::string_view name = path.get(); !name.empty() && name != "/") {
    seen.insert(path_property);
    changed.image_path = canonical(path.get());
  }
  const char* query = g_uri_get_query(parsed.get());
  if (query && !apply_query(query, table, changed, seen, error))
    return false;
  changed.is_base_url_of_uri = seen.contains("base-url");
  settings = std::move(changed);
  return true;
}

std::string make_uri(std::span<const Property> table, const Settings& given) {
  if (!can_be_named(given))
    return {};
  auto settings = with_chosen_model(given);
  settings.image_path = canonical(given.image_path);
  settings.last_image_path = canonical(given.last_image_path);
  for (auto& picture : settings.reference_images)
    if (!CharPtr(g_uri_parse_scheme(picture.c_str())))
      picture = canonical(picture);
  const auto& path = settings.image_path;
  // "/" alone means no path ("modelverse:/?task-id=...").
  const bool has_path = !path.empty() && path != "/";
  std::string uri = std::string(uri_protocol) + ":";
  if (has_path)
    uri += "//" + escape(path.c_str(), "/");
  char separator = '?';
  for (const auto& property : table) {
    if (!property.is_in_uri || (has_path && std::string_view(property.name) == path_property))
      continue;
    const auto text = value_text(property, settings);
    if (text.empty())
      continue;
    uri += std::exchange(separator, '&');
    uri += std::string(property.name) + "=" + escape(text.c_str(), nullptr);
  }
  return uri;
}

}  // namespace modelverse
