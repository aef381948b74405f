// SPDX-License-Identifier: LGPL-2.1-or-later
// Sets properties by a modelverse: URI, so that their types are the element's business.
#include "render/shot_element.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "glib/text.h"
#include "gst/properties.h"
#include "gst/uri.h"

namespace modelverse::render {

namespace {

// Keys of the URI that do not say what to make.
constexpr std::array<std::string_view, 3> other_keys = {"base-url", "url-index", "cache-mode"};

std::string escaped(const std::string& text) {
  const CharPtr safe(g_uri_escape_string(text.c_str(), nullptr, FALSE));
  return safe.get();
}

std::string uri_of(const std::vector<Setting>& settings) {
  auto uri = std::string(uri_protocol) + ":";
  char separator = '?';
  for (const auto& setting : settings) {
    uri += separator + setting.property + "=" + escaped(setting.value);
    separator = '&';
  }
  return uri;
}

// Null: not in a list.
const Property* find_property(std::string_view name) {
  const auto properties = all_properties();
  const auto found = std::ranges::find_if(
      properties, [&](const Property& one) { return one.is_in_uri && one.name == name; });
  const bool is_other = std::ranges::find(other_keys, name) != other_keys.end();
  return found == properties.end() || is_other ? nullptr : &*found;
}

std::string nicks_of(const GParamSpec* spec) {
  std::string nicks;
  const auto* values = G_PARAM_SPEC_ENUM(spec)->enum_class;
  for (guint i = 0; i < values->n_values; ++i)
    nicks += (i == 0 ? "" : ", ") + std::string(values->values[i].value_nick);
  return nicks;
}

template <typename Number>
std::string range_of(Number least, Number most) {
  return format_text(_("must be a whole number from %s to %s"), std::to_string(least).c_str(),
                     std::to_string(most).c_str());
}

}  // namespace

std::optional<ValueType> shot_property_type(const std::string& name) {
  const auto* property = find_property(name);
  if (!property)
    return {};
  const auto spec = spec_of(*property);
  if (G_PARAM_SPEC_VALUE_TYPE(spec.get()) == GST_TYPE_ARRAY)
    return ValueType::array;
  if (G_PARAM_SPEC_VALUE_TYPE(spec.get()) == GST_TYPE_STRUCTURE)
    return ValueType::object;
  const bool is_text = G_IS_PARAM_SPEC_STRING(spec.get()) || G_IS_PARAM_SPEC_ENUM(spec.get());
  return is_text ? ValueType::string : ValueType::number;
}

std::string rule_of(const std::string& name) {
  const auto* property = find_property(name);
  const auto owner = property ? spec_of(*property) : nullptr;
  const auto* spec = owner.get();
  if (spec && G_IS_PARAM_SPEC_ENUM(spec))
    return format_text(_("must be one of %s"), nicks_of(spec).c_str());
  if (spec && G_IS_PARAM_SPEC_INT(spec))
    return range_of(G_PARAM_SPEC_INT(spec)->minimum, G_PARAM_SPEC_INT(spec)->maximum);
  if (spec && G_IS_PARAM_SPEC_UINT(spec))
    return range_of(G_PARAM_SPEC_UINT(spec)->minimum, G_PARAM_SPEC_UINT(spec)->maximum);
  if (spec && G_IS_PARAM_SPEC_INT64(spec))
    return range_of(G_PARAM_SPEC_INT64(spec)->minimum, G_PARAM_SPEC_INT64(spec)->maximum);
  return _("must be a value of this property");
}

Result<Settings> settings_of(const std::vector<Setting>& given, GstSample* frame) {
  Settings settings;
  ErrorSlot error;
  if (!apply_uri(uri_of(given), all_properties(), settings, error.out()))
    return settings_error(error.message());
  if (frame)
    settings.image_sample.reset(gst_sample_ref(frame), gst_sample_unref);
  return settings;
}

Result<ElementPtr> new_source() {
  auto* source = gst_element_factory_make("modelversesrc", nullptr);
  if (!source)
    return Error{.code = ErrorCode::not_found,
                 .text = _("GStreamer does not find modelversesrc: install "
                           "gstreamer1.0-modelverse, or set GST_PLUGIN_PATH."),
                 .debug = "gst_element_factory_make"};
  return ElementPtr(GST_ELEMENT(gst_object_ref_sink(source)));
}

Result<ElementPtr> shot_source(const std::vector<Setting>& settings, GstSample* frame,
                               const Limits& limits) {
  auto made = new_source();
  if (!made)
    return made;
  auto* source = made->get();
  gst_uri_handler_set_uri(GST_URI_HANDLER(source), uri_of(settings).c_str(), nullptr);
  g_object_set(source, "image-sample", frame, nullptr);
  // A run whose clips exceed the limit of the cache would remove its first ones.
  g_object_set(source, "cache-max-size", guint64{0}, nullptr);
  // Where the command line has no limit, that of the environment stays.
  if (limits.max_cost > 0)
    g_object_set(source, "max-cost", limits.max_cost, nullptr);
  if (limits.daily_budget > 0)
    g_object_set(source, "daily-budget", limits.daily_budget, nullptr);
  return made;
}

}  // namespace modelverse::render
