// SPDX-License-Identifier: LGPL-2.1-or-later
#include "structures.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "api/json_text.h"

namespace modelverse {

namespace {

template <auto size_of, auto get>
Value array_from(const GValue* list) {
  Array array;
  for (guint i = 0; i < size_of(list); ++i)
    array.push_back(value_from_gvalue(get(list, i)));
  return {std::move(array)};
}

std::optional<Value> number_from(const GValue* value) {
  if (G_VALUE_HOLDS_INT(value))
    return Value{std::int64_t{g_value_get_int(value)}};
  if (G_VALUE_HOLDS_UINT(value))
    return Value{std::int64_t{g_value_get_uint(value)}};
  if (G_VALUE_HOLDS_INT64(value))
    return Value{std::int64_t{g_value_get_int64(value)}};
  if (G_VALUE_HOLDS_UINT64(value) &&
      g_value_get_uint64(value) <= std::uint64_t{std::numeric_limits<std::int64_t>::max()})
    return Value{static_cast<std::int64_t>(g_value_get_uint64(value))};
  if (G_VALUE_HOLDS_FLOAT(value))
    return Value{double{g_value_get_float(value)}};
  if (G_VALUE_HOLDS_DOUBLE(value))
    return Value{g_value_get_double(value)};
  return std::nullopt;
}

bool fits_int(std::int64_t value) {
  return value >= G_MININT && value <= G_MAXINT;
}

// `is_wide`: integers as gint64 although they would fit a gint.
void to_gvalue(const Value& value, GValue* out, bool is_wide = false);

bool has_wide_integer(const Array& array) {
  return std::any_of(array.begin(), array.end(), [](const Value& item) {
    if (const auto* inner = std::get_if<Array>(&item.data))
      return has_wide_integer(*inner);
    const auto* number = std::get_if<std::int64_t>(&item.data);
    return number && !fits_int(*number);
  });
}

// The GStreamer type of a value, as an index into Value's variant (null becomes a string). For an
// array: the type of its items, or none if it is empty.
std::optional<std::size_t> kind_of(const Value& value) {
  static const std::size_t text_kind = Value{std::string()}.data.index();
  const auto* array = std::get_if<Array>(&value.data);
  if (!array)
    return std::holds_alternative<std::nullptr_t>(value.data) ? text_kind : value.data.index();
  for (const auto& item : *array) {
    if (const auto kind = kind_of(item))
      return kind;
  }
  return std::nullopt;
}

bool is_uniform(const Value& value) {
  if (const auto* object = std::get_if<Object>(&value.data))
    return has_uniform_arrays(*object);
  const auto* array = std::get_if<Array>(&value.data);
  if (!array)
    return true;
  const auto kind = kind_of(value);
  return std::ranges::all_of(*array, [kind](const Value& item) {
    const auto own = kind_of(item);
    return (!own || own == kind) && is_uniform(item);
  });
}

// Fills a zeroed GValue.
struct Filler {
  GValue* out;
  bool is_wide = false;
  void operator()(std::nullptr_t) const { g_value_init(out, G_TYPE_STRING); }
  void operator()(bool value) const {
    g_value_init(out, G_TYPE_BOOLEAN);
    g_value_set_boolean(out, value);
  }
  void operator()(std::int64_t value) const {
    const bool is_int = !is_wide && fits_int(value);
    g_value_init(out, is_int ? G_TYPE_INT : G_TYPE_INT64);
    if (is_int)
      g_value_set_int(out, static_cast<gint>(value));
    else
      g_value_set_int64(out, value);
  }
  void operator()(double value) const {
    g_value_init(out, G_TYPE_DOUBLE);
    g_value_set_double(out, value);
  }
  void operator()(const std::string& value) const {
    g_value_init(out, G_TYPE_STRING);
    g_value_set_string(out, value.c_str());
  }
  // The items of GStreamer's arrays have one type, at every level (has_uniform_arrays()).
  void operator()(const Array& array) const {
    const bool has_wide = is_wide || has_wide_integer(array);
    g_value_init(out, GST_TYPE_ARRAY);
    for (const auto& item : array) {
      if (std::holds_alternative<Foreign>(item.data))
        continue;
      GValue one = G_VALUE_INIT;
      to_gvalue(item, &one, has_wide);
      gst_value_array_append_and_take_value(out, &one);
    }
  }
  void operator()(const Object& object) const {
    g_value_init(out, GST_TYPE_STRUCTURE);
    GstStructure* nested = structure_from_object(object, "object");
    g_value_take_boxed(out, nested ? nested : gst_structure_new_empty("object"));
  }
  void operator()(const Foreign&) const {}  // omitted by the callers
  void operator()(const Base64&) const {}   // in a request's body only
};

void to_gvalue(const Value& value, GValue* out, bool is_wide) {
  std::visit(Filler{out, is_wide}, value.data);
}

}  // namespace

bool has_uniform_arrays(const Object& object) {
  return std::ranges::all_of(object, [](const Member& member) { return is_uniform(member.value); });
}

Value value_from_gvalue(const GValue* value) {
  if (auto number = number_from(value))
    return *std::move(number);
  if (G_VALUE_HOLDS_BOOLEAN(value))
    return Value{g_value_get_boolean(value) != FALSE};
  if (G_VALUE_HOLDS_STRING(value)) {
    const char* text = g_value_get_string(value);
    return text ? Value{std::string(text)} : Value{nullptr};
  }
  if (GST_VALUE_HOLDS_STRUCTURE(value))
    return Value{object_from_structure(gst_value_get_structure(value))};
  if (GST_VALUE_HOLDS_ARRAY(value))
    return array_from<gst_value_array_get_size, gst_value_array_get_value>(value);
  if (GST_VALUE_HOLDS_LIST(value))
    return array_from<gst_value_list_get_size, gst_value_list_get_value>(value);
  return Value{Foreign{G_VALUE_TYPE_NAME(value)}};
}

Object object_from_structure(const GstStructure* structure) {
  Object object;
  if (!structure)
    return object;
  const int count = gst_structure_n_fields(structure);
  for (int i = 0; i < count; ++i) {
    const char* name = gst_structure_nth_field_name(structure, static_cast<guint>(i));
    object.push_back({name, value_from_gvalue(gst_structure_get_value(structure, name))});
  }
  return object;
}

std::string json_from_structure(const GstStructure* structure) {
  const auto object = object_from_structure(structure);
  return object.empty() ? std::string() : api::write_json(object);
}

bool structure_from_json(const char* json, GstStructure** structure) {
  const auto object = api::object_from_json(json);
  if (!object || !has_uniform_arrays(*object))
    return false;
  *structure = structure_from_object(*object, "extra");
  return true;
}

std::string json_from_array(const GValue* texts) {
  Array array;
  for (guint i = 0; i < gst_value_array_get_size(texts); ++i)
    array.push_back(value_from_gvalue(gst_value_array_get_value(texts, i)));
  return array.empty() ? std::string() : api::write_json(array);
}

bool array_from_json(const char* json, GValue* texts) {
  const auto items = api::texts_from_json(json);
  for (const auto& item : items.value_or(std::vector<std::string>())) {
    GValue one = G_VALUE_INIT;
    g_value_init(&one, G_TYPE_STRING);
    g_value_set_string(&one, item.c_str());
    gst_value_array_append_and_take_value(texts, &one);
  }
  return items.has_value();
}

GstStructure* structure_from_object(const Object& object, const char* name) {
  if (object.empty())
    return nullptr;
  GstStructure* structure = gst_structure_new_empty(name);
  for (const auto& [field, value] : object) {
    if (std::holds_alternative<Foreign>(value.data))
      continue;
    GValue converted = G_VALUE_INIT;
    to_gvalue(value, &converted);
    gst_structure_take_value(structure, field.c_str(), &converted);
  }
  return structure;
}

void set_cost(GstStructure* structure, const std::optional<Money>& cost) {
  if (cost)
    gst_structure_set(structure, "cost", G_TYPE_DOUBLE, cost->amount(), "currency", G_TYPE_STRING,
                      cost->currency.c_str(), nullptr);
}

GstStructure* structure_from_stats(const TaskStats& stats, const char* name) {
  auto* structure = gst_structure_new(
      name, "task-id", G_TYPE_STRING, stats.task_id.c_str(), "request-id", G_TYPE_STRING,
      stats.request_id.c_str(), "model", G_TYPE_STRING, stats.model.c_str(), "submit-time",
      G_TYPE_INT64, gint64{stats.submit_time}, "finish-time", G_TYPE_INT64,
      gint64{stats.finish_time}, "usage-seconds", G_TYPE_DOUBLE, stats.usage_seconds, "polls",
      G_TYPE_UINT, stats.polls, "retries", G_TYPE_UINT, stats.retries, "bytes", G_TYPE_UINT64,
      guint64{stats.bytes}, "size", G_TYPE_UINT64, guint64{stats.size}, "cache-hit", G_TYPE_BOOLEAN,
      gboolean{stats.cache_hit}, nullptr);
  set_cost(structure, stats.cost);
  return structure;
}

}  // namespace modelverse
