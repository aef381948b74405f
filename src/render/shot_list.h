// SPDX-License-Identifier: LGPL-2.1-or-later
// The shot list: JSON text to shots, with the line and key of each error.
//
//   {"defaults": {KEY: VALUE, ...}, "shots": [{"id": ID, KEY: VALUE, ...}, ...]}
//
// A KEY is `start`, `image`, `last-image`, `task-id`, or a property of modelversesrc that says what
// to make. `id`, `start` and `task-id` cannot be defaults. `null` removes a default.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace modelverse::render {

struct Problem {
  std::size_t line = 0;  // from 1; 0: unknown
  std::string key;       // may be empty
  std::string text;
  std::size_t column = 0;  // from 1; 0: of the whole line
  bool operator==(const Problem&) const = default;
};
// "shots.json:12: duration: ...", "shots.json:12:7: not JSON: ..."
std::string describe(const Problem& problem, const std::string& file);

// One property of a shot.
struct Setting {
  std::string property;
  std::string value;  // as in a modelverse: URI, not percent-encoded
  std::string key;    // as written in the list
  std::size_t line = 0;
};

// True for the key of the task that a shot adopts.
bool is_adopted_task(const Setting& setting);
// True for image-path and image-uri.
bool is_first_picture(const Setting& setting);

struct Shot {
  std::string id;
  std::size_t line = 0;
  std::optional<std::size_t> start;  // index of the shot whose last frame is this one's first
  std::vector<Setting> settings;
  bool is_sound = true;  // none of the list's problems is in it
};

struct ShotList {
  std::vector<Shot> shots;
  std::vector<Problem> problems;  // all that were found; empty: the list is good
};

// `directory`: relative paths start here.
ShotList read_shot_list(std::string_view text, const std::string& directory);

}  // namespace modelverse::render
