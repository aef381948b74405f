// SPDX-License-Identifier: LGPL-2.1-or-later
// What is known of the shots before any of them is made.
#pragma once

#include <optional>
#include <vector>

#include "render/lookup.h"
#include "render/options.h"
#include "render/report.h"
#include "render/shot_list.h"

namespace modelverse::render {

class Plan {
 public:
  // `wanted`: indices of the shots to make; contains the shots those start from. All three must
  // outlive this.
  Plan(const Options& options, const std::vector<Shot>& shots,
       const std::vector<std::size_t>& wanted);

  // The errors of the sound shots that can be found without a network call.
  std::vector<Problem> check();
  // The state and cost of each wanted shot. Only if neither the list nor check()
  // has a problem.
  std::vector<Event> look_up();
  // Those that the element gives before a submit. Only after look_up().
  std::vector<Event> warnings() const;

 private:
  struct Planned {
    std::optional<Located> located;
    bool is_exact = false;  // located by the real first frame
    bool is_looked_up = false;
  };

  std::vector<Problem> check_shot(std::size_t index);
  std::optional<Problem> check_transition(const Shot& shot, const Located& located) const;
  void look_up(std::size_t index);
  void look_up_from(std::size_t start, std::size_t index);
  Event event_of(std::size_t index) const;

  const Options& options_;
  const std::vector<Shot>& shots_;
  const std::vector<std::size_t>& wanted_;
  std::vector<Planned> planned_;
};

}  // namespace modelverse::render
