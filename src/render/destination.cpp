// SPDX-License-Identifier: LGPL-2.1-or-later
// Tries to write before anything is paid.
#include "render/destination.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "glib/handles.h"
#include "glib/text.h"
#include "render/clip_files.h"

namespace modelverse::render {

namespace {

std::string directory_of(const std::string& path) {
  const CharPtr directory(g_path_get_dirname(path.c_str()));
  return directory.get();
}

// Either may be missing yet.
bool is_same_directory(const std::string& one, const std::string& other) {
  const CharPtr first(g_canonicalize_filename(one.c_str(), nullptr)),
      second(g_canonicalize_filename(other.c_str(), nullptr));
  struct stat a = {}, b = {};
  if (std::string_view(first.get()) == second.get())
    return true;
  return stat(one.c_str(), &a) == 0 && stat(other.c_str(), &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

}  // namespace

Destination::Destination(const std::string& directory, std::string film)
    : film_(std::move(film)), is_for_the_film_only_(directory.empty() && !film_.empty()) {
  directory_ = is_for_the_film_only_ ? beside(film_, ".clips") : directory;
}

std::string Destination::clip(const Shot& shot) const {
  return directory_ + "/" + shot.id + ".mp4";
}

Status Destination::check_film(const std::vector<Shot>& shots) const {
  if (g_file_test(film_.c_str(), G_FILE_TEST_IS_DIR))
    return settings_error(format_text(_("--film: %s is a directory."), film_.c_str()));
  if (!is_same_directory(directory_of(film_), directory_))
    return Done{};
  const CharPtr name(g_path_get_basename(film_.c_str()));
  const auto replaced = std::find_if(
      shots.begin(), shots.end(), [&](const Shot& shot) { return shot.id + ".mp4" == name.get(); });
  if (replaced == shots.end())
    return Done{};
  return settings_error(format_text(_("--film: %s is the clip of the shot %s."), film_.c_str(),
                                    replaced->id.c_str()));
}

Status Destination::prepare(const std::vector<Shot>& shots) const {
  if (!film_.empty()) {
    if (auto checked = check_film(shots); !checked)
      return checked;
    if (auto made = make_directory(directory_of(film_)); !made)
      return made;
  }
  return keeps_clips() ? make_directory(directory_) : Status(Done{});
}

void Destination::clean_up(const std::vector<Shot>& shots) const {
  if (!is_for_the_film_only_)
    return;
  for (const auto& shot : shots)
    g_unlink(clip(shot).c_str());
  g_rmdir(directory_.c_str());
}

}  // namespace modelverse::render
