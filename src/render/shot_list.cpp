// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the JSON text, merges the defaults, resolves `start`.
#include "render/shot_list.h"

#include <glib.h>
#include <json-glib/json-glib.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "api/json_scan.h"
#include "api/printable.h"
#include "glib/handles.h"
#include "glib/text.h"
#include "render/shot_element.h"

namespace modelverse::render {

namespace {

constexpr api::ScanLimits limits = {
    .max_bytes = std::size_t{16} << 20, .max_depth = 32, .max_values = 2'000'000};
constexpr std::size_t longest_id = 100;
constexpr const char* task_key = "task-id";

std::size_t line_at(std::string_view text, std::size_t position) {
  const auto before = text.substr(0, position);
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

// json-glib knows the line of a member only while it parses.
struct Lines {
  std::map<std::pair<JsonObject*, std::string>, std::size_t> of_member;
  std::vector<Problem> repeated;
  Problem error = {.line = 1, .key = {}, .text = _("not JSON")};
};

void note_member(JsonParser* parser, JsonObject* object, const char* name, Lines* lines) {
  const std::size_t line = json_parser_get_current_line(parser);
  if (!lines->of_member.insert({{object, name}, line}).second)
    lines->repeated.push_back({line, api::printable(name), _("the key occurs twice")});
}

// The message begins with "<data>:LINE:COLUMN: ".
void note_error(JsonParser* parser, GError* error, Lines* lines) {
  std::string text = error->message;
  if (const auto place = text.find(": "); text.starts_with('<') && place != std::string::npos)
    text.erase(0, place + 2);
  lines->error = {json_parser_get_current_line(parser), "",
                  format_text(_("not JSON: %s"), api::printable(text).c_str()),
                  json_parser_get_current_pos(parser)};
}

bool is_text(JsonNode* node) {
  return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
}

bool has_texts_only(JsonArray* items) {
  for (guint i = 0; i < json_array_get_length(items); ++i)
    if (!is_text(json_array_get_element(items, i)))
      return false;
  return true;
}

// What the value must be, or null if it is that.
const char* type_problem(JsonNode* value, ValueType type) {
  switch (type) {
    case ValueType::string:
      return is_text(value) ? nullptr : _("must be a string");
    case ValueType::number: {
      const bool is_number = JSON_NODE_HOLDS_VALUE(value) && !is_text(value) &&
                             json_node_get_value_type(value) != G_TYPE_BOOLEAN;
      return is_number ? nullptr : _("must be a number");
    }
    case ValueType::array: {
      const bool is_good =
          JSON_NODE_HOLDS_ARRAY(value) && has_texts_only(json_node_get_array(value));
      return is_good ? nullptr : _("must be an array of strings");
    }
    case ValueType::object:
      return JSON_NODE_HOLDS_OBJECT(value) ? nullptr : _("must be an object");
  }
  return nullptr;
}

std::string value_text(JsonNode* node) {
  if (is_text(node))
    return json_node_get_string(node);
  const CharPtr text(json_to_string(node, FALSE));
  return text.get();
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
    if (JsonObject* root = parse(text))
      read_root(root);
    std::stable_sort(list_.problems.begin(), list_.problems.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    return std::move(list_);
  }

 private:
  // A member with its line.
  struct Member {
    std::string key;
    JsonNode* value;
    std::size_t line;
  };

  void refuse_json(const api::JsonScan& scan, std::string_view text) {
    const auto before = text.substr(0, scan.problem_position);
    const auto column = before.size() - (before.rfind('\n') + 1) + 1;
    list_.problems.push_back({line_at(text, scan.problem_position), "", _(scan.problem), column});
  }

  void refuse(std::size_t line, const std::string& key, std::string text) {
    list_.problems.push_back({line, api::printable(key), std::move(text)});
  }

  JsonObject* parse(std::string_view text) {
    if (constexpr std::string_view mark = "\xef\xbb\xbf"; text.starts_with(mark))
      text.remove_prefix(mark.size());
    const auto scan = api::scan_json(text, limits);
    if (scan.problem) {
      refuse_json(scan, text);
      return nullptr;
    }
    parser_ = ObjectPtr<JsonParser>::adopt(json_parser_new());
    g_signal_connect(parser_.get(), "object-member", G_CALLBACK(note_member), &lines_);
    g_signal_connect(parser_.get(), "error", G_CALLBACK(note_error), &lines_);
    const bool is_json = json_parser_load_from_data(parser_.get(), text.data(),
                                                    static_cast<gssize>(text.size()), nullptr);
    JsonNode* root = is_json ? json_parser_get_root(parser_.get()) : nullptr;
    if (!is_json)
      list_.problems.push_back(lines_.error);
    else if (!root || !JSON_NODE_HOLDS_OBJECT(root))
      refuse(1, "", _("not a JSON object"));
    if (!list_.problems.empty())
      return nullptr;
    list_.problems = lines_.repeated;
    return json_node_get_object(root);
  }

  std::vector<Member> members_of(JsonObject* object) {
    std::vector<Member> members;
    GList* names = json_object_get_members(object);
    for (const GList* name = names; name; name = name->next) {
      const std::string key = static_cast<const char*>(name->data);
      members.push_back(
          {key, json_object_get_member(object, key.c_str()), lines_.of_member[{object, key}]});
    }
    g_list_free(names);
    return members;
  }

  void read_root(JsonObject* root) {
    JsonArray* shots = nullptr;
    std::size_t shots_line = 1;
    for (const auto& [key, value, line] : members_of(root)) {
      if (key == "defaults" && JSON_NODE_HOLDS_OBJECT(value))
        read_defaults(json_node_get_object(value));
      else if (key == "shots" && JSON_NODE_HOLDS_ARRAY(value))
        std::tie(shots, shots_line) = std::tuple(json_node_get_array(value), line);
      else if (key == "defaults" || key == "shots")
        refuse(line, key, key == "shots" ? _("must be an array") : _("must be an object"));
      else
        refuse(line, key, _("unknown key: the list has defaults and shots"));
    }
    if (!json_object_has_member(root, "shots"))
      return refuse(1, "shots", _("is missing"));
    for (guint i = 0; shots && i < json_array_get_length(shots); ++i) {
      auto* shot = json_array_get_element(shots, i);
      if (JSON_NODE_HOLDS_OBJECT(shot))
        read_shot(json_node_get_object(shot), i);
      else
        refuse(shots_line, "shots", format_text(_("item %u is not an object"), i + 1));
    }
    if (shots && list_.shots.empty() && list_.problems.empty())
      refuse(shots_line, "shots", _("has no shot"));
    resolve_starts();
  }

  void read_defaults(JsonObject* object) {
    const auto problems = list_.problems.size();
    for (const auto& member : members_of(object)) {
      if (member.key == "id" || member.key == "start" || member.key == task_key)
        refuse(member.line, member.key, _("cannot be a default"));
      else if (auto setting = read_setting(member))
        defaults_.push_back(*std::move(setting));
    }
    are_defaults_sound_ = list_.problems.size() == problems;
  }

  void read_shot(JsonObject* object, guint index) {
    const auto problems = list_.problems.size();
    Shot shot;
    std::string start;
    std::size_t start_line = 0;
    std::set<std::string> removed;
    for (const auto& member : members_of(object)) {
      if (shot.line == 0 || member.line < shot.line)
        shot.line = member.line;
      if (JSON_NODE_HOLDS_NULL(member.value) && member.key != "id")
        removed.insert(member.key);
      else if (member.key == "id" || member.key == "start")
        read_name(member, member.key == "id" ? shot.id : start);
      else if (auto setting = read_setting(member))
        shot.settings.push_back(*std::move(setting));
      if (member.key == "start")
        start_line = member.line;
    }
    if (!json_object_has_member(object, "id"))
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
      return refuse(member.line, member.key, _("must be a string"));
    name = json_node_get_string(member.value);
    if (member.key == "start" && name.empty())
      return refuse(member.line, "start", _("must be the id of a shot"));
    if (member.key == "id" && !is_good_id(name))
      refuse(
          member.line, "id",
          format_text(_("\"%s\" cannot be a file's name: at most 100 bytes without / \\ : * ? \" "
                        "< > | and control or format characters, not beginning with . or -"),
                      api::printable(name).c_str()));
    else if (member.key == "id")
      add_id(member, name);
  }

  void add_id(const Member& member, const std::string& name) {
    if (ids_.insert({name, list_.shots.size()}).second)
      id_lines_.insert({name, member.line});
    else
      refuse(member.line, "id",
             format_text(_("\"%s\" is the id of two shots: of that in line %zu as well"),
                         api::printable(name).c_str(), id_lines_[name]));
  }

  std::optional<Setting> read_setting(const Member& member) {
    if (JSON_NODE_HOLDS_NULL(member.value))
      return {};
    const bool is_picture = member.key == "image" || member.key == "last-image";
    auto property = member.key;
    if (is_picture)
      property += is_text(member.value) && is_uri(value_text(member.value)) ? "-uri" : "-path";
    const auto type = shot_property_type(property);
    if (!type) {
      refuse(member.line, member.key,
             _("unknown key: neither id, start, image, task-id, nor a property of modelversesrc "
               "that says what to make"));
      return {};
    }
    if (const char* problem = type_problem(member.value, *type)) {
      refuse(member.line, member.key, problem);
      return {};
    }
    return Setting{property, resolved(property, member.value), member.key, member.line};
  }

  std::string absolute(const std::string& path) const {
    const CharPtr canonical(g_canonicalize_filename(path.c_str(), directory_.c_str()));
    return canonical.get();
  }

  std::string resolved(const std::string& property, JsonNode* value) const {
    if (property.ends_with("-path"))
      return absolute(json_node_get_string(value));
    if (property != "reference-images")
      return value_text(value);
    JsonArray* items = json_node_get_array(value);
    JsonNode* changed = json_node_new(JSON_NODE_ARRAY);
    json_node_take_array(changed, json_array_new());
    for (guint i = 0; i < json_array_get_length(items); ++i) {
      const std::string text = json_array_get_string_element(items, i);
      json_array_add_string_element(json_node_get_array(changed),
                                    (is_uri(text) ? text : absolute(text)).c_str());
    }
    auto text = value_text(changed);
    json_node_unref(changed);
    return text;
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
  ObjectPtr<JsonParser> parser_;
  Lines lines_;
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
