// SPDX-License-Identifier: LGPL-2.1-or-later
// The main loop's side of a run.
#include "render/session.h"

#include <glib/gstdio.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "render/clip_files.h"
#include "render/interruption.h"
#include "render/last_frame.h"
#include "render/plan_table.h"

namespace modelverse::render {

namespace {

constexpr guint tick_ms = 250;

std::string remedy_of(const Failure& failure) {
  if (!failure.resume.empty())
    return "Run again to fetch its task (" + failure.resume + ").";
  if (failure.may_have_been_accepted)
    return "Check your account's tasks. If there is none, change `take` in the list to submit it "
           "again.";
  return "Correct the cause and run again: only what is missing is made.";
}

std::string counted(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what;
}

}  // namespace

Session::Session(Options options, ShotList list)
    : options_(std::move(options)),
      list_(std::move(list)),
      wanted_(shots_of_shard(list_.shots, options_.shard, options_.shards)),
      planned_(list_.shots.size()),
      schedule_(list_.shots, wanted_, static_cast<std::size_t>(options_.jobs)),
      report_(make_report(options_.json)),
      loop_(g_main_loop_new(nullptr, FALSE)) {
  // Clips may leave the cache before the film is made: links keep them.
  is_directory_ours_ = options_.directory.empty() && !options_.film.empty();
  directory_ = is_directory_ours_ ? beside(options_.film, ".clips") : options_.directory;
}

Session::~Session() {
  if (tick_ > 0)
    g_source_remove(tick_);
  if (idle_ > 0)
    g_source_remove(idle_);
  active_.clear();
  film_.reset();
  g_main_loop_unref(loop_);
}

std::string Session::file_of(std::size_t index) const {
  return directory_ + "/" + shot(index).id + ".mp4";
}

std::string Session::clip_of(std::size_t index) const {
  const auto found = clips_.find(index);
  return found == clips_.end() ? "" : found->second;
}

Result<ElementPtr> Session::source_of(std::size_t index, GstSample* frame) {
  auto source = new_source();
  if (!source)
    return source;
  if (auto applied = apply_shot(source->get(), shot(index).settings, frame); !applied)
    return applied.error();
  apply_limits(source->get(), {options_.max_cost, options_.daily_budget});
  return source;
}

Result<Located> Session::locate_shot(std::size_t index, GstSample* frame) {
  auto source = source_of(index, frame);
  return source ? locate(source->get()) : Result<Located>(source.error());
}

// Each value alone, so that the error has its key.
std::optional<Problem> Session::check_settings(std::size_t index) {
  const auto source = new_source();
  for (const auto& setting : shot(index).settings) {
    const auto applied = apply_shot(source->get(), {setting}, nullptr);
    if (!applied)
      return Problem{setting.line, setting.key, "not a value of this property"};
  }
  return {};
}

// The error without one of the settings, or empty.
std::string Session::error_without(std::size_t index, std::size_t setting) {
  auto settings = shot(index).settings;
  settings.erase(settings.begin() + static_cast<std::ptrdiff_t>(setting));
  const auto source = new_source();
  const auto frame = shot(index).start ? stand_in_frame() : nullptr;
  (void)apply_shot(source->get(), settings, frame.get());
  const auto located = locate(source->get());
  return located ? "" : located.error().text;
}

// The key is that of the setting without which there is no error. If there always is one, that of
// the setting without which it is another error, a picture last: without it, a shot is often
// refused.
Problem Session::attribute(std::size_t index, const Error& error) {
  const auto& settings = shot(index).settings;
  const Setting* found = nullptr;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const auto other = error_without(index, i);
    if (other.empty() || (other != error.text && (!found || is_first_picture(*found))))
      found = &settings[i];
    if (other.empty())
      break;
  }
  return found ? Problem{found->line, found->key, error.text}
               : Problem{shot(index).line, shot(index).id, error.text};
}

std::optional<Problem> Session::check_transition(std::size_t index, const Located& located) const {
  if (located.seconds == 0 || located.seconds >= 2 * options_.transition)
    return {};
  return Problem{shot(index).line, shot(index).id,
                 "its clip is shorter than two transitions (--transition)"};
}

std::vector<Problem> Session::check() {
  std::vector<Problem> problems;
  for (const auto index : wanted_) {
    auto problem = check_settings(index);
    if (!problem) {
      const auto frame = shot(index).start ? stand_in_frame() : nullptr;
      auto located = locate_shot(index, frame.get());
      problem = located ? check_transition(index, *located) : attribute(index, located.error());
      if (located)
        planned_[index] = {std::move(located).value(), !shot(index).start};
    }
    if (problem)
      problems.push_back(*std::move(problem));
  }
  std::stable_sort(problems.begin(), problems.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  return problems;
}

Result<SamplePtr> Session::first_frame(std::size_t index) {
  const auto start = shot(index).start;
  if (!start)
    return SamplePtr();
  auto clip = clip_of(*start);
  if (clip.empty() && planned_[*start].located)
    clip = planned_[*start].located->clip_path;
  return last_frame(clip);
}

// A shot that starts from a kept clip can be located exactly. After check(), in any order.
void Session::look_up(std::size_t index) {
  const auto start = shot(index).start;
  auto& planned = planned_[index];
  if (!start || planned.is_exact)
    return;
  look_up(*start);
  planned.located->state = State::to_make;
  const auto& before = planned_[*start];
  if (!before.is_exact || before.located->state != State::kept)
    return;
  const auto frame = first_frame(index);
  auto located = frame ? locate_shot(index, frame->get()) : Result<Located>(frame.error());
  if (located)
    planned = {std::move(located).value(), true};
}

Event Session::plan_event(std::size_t index) const {
  const auto& located = *planned_[index].located;
  return {.kind = Event::Kind::plan,
          .shot = shot(index).id,
          .state = state_name(located.state),
          .cost = located.state == State::to_make ? located.cost : Money{},
          .model = located.model,
          .size = located.size,
          .seconds = located.seconds};
}

void Session::print_plan() {
  std::vector<Event> plan;
  for (const auto index : wanted_) {
    look_up(index);
    plan.push_back(plan_event(index));
  }
  if (!options_.json) {
    std::fputs(plan_as_text(plan).c_str(), stdout);
    return;
  }
  for (const auto& event : plan)
    report_->tell(event);
  report_->tell({.kind = Event::Kind::total, .text = plan_total(plan), .number = plan.size()});
}

void Session::begin(std::size_t index) {
  auto frame = first_frame(index);
  if (!frame && is_interrupted())
    return;
  if (!frame)
    return fail(index, {frame.error().text, {}, false});
  auto source = source_of(index, frame->get());
  auto located = source ? locate(source->get()) : Result<Located>(source.error());
  if (!located)
    return fail(index, {located.error().text, {}, false});
  report_->tell(
      {.kind = Event::Kind::start, .shot = shot(index).id, .state = state_name(located->state)});
  auto& active = active_[index];
  active.located = *located;
  active.run = std::make_unique<ClipRun>(std::move(source).value(), events_of(index));
  active.run->start();
}

ClipEvents Session::events_of(std::size_t index) {
  const auto tell = [this, index](Event event) {
    event.shot = shot(index).id;
    report_->tell(event);
  };
  return {
      .on_progress =
          [tell](const Progress& progress) {
            tell({.kind = Event::Kind::progress,
                  .text = progress.text,
                  .phase = progress.phase,
                  .percent = progress.percent});
          },
      .on_accepted =
          [this, index, tell](const std::string& task_id) {
            schedule_.accept(index);
            const auto& active = active_[index];
            const bool is_new = active.located.state == State::to_make;
            const auto cost = is_new ? active.located.cost : std::nullopt;
            if (cost)
              cost_ = Money{cost->micros + (cost_ ? cost_->micros : 0), cost->currency};
            tell({.kind = Event::Kind::accepted, .text = task_id, .cost = cost});
            pump_soon();
          },
      .on_warning =
          [tell](const std::string& text) { tell({.kind = Event::Kind::warning, .text = text}); },
      .on_done =
          [this, index] {
            ended_.push_back({index, Fate::done, {}});
            pump_soon();
          },
      .on_failed =
          [this, index](const Failure& failure) {
            ended_.push_back({index, Fate::failed, failure});
            pump_soon();
          },
  };
}

// The element still holds the clip here: it cannot leave the cache.
void Session::keep_clip(std::size_t index) {
  const auto& from = active_[index].located.clip_path;
  const auto to = makes_files() ? file_of(index) : from;
  if (makes_files()) {
    if (const auto kept = put_clip(from, to); !kept)
      return fail(index, {kept.error().text, {}, false});
  } else if (!g_file_test(from.c_str(), G_FILE_TEST_IS_REGULAR)) {
    return fail(index, {"The clip could not be kept in the cache: is the disk full?", {}, false});
  }
  clips_[index] = to;
  if (active_[index].located.state == State::kept)
    ++kept_;
  schedule_.finish(index);
  report_->tell({.kind = Event::Kind::done,
                 .shot = shot(index).id,
                 .state = state_name(active_[index].located.state),
                 .path = to});
}

void Session::fail(std::size_t index, const Failure& failure) {
  status_ = 1;
  report_->tell({.kind = Event::Kind::failed,
                 .shot = shot(index).id,
                 .text = failure.text,
                 .remedy = remedy_of(failure)});
  for (const auto skipped : schedule_.fail(index))
    report_->tell(
        {.kind = Event::Kind::skipped,
         .shot = shot(skipped).id,
         .text = "it starts from " + shot(*shot(skipped).start).id + ", which could not be made"});
}

void Session::end(const Ended& ended) {
  if (ended.fate == Fate::done)
    keep_clip(ended.shot);
  else
    fail(ended.shot, ended.failure);
  active_.erase(ended.shot);
}

// The element repeats a submit that was refused for now, and counts that in `stats`.
void Session::watch_retries() {
  bool is_busy = false;
  for (auto& [index, active] : active_) {
    if (schedule_.phase(index) != Schedule::Phase::starting)
      continue;
    const auto retries = active.run->retries();
    is_busy = is_busy || retries > active.retries;
    active.retries = retries;
  }
  if (!is_busy)
    return;
  const auto before = schedule_.limit();
  for (const auto index : schedule_.lower(std::chrono::steady_clock::now()))
    active_.erase(index);
  if (schedule_.limit() == before)
    return;
  report_->tell(
      {.kind = Event::Kind::limit,
       .text = "Submits have to be repeated: " + counted(schedule_.limit(), "at once for a while"),
       .number = schedule_.limit()});
}

void Session::pump() {
  for (const auto& ended : std::exchange(ended_, {}))
    if (active_.contains(ended.shot))
      end(ended);
  while (!is_interrupted()) {
    const auto index = schedule_.next(std::chrono::steady_clock::now());
    if (!index)
      break;
    begin(*index);
  }
  if (is_interrupted())
    return interrupt();
  if (schedule_.is_over())
    after_clips();
  report_->update(totals());
}

void Session::pump_soon() {
  if (idle_ == 0)
    idle_ = g_idle_add(on_idle, this);
}

gboolean Session::on_idle(gpointer data) {
  auto& self = *static_cast<Session*>(data);
  self.idle_ = 0;
  self.pump();
  return G_SOURCE_REMOVE;
}

gboolean Session::on_tick(gpointer data) {
  auto& self = *static_cast<Session*>(data);
  self.watch_retries();
  self.pump();
  return G_SOURCE_CONTINUE;
}

void Session::interrupt() {
  if (is_finished_)
    return;
  active_.clear();
  film_.reset();
  finish(1);
}

void Session::after_clips() {
  if (film_ || is_finished_)
    return;
  if (options_.film.empty() || status_ != 0) {
    if (!options_.film.empty())
      report_->tell({.kind = Event::Kind::film_failed,
                     .text = "shots are missing.",
                     .remedy = "Run again to make them and the film."});
    return finish(status_);
  }
  begin_film();
}

void Session::begin_film() {
  film_ = std::make_unique<Film>(
      options_.film, options_.transition,
      FilmEvents{.on_progress =
                     [this](int percent, const std::string& text) {
                       report_->tell({.kind = Event::Kind::film, .text = text, .percent = percent});
                     },
                 .on_done =
                     [this](const std::string& text) {
                       report_->tell(
                           {.kind = Event::Kind::film_done, .text = text, .path = options_.film});
                       finish(status_);
                     },
                 .on_failed =
                     [this](const std::string& text) {
                       report_->tell({.kind = Event::Kind::film_failed, .text = text});
                       finish(1);
                     }});
  std::vector<std::string> clips;
  for (const auto index : wanted_)
    clips.push_back(clips_[index]);
  if (const auto started = film_->start(clips); !started) {
    if (is_interrupted())
      return interrupt();
    report_->tell({.kind = Event::Kind::film_failed, .text = started.error().text});
    finish(1);
  }
}

void Session::finish(int status) {
  is_finished_ = true;
  status_ = status;
  report_->tell(
      {.kind = Event::Kind::total, .text = total_text(), .cost = cost_, .number = clips_.size()});
  g_main_loop_quit(loop_);
}

Totals Session::totals() const {
  using Phase = Schedule::Phase;
  Totals totals = {.wanted = wanted_.size(),
                   .done = schedule_.count(Phase::done),
                   .active = active_.size(),
                   .failed = schedule_.count(Phase::failed) + schedule_.count(Phase::skipped),
                   .cost = cost_};
  const auto made = totals.done - std::min(kept_, totals.done);
  const double elapsed = static_cast<double>(g_get_monotonic_time() - begun_) / G_USEC_PER_SEC;
  if (made > 0)
    totals.seconds_left = elapsed / static_cast<double>(made) *
                          static_cast<double>(totals.wanted - totals.done - totals.failed);
  return totals;
}

std::string Session::total_text() const {
  const auto now = totals();
  const auto made = now.done - std::min(kept_, now.done);
  auto text = (is_interrupted() ? "Interrupted. " : "") + counted(now.wanted, "shots: ") +
              counted(made, "made, ") + counted(kept_, "kept");
  if (now.failed > 0)
    text += ", " + counted(now.failed, "failed or skipped");
  if (const auto left = now.wanted - now.done - now.failed; left > 0)
    text += ", " + counted(left, "left");
  if (cost_)
    text += "; submitted for about " + cost_text(cost_);
  return text + (is_interrupted() ? ". Run again to continue." : ".");
}

void Session::remove_working_directory() {
  if (!is_directory_ours_)
    return;
  for (std::size_t i = 0; i < list_.shots.size(); ++i)
    g_unlink(file_of(i).c_str());
  g_rmdir(directory_.c_str());
}

int Session::run() {
  if (makes_files()) {
    if (const auto made = make_directory(directory_); !made) {
      report_->tell({.kind = Event::Kind::film_failed, .text = made.error().text});
      return 1;
    }
  }
  begun_ = g_get_monotonic_time();
  note_interruptions();
  tick_ = g_timeout_add(tick_ms, on_tick, this);
  pump_soon();
  g_main_loop_run(loop_);
  active_.clear();
  film_.reset();
  remove_working_directory();
  return status_;
}

}  // namespace modelverse::render
