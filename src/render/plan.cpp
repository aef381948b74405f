// SPDX-License-Identifier: LGPL-2.1-or-later
// Checks each shot as the element does, and finds the setting that an error is about.
#include "render/plan.h"

#include <algorithm>
#include <map>
#include <utility>

#include "glib/text.h"
#include "render/cost_limits.h"
#include "render/last_frame.h"
#include "render/shot_element.h"

namespace modelverse::render {

namespace {

constexpr const char* unknown_hint =
    N_("if your account has its task, set `task-id`; if it has none, set another `take`");

Result<Located> locate_shot(const Shot& shot, GstSample* frame) {
  auto settings = settings_of(shot.settings, frame);
  return settings ? locate(std::move(settings).value()) : Result<Located>(settings.error());
}

// The picture that a shot starts from is not there yet.
SamplePtr stand_in_for(const Shot& shot) {
  return shot.start ? stand_in_frame() : nullptr;
}

// Each value alone, so that each error has its key.
std::vector<Problem> check_values(const Shot& shot) {
  std::vector<Problem> problems;
  for (const auto& setting : shot.settings)
    if (!settings_of({setting}, nullptr))
      problems.push_back({setting.line, setting.key, rule_of(setting.property)});
  return problems;
}

// A picture may be given by its path or by its URI.
bool is_about(const Error& error, const Setting& setting) {
  const auto name = error.property.substr(0, error.property.find('['));
  return setting.property == name || setting.property == name + "-path" ||
         setting.property == name + "-uri";
}

Problem problem_of(const Shot& shot, const Error& error) {
  const auto found = std::ranges::find_if(
      shot.settings, [&](const Setting& setting) { return is_about(error, setting); });
  const bool is_set = found != shot.settings.end();
  if (error.property == "image" && !is_set)
    return shot.start ? Problem{shot.line, "start", error.text}
                      : Problem{shot.line, "image", _("the shot needs one: set image or start")};
  // The text may begin with the name of a picture.
  const auto name = error.property + ": ";
  return {is_set ? found->line : shot.line, error.property.empty() ? shot.id : error.property,
          error.text.substr(error.text.starts_with(name) ? name.size() : 0)};
}

// Shots with the same request get the same clip, which is paid once.
void mark_repeated(std::vector<Event>& plan, const std::vector<std::string>& entries) {
  std::map<std::string, std::string> first;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const auto [same, is_new] = first.insert({entries[i], plan[i].shot});
    if (entries[i].empty() || is_new)
      continue;
    plan[i].cost = Money{};
    add_note(plan[i], format_text(_("the same request as %s, and the same clip: set `take`"),
                                  same->second.c_str()));
  }
}

}  // namespace

Plan::Plan(const Options& options, const std::vector<Shot>& shots,
           const std::vector<std::size_t>& wanted)
    : options_(options), shots_(shots), wanted_(wanted), planned_(shots.size()) {}

std::optional<Problem> Plan::check_transition(const Shot& shot, const Located& located) const {
  if (located.seconds == 0 || wanted_.size() == 1 || located.seconds >= 2 * options_.transition)
    return {};
  return Problem{shot.line, shot.id, _("its clip is shorter than two transitions (--transition)")};
}

std::vector<Problem> Plan::check_shot(std::size_t index) {
  const auto& shot = shots_[index];
  auto located = locate_shot(shot, stand_in_for(shot).get());
  if (!located) {
    auto problems = check_values(shot);
    return problems.empty() ? std::vector{problem_of(shot, located.error())} : problems;
  }
  const auto problem = check_transition(shot, *located);
  planned_[index] = {std::move(located).value(), !shot.start, !shot.start};
  return problem ? std::vector{*problem} : std::vector<Problem>();
}

std::vector<Problem> Plan::check() {
  std::vector<Problem> problems;
  for (const auto index : wanted_)
    if (shots_[index].is_sound)
      for (auto& problem : check_shot(index))
        problems.push_back(std::move(problem));
  return problems;
}

// A shot that starts from a kept clip can be located exactly.
void Plan::look_up_from(std::size_t start, std::size_t index) {
  auto& planned = planned_[index];
  planned.is_looked_up = true;
  planned.located->state = State::to_make;
  planned.located->may_submit = true;
  const auto& before = planned_[start];
  if (!before.is_exact || before.located->state != State::kept)
    return;
  const auto frame = last_frame(before.located->clip_path);
  auto located = frame ? locate_shot(shots_[index], frame->get()) : Result<Located>(frame.error());
  if (located)
    planned = {std::move(located).value(), true, true};
}

// The shots that it starts from first. A chain may be as long as the list.
void Plan::look_up(std::size_t index) {
  std::vector<std::size_t> chain;
  for (auto at = index; !planned_[at].is_looked_up; at = *shots_[at].start)
    chain.push_back(at);
  for (; !chain.empty(); chain.pop_back())
    look_up_from(*shots_[chain.back()].start, chain.back());
}

Event Plan::event_of(std::size_t index) const {
  const auto& located = *planned_[index].located;
  return {.kind = Event::Kind::plan,
          .shot = shots_[index].id,
          .state = state_name(located.state),
          .cost = located.may_submit ? located.cost : Money{},
          .model = located.model,
          .size = located.size,
          .seconds = located.seconds};
}

std::vector<Event> Plan::look_up() {
  std::vector<Event> plan;
  std::vector<std::string> entries;
  for (const auto index : wanted_) {
    look_up(index);
    plan.push_back(event_of(index));
    if (planned_[index].located->state == State::unknown)
      add_note(plan.back(), _(unknown_hint));
    entries.push_back(planned_[index].is_exact ? planned_[index].located->clip_path : "");
  }
  mark_repeated(plan, entries);
  note_refused_costs(plan, options_);
  return plan;
}

std::vector<Event> Plan::warnings() const {
  std::vector<Event> warnings;
  for (const auto index : wanted_)
    if (const auto& located = *planned_[index].located; located.may_submit)
      for (const auto& text : located.warnings)
        warnings.push_back({.kind = Event::Kind::warning, .shot = shots_[index].id, .text = text});
  return warnings;
}

}  // namespace modelverse::render
