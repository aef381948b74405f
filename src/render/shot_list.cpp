// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the JSON text, merges the defaults, resolves `start`.
#include "render/shot_list.h"

#include <glib.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "api/json.h"
#include "api/json_text.h"
#include "api/printable.h"
#include "glib/handles.h"
#include "glib/text.h"
#include "render/shot_element.h"

namespace modelverse::render {

namespace {

constexpr api::JsonLimits limits = {
    .max_bytes = std::size_t{16} << 20, .max_depth = 32, .max_values = 2'000'000};
constexpr std::size_t longest_id = 100;
constexpr const char* task_key = "task-id";

bool is_text(const Value& value) {
  return std::holds_alternative<std::string>(value.data);
}

bool is_null(const Value& value) {
  return std::holds_alternative<std::nullptr_t>(value.data);
}

// What the value must be, or null if it is that.
const char* type_problem(const Value& value, ValueType type) {
  switch (type) {
    case ValueType::string:
      return is_text(value) ? nullptr : _("must be a string");
    case ValueType::number:
      return api::number_of(value) ? nullptr : _("must be a number");
    case ValueType::array: {
      const auto* items = std::get_if<Array>(&value.data);
      const bool is_good = items && std::ranges::all_of(*items, is_text);
      return is_good ? nullptr : _("must be an array of strings");
    }
    case ValueType::object:
      return std::holds_alternative<Object>(value.data) ? nullptr : _("must be an object");
  }
  return nullptr;
}

std::string value_text(const Value& value) {
  if (const auto text = api::string_of(value))
    return *text;
  // An array or a number is written as in an array of it.
  const auto text = api::write_json(Array{value});
  return text.substr(1, text.size() - 2);
}

// A file's name on every system, not hidden.
bool is_good_id(const std::string& id) {
  return !id.empty() && id.size() <= longest_id && id.front() != '.' && id.front() != '-' &&
         api::is_printable(id) && id.find_first_of("/\\:*?\"<>|") == std::string::npos;
}

bool is_uri(const std::string& text) {
  const char* scheme = g_uri_peek_scheme(text.c_str());
  constexpr std::array<std::string_view, 4> schemes = {"http", "https", "file", "data"};
  return scheme && std::find(schemes.begin(), schemes.end(), scheme) != schemes.end();
}

class Reader {
 public:
  explicit Reader(const std::string& directory) : directory_(directory) {}

  ShotList read(std::string_view text) {
    if (parse(text))
      read_root();
    std::stable_sort(list_.problems.begin(), list_.problems.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    return std::move(list_);
  }

 private:
  void refuse(std::size_t line, const std::string& key, std::string text) {
    list_.problems.push_back({line, api::printable(key), std::move(text)});
  }

  bool parse(std::string_view text) {
    document_ = api::read_json(text, limits);
    if (document_.problem)
      list_.problems.push_back({document_.line, "", _(document_.problem), document_.column});
    for (const auto& [name, line] : document_.repeated)
      refuse(line, name, _("the key occurs twice"));
    return !document_.problem;
  }

  std::size_t line_of(const Member& member) const { return document_.lines.at(&member); }

  void read_root() {
    const Array* shots = nullptr;
    std::size_t shots_line = 0;  // 0: there is no such key
    for (const auto& member : document_.root) {
      const auto& [key, value] = member;
      const auto line = line_of(member);
      if (key == "shots") {
        shots_line = line;
        shots = std::get_if<Array>(&value.data);
        if (!shots)
          refuse(line, key, _("must be an array"));
      } else if (key != "defaults") {
        refuse(line, key, _("unknown key: the list has defaults and shots"));
      } else if (const auto* defaults = std::get_if<Object>(&value.data)) {
        read_defaults(*defaults);
      } else {
        refuse(line, key, _("must be an object"));
      }
    }
    if (shots_line == 0)
      return refuse(1, "shots", _("is missing"));
    for (unsigned i = 0; shots && i < shots->size(); ++i) {
      if (const auto* shot = std::get_if<Object>(&(*shots)[i].data))
        read_shot(*shot, i);
      else
        refuse(shots_line, "shots", format_text(_("item %u is not an object"), i + 1));
    }
    if (shots && list_.shots.empty() && list_.problems.empty())
      refuse(shots_line, "shots", _("has no shot"));
    resolve_starts();
  }

  void read_defaults(const Object& object) {
    const auto problems = list_.problems.size();
    for (const auto& member : object) {
      if (member.name == "id" || member.name == "start" || member.name == task_key)
        refuse(line_of(member), member.name, _("cannot be a default"));
      else if (auto setting = read_setting(member))
        defaults_.push_back(*std::move(setting));
    }
    are_defaults_sound_ = list_.problems.size() == problems;
  }

  void read_shot(const Object& object, unsigned index) {
    const auto problems = list_.problems.size();
    Shot shot;
    std::string start;
    std::size_t start_line = 0;
    std::set<std::string> removed;
    bool has_id = false;
    for (const auto& member : object) {
      if (shot.line == 0)
        shot.line = line_of(member);
      has_id |= member.name == "id";
      if (is_null(member.value) && member.name != "id")
        removed.insert(member.name);
      else if (member.name == "id" || member.name == "start")
        read_name(member, member.name == "id" ? shot.id : start);
      else if (auto setting = read_setting(member))
        shot.settings.push_back(*std::move(setting));
      if (member.name == "start")
        start_line = line_of(member);
    }
    if (!has_id)
      refuse(shot.line, "id", format_text(_("shot %u has none"), index + 1));
    check_pictures(shot, start, start_line);
    check_task(shot);
    add_defaults(shot, !start.empty(), removed);
    shot.is_sound = list_.problems.size() == problems;
    starts_.push_back({start, start_line});
    list_.shots.push_back(std::move(shot));
  }

  void read_name(const Member& member, std::string& name) {
    if (!is_text(member.value))
      return refuse(line_of(member), member.name, _("must be a string"));
    name = std::get<std::string>(member.value.data);
    if (member.name == "start" && name.empty())
      return refuse(line_of(member), "start", _("must be the id of a shot"));
    if (member.name == "id" && !is_good_id(name))
      refuse(
          line_of(member), "id",
          format_text(_("\"%s\" cannot be a file's name: at most 100 bytes without / \\ : * ? \" "
                        "< > | and control or format characters, not beginning with . or -"),
                      api::printable(name).c_str()));
    else if (member.name == "id")
      add_id(member, name);
  }

  void add_id(const Member& member, const std::string& name) {
    if (ids_.insert({name, list_.shots.size()}).second)
      id_lines_.insert({name, line_of(member)});
    else
      refuse(line_of(member), "id",
             format_text(_("\"%s\" is the id of two shots: of that in line %zu as well"),
                         api::printable(name).c_str(), id_lines_[name]));
  }

  std::optional<Setting> read_setting(const Member& member) {
    if (is_null(member.value))
      return {};
    const bool is_picture = member.name == "image" || member.name == "last-image";
    auto property = member.name;
    if (is_picture)
      property += is_text(member.value) && is_uri(value_text(member.value)) ? "-uri" : "-path";
    const auto type = shot_property_type(property);
    if (!type) {
      refuse(line_of(member), member.name,
             _("unknown key: neither id, start, image, task-id, nor a property of modelversesrc "
               "that says what to make"));
      return {};
    }
    if (const char* problem = type_problem(member.value, *type)) {
      refuse(line_of(member), member.name, problem);
      return {};
    }
    return Setting{property, resolved(property, member.value), member.name, line_of(member)};
  }

  std::string absolute(const std::string& path) const {
    const CharPtr canonical(g_canonicalize_filename(path.c_str(), directory_.c_str()));
    return canonical.get();
  }

  std::string resolved(const std::string& property, const Value& value) const {
    if (property.ends_with("-path"))
      return absolute(value_text(value));
    if (property != "reference-images")
      return value_text(value);
    Array changed;
    for (const auto& item : std::get<Array>(value.data)) {
      const auto text = value_text(item);
      changed.push_back({is_uri(text) ? text : absolute(text)});
    }
    return api::write_json(changed);
  }

  void check_pictures(const Shot& shot, const std::string& start, std::size_t start_line) {
    const auto count = std::count_if(shot.settings.begin(), shot.settings.end(), is_first_picture);
    if (count > 1)
      refuse(shot.line, "image", _("the shot has two first pictures"));
    if (count > 0 && !start.empty())
      refuse(start_line, "start", _("the shot has a picture as well: start or image, not both"));
  }

  // Of two shots, one would get the other's clip.
  void check_task(const Shot& shot) {
    const auto found = std::find_if(shot.settings.begin(), shot.settings.end(), is_adopted_task);
    if (found == shot.settings.end())
      return;
    if (found->value.empty())
      refuse(found->line, task_key, _("must be the id of a task"));
    else if (!tasks_.insert(found->value).second)
      refuse(
          found->line, task_key,
          format_text(_("\"%s\" is the task of two shots"), api::printable(found->value).c_str()));
  }

  // A shot's own picture, and `start`, replace a default picture of any kind.
  void add_defaults(Shot& shot, bool has_start, const std::set<std::string>& removed) {
    const bool has_picture =
        has_start || std::any_of(shot.settings.begin(), shot.settings.end(), is_first_picture);
    const auto has_own = [&](const Setting& setting) {
      return removed.contains(setting.key) || (has_picture && is_first_picture(setting)) ||
             std::any_of(shot.settings.begin(), shot.settings.end(), [&](const Setting& own) {
               return own.key == setting.key || own.property == setting.property;
             });
    };
    std::vector<Setting> added;
    std::copy_if(defaults_.begin(), defaults_.end(), std::back_inserter(added),
                 [&](const Setting& setting) { return !has_own(setting); });
    shot.settings.insert(shot.settings.end(), added.begin(), added.end());
  }

  void resolve_starts() {
    for (std::size_t i = 0; i < list_.shots.size(); ++i) {
      const auto& [name, line] = starts_[i];
      const auto found = ids_.find(name);
      if (found != ids_.end())
        list_.shots[i].start = found->second;
      else if (!name.empty())
        refuse(line, "start",
               format_text(_("there is no shot \"%s\""), api::printable(name).c_str()));
      const bool is_start_known = name.empty() || found != ids_.end();
      list_.shots[i].is_sound = list_.shots[i].is_sound && are_defaults_sound_ && is_start_known;
    }
    std::set<std::size_t> reported;
    for (std::size_t i = 0; i < list_.shots.size(); ++i)
      find_cycle(i, reported);
  }

  // Reports a cycle once, at its first shot in the list.
  void find_cycle(std::size_t first, std::set<std::size_t>& reported) {
    std::vector<std::size_t> path = {first};
    for (auto next = list_.shots[first].start; next; next = list_.shots[*next].start) {
      if (reported.contains(*next) || (*next != first && path.size() > list_.shots.size()))
        return;
      path.push_back(*next);
      if (*next != first)
        continue;
      std::string ids;
      for (const auto index : path)
        ids += (ids.empty() ? "" : " <- ") + list_.shots[index].id;
      refuse(starts_[first].second, "start",
             format_text(_("the shots start from each other: %s"), ids.c_str()));
      reported.insert(path.begin(), path.end());
      return;
    }
  }

  const std::string& directory_;
  api::JsonDocument document_;
  ShotList list_;
  std::vector<Setting> defaults_;
  std::map<std::string, std::size_t> ids_;
  std::map<std::string, std::size_t> id_lines_;
  std::set<std::string> tasks_;  // that shots adopt
  bool are_defaults_sound_ = true;
  std::vector<std::pair<std::string, std::size_t>> starts_;  // the name, and its line
};

}  // namespace

bool is_adopted_task(const Setting& setting) {
  return setting.property == task_key;
}

bool is_first_picture(const Setting& setting) {
  return setting.property == "image-path" || setting.property == "image-uri";
}

std::string describe(const Problem& problem, const std::string& file) {
  auto text = file + ":";
  for (const auto number : {problem.line, problem.column})
    if (number > 0)
      text += std::to_string(number) + ":";
  if (!problem.key.empty())
    text += " " + problem.key + ":";
  return text + " " + problem.text;
}

ShotList read_shot_list(std::string_view text, const std::string& directory) {
  return Reader(directory).read(text);
}

}  // namespace modelverse::render
