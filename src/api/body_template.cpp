// SPDX-License-Identifier: LGPL-2.1-or-later
// Filling a body's holes, and finding them.
#include "api/body_template.h"

#include <algorithm>

namespace modelverse::api {
namespace {

constexpr std::string_view holes[] = {picture_hole, media_type_hole, prompt_hole, resolution_hole,
                                      duration_hole};

std::optional<Value> value_of(std::optional<std::string> text) {
  return text ? std::optional(Value{std::move(*text)}) : std::nullopt;
}

std::optional<Value> fill_hole(std::string_view hole, const Filling& filling) {
  if (hole == picture_hole)
    return value_of(filling.picture);
  if (hole == media_type_hole)
    return value_of(filling.media_type);
  if (hole == prompt_hole)
    return value_of(filling.prompt);
  if (hole == resolution_hole)
    return value_of(filling.resolution);
  return filling.duration ? std::optional(Value{*filling.duration}) : std::nullopt;
}

std::optional<Value> fill_value(const Value& value, const Filling& filling);

std::optional<Value> fill_list(const Array& items, const Filling& filling) {
  Array filled;
  for (const auto& item : items)
    if (auto one = fill_value(item, filling))
      filled.push_back(std::move(*one));
  const bool is_emptied = filled.empty() && !items.empty();
  return is_emptied ? std::nullopt : std::optional(Value{std::move(filled)});
}

std::optional<Value> fill_object(const Object& members, const Filling& filling) {
  Object filled;
  for (const auto& [name, value] : members) {
    auto one = fill_value(value, filling);
    if (!one)
      return {};
    filled.push_back({name, std::move(*one)});
  }
  return Value{std::move(filled)};
}

std::optional<Value> fill_value(const Value& value, const Filling& filling) {
  if (const auto* text = std::get_if<std::string>(&value.data); text && is_hole(*text))
    return fill_hole(*text, filling);
  if (const auto* items = std::get_if<Array>(&value.data))
    return fill_list(*items, filling);
  if (const auto* members = std::get_if<Object>(&value.data))
    return fill_object(*members, filling);
  return value;
}

// Calls `see` with each string and its path, until it answers true.
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

Object fill(const Object& section, const Filling& filling) {
  Object filled;
  for (const auto& [name, value] : section)
    if (auto one = fill_value(value, filling))
      filled.push_back({name, std::move(*one)});
  return filled;
}

bool is_hole(std::string_view text) {
  return std::find(std::begin(holes), std::end(holes), text) != std::end(holes);
}

std::string find_unknown_hole(const Object& body) {
  std::string found;
  walk(Value{body}, "", [&found](const std::string& text, const std::string&) {
    const bool looks_like_one = text.size() > 2 && text.front() == '{' && text.back() == '}';
    if (looks_like_one && !is_hole(text))
      found = text;
    return !found.empty();
  });
  return found;
}

int count_holes(const Object& body, std::string_view hole) {
  int count = 0;
  walk(Value{body}, "", [&](const std::string& text, const std::string&) {
    count += text == hole;
    return false;
  });
  return count;
}

HolePlace find_hole(const Object& body, std::string_view hole) {
  for (const auto& [section, members] : body) {
    const auto* object = std::get_if<Object>(&members.data);
    for (std::size_t i = 0; object && i < object->size(); ++i) {
      const auto& [name, value] = (*object)[i];
      HolePlace place{section, name, {}};
      const auto see = [&](const std::string& text, const std::string& path) {
        if (text == hole)
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
