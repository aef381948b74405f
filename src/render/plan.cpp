// SPDX-License-Identifier: LGPL-2.1-or-later
// Has the element check each shot, and finds the setting that an error is about.
#include "render/plan.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string_view>
#include <tuple>
#include <utility>

#include "glib/handles.h"
#include "glib/text.h"
#include "render/cost_limits.h"
#include "render/last_frame.h"
#include "render/shot_element.h"

namespace modelverse::render {

namespace {

std::string replaced(const std::string& text, const char* pattern, const char* by) {
  ErrorSlot error;
  const auto regex = std::unique_ptr<GRegex, Freer<g_regex_unref>>(
      g_regex_new(pattern, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, error.out()));
  const CharPtr changed(g_regex_replace_literal(regex.get(), text.c_str(), -1, 0, by,
                                                G_REGEX_MATCH_DEFAULT, nullptr));
  return changed ? changed.get() : text;
}

// The element names its properties, some of which have another key: lists of them, such as
// "image-path, image-uri or image-sample" in any language, and single ones.
std::string in_words_of_list(const std::string& text) {
  auto words =
      replaced(text, "last-image-(?:path|uri|sample)(?:.{1,5}last-image-(?:path|uri|sample))*",
               "last-image");
  words = replaced(words, "\\bimage-(?:path|uri|sample)(?:.{1,5}image-(?:path|uri|sample))+",
                   _("image or start"));
  words = replaced(words, "\\bimage-(?:path|uri|sample)", "image");
  return replaced(words, " ?[(（][^()（）]*task-id[^()（）]*[)）]", "");
}

constexpr const char* unknown_hint =
    N_("if your account has its task, set `task-id`; if it has none, set another `take`");

Result<Located> locate_shot(const Shot& shot, GstSample* frame) {
  const auto source = shot_source(shot.settings, frame, {});
  return source ? locate(source->get()) : Result<Located>(source.error());
}

// The picture that a shot starts from is not there yet.
SamplePtr stand_in_for(const Shot& shot) {
  return shot.start ? stand_in_frame() : nullptr;
}

// The error without one of the settings, or empty.
std::string error_without(Shot shot, std::size_t setting) {
  shot.settings.erase(shot.settings.begin() + static_cast<std::ptrdiff_t>(setting));
  const auto located = locate_shot(shot, stand_in_for(shot).get());
  return located ? "" : located.error().text;
}

// Each value alone, so that each error has its key.
std::vector<Problem> check_values(const Shot& shot) {
  std::vector<Problem> problems;
  for (const auto& setting : shot.settings)
    if (!shot_source({setting}, nullptr, {}))
      problems.push_back({setting.line, setting.key, rule_of(setting.property)});
  return problems;
}

// The property that the error is about, of errors such as "prompt is empty".
std::string subject_of(const Error& error) {
  return error.debug.substr(0, error.debug.find_first_of(" :"));
}

// The text of an error in a picture begins with the picture's name, such as reference-images[0].
bool is_about(const Error& error, const Setting& setting) {
  return subject_of(error) == setting.property || error.text.starts_with(setting.key + ": ") ||
         error.text.starts_with(setting.key + "[");
}

// A name that the text begins with is not printed twice.
Problem problem_of(std::size_t line, const std::string& key, const std::string& error) {
  const bool is_property = key.ends_with("-path") || key.ends_with("-uri");
  const auto text = is_property ? error : in_words_of_list(error);
  const auto name = text.substr(0, text.find(": "));
  if (name == key || name.starts_with(key + "["))
    return {line, name, text.substr(std::min(name.size() + 2, text.size()))};
  return {line, key, text};
}

bool is_key(const std::string& name) {
  const auto source = new_source();
  return source && shot_property_type(source->get(), name);
}

// The key is that of the setting that the error is about, else of that without which there is no
// error. If there always is one, that of the setting without which it is another error: one whose
// value the error names, if possible, and a picture last, since without it a shot is often refused.
Problem attribute(const Shot& shot, const Error& error) {
  const Setting* found = nullptr;
  int best = 0;
  for (std::size_t i = 0; i < shot.settings.size(); ++i) {
    const auto& setting = shot.settings[i];
    const auto other = error_without(shot, i);
    const bool is_named = error.text.find(setting.value) != std::string::npos;
    const int rank = is_about(error, setting)    ? 5
                     : other.empty()             ? 4
                     : other == error.text       ? 0
                     : is_named                  ? 3
                     : is_first_picture(setting) ? 1
                                                 : 2;
    if (rank > best)
      std::tie(best, found) = std::tuple(rank, &setting);
  }
  if (const auto subject = subject_of(error); best < 5 && is_key(subject))
    return problem_of(shot.line, subject, error.text);
  return found ? problem_of(found->line, found->key, error.text)
               : problem_of(shot.line, shot.id, error.text);
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
    return problems.empty() ? std::vector{attribute(shot, located.error())} : problems;
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
          .cost = located.state == State::to_make ? located.cost : Money{},
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
    if (const auto& located = *planned_[index].located; located.state == State::to_make)
      for (const auto& text : located.warnings)
        warnings.push_back({.kind = Event::Kind::warning,
                            .shot = shots_[index].id,
                            .text = in_words_of_list(text)});
  return warnings;
}

}  // namespace modelverse::render
