// SPDX-License-Identifier: LGPL-2.1-or-later
// The main loop's side of a run.
#include "render/session.h"

#include <algorithm>
#include <utility>

#include "glib/sentences.h"
#include "glib/text.h"
#include "render/clip_files.h"
#include "render/interruption.h"
#include "render/last_frame.h"

namespace modelverse::render {

namespace {

constexpr guint tick_ms = 250;
constexpr const char* film_remedy = N_("The clips are there: run again to make the film.");

// `cost`: of another submit.
std::string cost_of_next_run(const std::optional<Money>& cost) {
  return cost ? format_text(_("The next run submits the shot anew, for about %s."),
                            cost_text(cost).c_str())
              : _("The next run submits the shot anew, at an unknown cost.");
}

// Of a task that does not help.
std::string remedy_of_task(const Shot& shot, const std::optional<Money>& cost, FailureKind kind) {
  const auto next_run = cost_of_next_run(cost);
  const bool is_adopted = std::any_of(shot.settings.begin(), shot.settings.end(), is_adopted_task);
  if (kind == FailureKind::task_failed)
    return is_adopted ? two_sentences(_("Remove `task-id` and set another `take`."), next_run)
                      : next_run;
  return two_sentences(
      is_adopted ? _("If the id is wrong, remove the entry and correct `task-id`. Otherwise remove "
                     "`task-id` and set another `take`.")
                 : _("If the service and the account are the right ones, set another `take`."),
      next_run);
}

std::string remedy_of(const Shot& shot, const std::optional<Money>& cost, const Failure& failure) {
  switch (failure.kind) {
    case FailureKind::task_failed:
    case FailureKind::task_missing:
      return remedy_of_task(shot, cost, failure.kind);
    case FailureKind::unknown_submit:
      return _(
          "Look at your account's tasks. If it has this one, set `task-id` of the shot to its "
          "id; if it has none, set another `take`, which submits the shot again.");
    default:
      break;
  }
  if (!failure.resume.empty())
    return format_text(_("Run again to fetch its task (%s)."), failure.resume.c_str());
  if (failure.kind == FailureKind::request)
    return _("Change the list or the limits, and run again: only what is missing is made.");
  if (failure.kind == FailureKind::authorization)
    return _("Check the API key and its account, and run again: only what is missing is made.");
  if (failure.kind == FailureKind::service)
    return _("When the service can be reached, run again: only what is missing is made.");
  return _("Correct the cause and run again: only what is missing is made.");
}

// The element's advice on an unknown outcome names `resubmit`, which a list does not have.
std::string text_of(const Failure& failure) {
  return failure.kind == FailureKind::unknown_submit
             ? _("The submit may have been accepted and billed, but its response was lost.")
             : failure.text;
}

}  // namespace

Session::Session(const Options& options, const std::vector<Shot>& shots,
                 const std::vector<std::size_t>& wanted, const Destination& destination)
    : options_(options),
      shots_(shots),
      wanted_(wanted),
      destination_(destination),
      schedule_(shots, wanted, static_cast<std::size_t>(options.jobs)),
      report_(make_report(options.json)),
      loop_(g_main_loop_new(nullptr, FALSE)) {}

Session::~Session() {
  if (tick_ > 0)
    g_source_remove(tick_);
  if (idle_ > 0)
    g_source_remove(idle_);
  active_.clear();
  film_.reset();
  g_main_loop_unref(loop_);
}

void Session::begin(std::size_t index) {
  const auto& shot = shots_[index];
  auto frame = shot.start ? last_frame(clips_[*shot.start]) : Result<SamplePtr>(SamplePtr());
  if (!frame && is_interrupted())
    return;
  if (!frame)
    return fail(index, {frame.error().text});
  auto settings = settings_of(shot.settings, frame->get());
  auto located = settings ? locate(std::move(settings).value()) : Result<Located>(settings.error());
  auto source =
      shot_source(shot.settings, frame->get(), {options_.max_cost, options_.daily_budget});
  if (!located || !source)
    return fail(index, {located ? source.error().text : located.error().text});
  // A shot that was set aside keeps its first state: it may have its task by now.
  const auto& before = located_.try_emplace(index, *std::move(located)).first->second;
  report_->tell({.kind = Event::Kind::start, .shot = shot.id, .state = state_name(before.state)});
  auto& active = active_[index];
  active.run = std::make_unique<ClipRun>(std::move(source).value(), events_of(index));
  active.run->start();
}

ClipEvents Session::events_of(std::size_t index) {
  return {.on_event =
              [this, index](Event event) {
                event.shot = shots_[index].id;
                report_->tell(event);
              },
          .on_accepted = [this, index](const std::string& task_id) { accept(index, task_id); },
          .on_end =
              [this, index](std::optional<Failure> failure) {
                ended_.push_back({index, std::move(failure)});
                pump_soon();
              }};
}

// Two shots with the same request have one submit, which is paid once.
std::optional<Money> Session::count_cost(const Located& located, const std::string& submit) {
  const bool is_new = located.may_submit && submitted_.insert(submit).second;
  if (is_new && located.cost)
    costs_.push_back(*located.cost);
  return is_new ? located.cost : std::nullopt;
}

void Session::accept(std::size_t index, const std::string& task_id) {
  schedule_.accept(index);
  const auto& located = located_.at(index);
  if (located.state == State::kept)
    return pump_soon();
  report_->tell({.kind = Event::Kind::accepted,
                 .shot = shots_[index].id,
                 .text = task_id,
                 .cost = count_cost(located, task_id)});
  pump_soon();
}

// The element still holds the clip here: it cannot leave the cache.
void Session::keep_clip(std::size_t index) {
  const auto& located = located_.at(index);
  const auto& from = located.clip_path;
  const auto to = destination_.keeps_clips() ? destination_.clip(shots_[index]) : from;
  if (!g_file_test(from.c_str(), G_FILE_TEST_IS_REGULAR))
    return fail(index, {_("The clip could not be kept in the cache: is the disk full?")});
  if (const auto put = put_clip(from, to); !put)
    return fail(index, {put.error().text});
  clips_[index] = to;
  if (located.state == State::kept)
    ++kept_;
  else
    made_at_ = g_get_monotonic_time();
  schedule_.finish(index);
  report_->tell({.kind = Event::Kind::done,
                 .shot = shots_[index].id,
                 .state = state_name(located.state),
                 .path = destination_.is_for_the_film_only() ? from : to});
}

void Session::fail(std::size_t index, const Failure& failure) {
  status_ = 1;
  const auto located = located_.find(index);
  const bool is_located = located != located_.end();
  // A submit of this run, not of an earlier one.
  if (failure.kind == FailureKind::unknown_submit && is_located &&
      located->second.state == State::to_make)
    count_cost(located->second, located->second.clip_path);
  const auto cost = is_located ? located->second.cost : std::nullopt;
  report_->tell({.kind = Event::Kind::failed,
                 .shot = shots_[index].id,
                 .text = text_of(failure),
                 .remedy = remedy_of(shots_[index], cost, failure)});
  for (const auto skipped : schedule_.fail(index))
    report_->tell(
        {.kind = Event::Kind::skipped,
         .shot = shots_[skipped].id,
         .text = format_text(_("starts from %s"), shots_[*shots_[skipped].start].id.c_str())});
}

void Session::end(const Ended& ended) {
  if (ended.failure)
    fail(ended.shot, *ended.failure);
  else
    keep_clip(ended.shot);
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
  for (const auto index : schedule_.lower(std::chrono::steady_clock::now())) {
    active_.erase(index);
    report_->tell({.kind = Event::Kind::waiting, .shot = shots_[index].id});
  }
  if (schedule_.limit() == before)
    return;
  report_->tell({.kind = Event::Kind::limit,
                 .text = format_text(_("Submits have to be repeated: %zu at once for a while"),
                                     schedule_.limit()),
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
    return stop();
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

void Session::stop() {
  if (is_finished_)
    return;
  submitting_ =
      static_cast<std::size_t>(std::count_if(active_.begin(), active_.end(), [&](const auto& one) {
        return located_.at(one.first).may_submit &&
               schedule_.phase(one.first) == Schedule::Phase::starting;
      }));
  active_.clear();
  film_.reset();
  finish(1);
}

void Session::after_clips() {
  if (film_ || is_finished_)
    return;
  if (options_.film.empty())
    return finish(status_);
  if (status_ == 0)
    return begin_film();
  report_->tell({.kind = Event::Kind::film_failed,
                 .text = _("shots are missing."),
                 .remedy = _("Follow the advice on each, then run again.")});
  finish(status_);
}

FilmEvents Session::film_events() {
  return {
      .on_progress =
          [this](int percent, const std::string& text) {
            report_->tell({.kind = Event::Kind::film, .text = text, .percent = percent});
          },
      .on_done =
          [this](const std::string& text) {
            report_->tell({.kind = Event::Kind::film_done, .text = text, .path = options_.film});
            finish(status_);
          },
      .on_failed =
          [this](const std::string& text) {
            report_->tell(
                {.kind = Event::Kind::film_failed, .text = text, .remedy = _(film_remedy)});
            finish(1);
          }};
}

void Session::begin_film() {
  film_ = std::make_unique<Film>(
      FilmOptions{.path = options_.film, .transition = options_.transition}, film_events());
  std::vector<std::string> clips;
  for (const auto index : wanted_)
    clips.push_back(clips_[index]);
  if (const auto started = film_->start(clips); !started) {
    if (is_interrupted())
      return stop();
    report_->tell(
        {.kind = Event::Kind::film_failed, .text = started.error().text, .remedy = _(film_remedy)});
    finish(1);
  }
}

void Session::finish(int status) {
  is_finished_ = true;
  status_ = status;
  report_->tell({.kind = Event::Kind::total,
                 .text = summary_of(totals(), is_interrupted() && status != 0),
                 .cost = cost(),
                 .number = clips_.size()});
  g_main_loop_quit(loop_);
}

std::optional<Money> Session::cost() const {
  return costs_.empty() ? std::nullopt : sum_of(costs_);
}

Totals Session::totals() const {
  using Phase = Schedule::Phase;
  Totals totals = {.wanted = wanted_.size(),
                   .made = schedule_.count(Phase::done) - kept_,
                   .kept = kept_,
                   .active = active_.size(),
                   .failed = schedule_.count(Phase::failed),
                   .skipped = schedule_.count(Phase::skipped),
                   .submitting = submitting_,
                   .cost = cost()};
  // Counted down until the next clip is there.
  const auto seconds = [](gint64 from, gint64 to) {
    return static_cast<double>(to - from) / G_USEC_PER_SEC;
  };
  if (totals.made > 0)
    totals.seconds_left =
        std::max(0.0, seconds(begun_, made_at_) / static_cast<double>(totals.made) *
                              static_cast<double>(totals.left()) -
                          seconds(made_at_, g_get_monotonic_time()));
  return totals;
}

int Session::run() {
  begun_ = g_get_monotonic_time();
  note_interruptions();
  tick_ = g_timeout_add(tick_ms, on_tick, this);
  pump_soon();
  g_main_loop_run(loop_);
  active_.clear();
  film_.reset();
  destination_.clean_up(shots_);
  return status_;
}

}  // namespace modelverse::render
