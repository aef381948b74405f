// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the clips and the film go.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "render/shot_list.h"

namespace modelverse::render {

class Destination {
 public:
  // `directory`: for the clips; empty: they stay in the cache, or beside the film until it is made.
  // `film`: empty: none.
  Destination(const std::string& directory, std::string film);

  // Whether the clips get names outside the cache, which may evict them.
  bool keeps_clips() const { return !directory_.empty(); }
  bool is_for_the_film_only() const { return is_for_the_film_only_; }
  std::string clip(const Shot& shot) const;
  // Makes the directories and writes to them on trial, before anything is paid. Errors: open_write,
  // settings (the film would replace one of the clips).
  Status prepare(const std::vector<Shot>& shots) const;
  // Removes the clips that were kept for the film only.
  void clean_up(const std::vector<Shot>& shots) const;

 private:
  Status check_film(const std::vector<Shot>& shots) const;

  std::string directory_;
  std::string film_;
  bool is_for_the_film_only_;
};

}  // namespace modelverse::render
