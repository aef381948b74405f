// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/body_template.h"

#include <algorithm>

namespace modelverse::api {
namespace {

// The values of the request, and of the reference picture whose list item is being filled.
struct Filling {
  const PlaceholderValues& values;
  const PictureValues* reference = nullptr;
};

template <auto member>
std::optional<Value> get(const Filling& filling) {
  const auto& value = filling.values.*member;
  return value ? std::optional(Value{*value}) : std::nullopt;
}
template <SharedText PlaceholderValues::*member>
std::optional<Value> get_text(const Filling& filling) {
  const SharedText& text = filling.values.*member;
  return text.empty() ? std::nullopt : std::optional(Value{text.str()});
}
template <PictureValues PlaceholderValues::*picture, auto member>
std::optional<Value> get_of_frame(const Filling& filling) {
  const auto& value = filling.values.*picture.*member;
  return value ? std::optional(Value{*value}) : std::nullopt;
}
template <auto member>
std::optional<Value> get_of_reference(const Filling& filling) {
  if (!filling.reference || !(filling.reference->*member))
    return {};
  return Value{*(filling.reference->*member)};
}

struct Placeholder {
  std::string_view text;
  std::optional<Value> (*get)(const Filling& filling);
};

using Values = PlaceholderValues;
constexpr Placeholder placeholders[] = {
    {picture_placeholder, get_of_frame<&Values::first, &PictureValues::picture>},
    {media_type_placeholder, get_of_frame<&Values::first, &PictureValues::media_type>},
    {last_picture_placeholder, get_of_frame<&Values::last, &PictureValues::picture>},
    {last_media_type_placeholder, get_of_frame<&Values::last, &PictureValues::media_type>},
    {reference_placeholder, get_of_reference<&PictureValues::picture>},
    {reference_media_type_placeholder, get_of_reference<&PictureValues::media_type>},
    {prompt_placeholder, get_text<&Values::prompt>},
    {negative_prompt_placeholder, get_text<&Values::negative_prompt>},
    {resolution_placeholder, get<&Values::resolution>},
    {size_placeholder, get<&Values::size>},
    {aspect_ratio_placeholder, get<&Values::aspect_ratio>},
    {duration_placeholder, get<&Values::duration>},
    {seed_placeholder, get<&Values::seed>},
    {audio_placeholder, get<&Values::audio>},
};

const Placeholder* known_placeholder(std::string_view text) {
  const auto* found = std::ranges::find(placeholders, text, &Placeholder::text);
  return found == std::end(placeholders) ? nullptr : found;
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

bool is_for_references(const Value& item) {
  return walk(item, "", [](const std::string& text, const std::string&) {
    return text == reference_placeholder;
  });
}

std::optional<Value> fill_value(const Value& value, const Filling& filling);

std::optional<Value> fill_list(const Array& items, const Filling& filling) {
  Array filled;
  const auto add = [&filled](const Value& item, const Filling& with) {
    if (auto one = fill_value(item, with))
      filled.push_back(std::move(*one));
  };
  for (const auto& item : items) {
    if (!is_for_references(item))
      add(item, filling);
    else
      for (const auto& reference : filling.values.references)
        add(item, {filling.values, &reference});
  }
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
  if (const auto* text = std::get_if<std::string>(&value.data))
    if (const auto* placeholder = known_placeholder(*text))
      return placeholder->get(filling);
  if (const auto* items = std::get_if<Array>(&value.data))
    return fill_list(*items, filling);
  if (const auto* members = std::get_if<Object>(&value.data))
    return fill_object(*members, filling);
  return value;
}

}  // namespace

Object fill(const Object& section, const PlaceholderValues& values) {
  const auto& references = values.references;
  const Filling filling{values, references.empty() ? nullptr : &references.front()};
  Object filled;
  for (const auto& [name, value] : section)
    if (auto one = fill_value(value, filling))
      filled.push_back({name, std::move(*one)});
  return filled;
}

bool is_placeholder(std::string_view text) {
  return known_placeholder(text) != nullptr;
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

std::string list_placeholders() {
  std::string list;
  for (const auto& one : placeholders)
    list += (list.empty() ? "" : ", ") + std::string(one.text);
  return list;
}

bool are_references_in_lists(const Object& body) {
  return !walk(Value{body}, "", [](const std::string& text, const std::string& path) {
    return text == reference_placeholder && path.find("[]") == std::string::npos;
  });
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
