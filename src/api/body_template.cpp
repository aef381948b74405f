// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/body_template.h"

#include <algorithm>

namespace modelverse::api {
namespace {

constexpr std::string_view placeholders[] = {picture_placeholder, media_type_placeholder,
                                             prompt_placeholder, resolution_placeholder,
                                             duration_placeholder};

std::optional<Value> value_of(std::optional<std::string> text) {
  return text ? std::optional(Value{std::move(*text)}) : std::nullopt;
}

std::optional<Value> fill_placeholder(std::string_view placeholder,
                                      const PlaceholderValues& values) {
  if (placeholder == picture_placeholder)
    return value_of(values.picture);
  if (placeholder == media_type_placeholder)
    return value_of(values.media_type);
  if (placeholder == prompt_placeholder)
    return value_of(values.prompt);
  if (placeholder == resolution_placeholder)
    return value_of(values.resolution);
  return values.duration ? std::optional(Value{*values.duration}) : std::nullopt;
}

std::optional<Value> fill_value(const Value& value, const PlaceholderValues& values);

std::optional<Value> fill_list(const Array& items, const PlaceholderValues& values) {
  Array filled;
  for (const auto& item : items)
    if (auto one = fill_value(item, values))
      filled.push_back(std::move(*one));
  const bool is_emptied = filled.empty() && !items.empty();
  return is_emptied ? std::nullopt : std::optional(Value{std::move(filled)});
}

std::optional<Value> fill_object(const Object& members, const PlaceholderValues& values) {
  Object filled;
  for (const auto& [name, value] : members) {
    auto one = fill_value(value, values);
    if (!one)
      return {};
    filled.push_back({name, std::move(*one)});
  }
  return Value{std::move(filled)};
}

std::optional<Value> fill_value(const Value& value, const PlaceholderValues& values) {
  if (const auto* text = std::get_if<std::string>(&value.data); text && is_placeholder(*text))
    return fill_placeholder(*text, values);
  if (const auto* items = std::get_if<Array>(&value.data))
    return fill_list(*items, values);
  if (const auto* members = std::get_if<Object>(&value.data))
    return fill_object(*members, values);
  return value;
}

// Calls `see` with each string and its path, until it returns true.
template <typename See>
bool walk(const Value& value, const std::string& path, const See& see) {
  if (const auto* text = std::get_if<std::string>(&value.data))
    return see(*text, path);
  if (const auto* items = std::get_if<Array>(&value.data))
    return std::any_of(items->begin(), items->end(),
                       [&](const Value& item) { return walk(item, path + "[]", see); });
  if (const auto* members = std::get_if<Object>(&value.data))
    return std::any_of(members->begin(), members->end(), [&](const Member& member) {
      return walk(member.value, path.empty() ? member.name : path + "." + member.name, see);
    });
  return false;
}

}  // namespace

Object fill(const Object& section, const PlaceholderValues& values) {
  Object filled;
  for (const auto& [name, value] : section)
    if (auto one = fill_value(value, values))
      filled.push_back({name, std::move(*one)});
  return filled;
}

bool is_placeholder(std::string_view text) {
  return std::find(std::begin(placeholders), std::end(placeholders), text) !=
         std::end(placeholders);
}

std::string find_unknown_placeholder(const Object& body) {
  std::string found;
  walk(Value{body}, "", [&found](const std::string& text, const std::string&) {
    const bool looks_like_one = text.size() > 2 && text.front() == '{' && text.back() == '}';
    if (looks_like_one && !is_placeholder(text))
      found = text;
    return !found.empty();
  });
  return found;
}

int count_placeholders(const Object& body, std::string_view placeholder) {
  int count = 0;
  walk(Value{body}, "", [&](const std::string& text, const std::string&) {
    count += text == placeholder;
    return false;
  });
  return count;
}

PlaceholderPosition find_placeholder(const Object& body, std::string_view placeholder) {
  for (const auto& [section, members] : body) {
    const auto* object = std::get_if<Object>(&members.data);
    for (std::size_t i = 0; object && i < object->size(); ++i) {
      const auto& [name, value] = (*object)[i];
      PlaceholderPosition place{section, name, {}};
      const auto see = [&](const std::string& text, const std::string& path) {
        if (text == placeholder)
          place.path = path;
        return !place.path.empty();
      };
      if (walk(value, section + "." + name, see))
        return place;
    }
  }
  return {};
}

}  // namespace modelverse::api
