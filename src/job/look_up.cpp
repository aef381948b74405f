// SPDX-License-Identifier: LGPL-2.1-or-later
// Locks and reads the entry, and waits for whoever has it locked.
#include "job/look_up.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "glib/sentences.h"
#include "glib/text.h"
#include "job/descriptors.h"
#include "job/submission.h"
#include "store/cache.h"
#include "store/ledger.h"

namespace modelverse::job {

namespace {

// Short at first, for the short locks of is_taken().
constexpr auto first_lock_wait = std::chrono::milliseconds(2);
constexpr auto longest_lock_wait = std::chrono::milliseconds(100);
// A longer wait is reported to the user.
constexpr auto silent_lock_wait = std::chrono::seconds(1);

Error still_locked(const store::Entry& entry) {
  return {.code = ErrorCode::read,
          .text = _("Another element or process has been working on this clip for longer than "
                    "task-timeout. Try again later, or set another take."),
          .debug = "flock: " + entry.clip_path()};
}

std::string waiting_text(store::Entry& entry) {
  const auto record = entry.peek();
  if (!record || !*record || (*record)->task_id.empty())
    return _(
        "Another element or process is working on this clip: waiting for its result. Nothing "
        "is submitted meanwhile.");
  return format_text(_("Another element or process is working on this clip (task %s): waiting for "
                       "its result. Nothing is submitted meanwhile."),
                     shown_id(**record).c_str());
}

std::string waiting_for_claim_text(const store::ClaimState& claim) {
  if (claim.owner.id.empty())
    return _(
        "Another process is submitting this clip: waiting for its task. Nothing is submitted "
        "meanwhile.");
  return format_text(_("Another process is submitting this clip (%s): waiting for its task. "
                       "Nothing is submitted meanwhile."),
                     store::shown_owner(claim.owner).c_str());
}

// Task id of the finished clip in the entry: empty when there is none, nothing when that cannot be
// read.
std::optional<std::string> finished_task(store::Entry& entry) {
  const auto record = entry.peek();
  if (!record)
    return {};
  const bool is_finished = *record && (*record)->state == RecordState::complete;
  return is_finished ? (*record)->task_id : std::string();
}

// The submit in the entry whose outcome is not known.
std::optional<Record> open_submit(store::Entry& entry) {
  auto record = entry.peek();
  const bool is_open = record && *record && (*record)->state == RecordState::submitting;
  return is_open ? *std::move(record) : std::nullopt;
}

// Its task, if that is under way; empty: none, or the record cannot be read.
std::string task_under_way(store::Entry& entry) {
  const auto record = entry.peek();
  const bool is_under_way = record && *record && (*record)->state == RecordState::submitted;
  return is_under_way ? (*record)->task_id : std::string();
}

// Resets the fields that describe bytes on disk.
void forget_bytes(Record& record) {
  record.state = RecordState::submitted;
  record.size = 0;
  record.sha256.clear();
  record.clip_time = 0;
  record.etag.clear();
  record.last_modified.clear();
}

class LookUp {
 public:
  explicit LookUp(Job& job) : job_(job), plan_(job.plan), settings_(job.settings()) {
    if (settings_.task_timeout > 0)
      lock_limit_ = job.clock.now() + std::chrono::seconds(settings_.task_timeout);
    if (job.found_first)
      return;
    job.found_first.emplace();
    // A clip that is made while this job waits is as new as a refresh wants it.
    const auto entry = store::Cache(plan_.cache_dir).entry(plan_.key);
    if (settings_.cache_mode == CacheMode::refresh)
      job.found_first->task = finished_task(*entry);
    if (settings_.resubmit)
      job.found_first->submit = open_submit(*entry);
  }

  Status run() {
    for (;;) {
      const auto found = find(&LookUp::wait_for_lock);
      if (!found)
        return found.error();
      if (job_.clip || (job_.pass = job_gate().try_enter()))
        return Done{};
      // A waiting job has no open file, so it holds no lock: another process may change the entry,
      // and it is looked up again.
      job_.entry.reset();
      if (!enter_gate())
        return cancelled_error();
      const auto again = find(&LookUp::try_lock);
      if (!again)
        return again.error();
      if (*again)
        return Done{};
      // The process that has the entry now may be busy for hours.
      job_.pass.reset();
    }
  }

 private:
  // False: the entry is locked by another element or process.
  Result<bool> find(Result<bool> (LookUp::*lock)()) {
    return retry_for_descriptors(job_.retry_budget(), job_.clock, job_.stop,
                                 [&] { return find_once(lock); });
  }

  Result<bool> find_once(Result<bool> (LookUp::*lock)()) {
    job_.write_error.reset();
    job_.unknown.reset();
    job_.is_recorded = true;
    job_.entry = store::Cache(plan_.cache_dir).entry(plan_.key);
    auto locked = (this->*lock)();
    if (locked && !*locked)
      return false;
    if (!locked) {
      if (locked.error().code != ErrorCode::open_write)
        return std::move(locked).error();
      job_.write_error = std::move(locked).error();
    }
    const auto read = read_entry();
    if (read && plan_.key != job_.entry->key())
      return find_once(lock);
    if (!read || job_.clip || job_.record.state != RecordState::submitting)
      job_.entry->release_claim();
    return read ? Result<bool>(true) : read.error();
  }

  bool enter_gate() {
    job_.pass = job_gate().enter(job_.stop, [this] {
      job_.state.inform(format_text(_("Waiting for another job to end: the limit of %s open files "
                                      "(ulimit -n) allows no further job now."),
                                    store::open_files_limit().c_str()));
    });
    return job_.pass.has_value();
  }

  Result<bool> try_lock() { return job_.entry->try_lock(); }

  Result<bool> wait_for_lock() {
    auto& entry = *job_.entry;
    bool is_reported = false;
    const auto begun = job_.clock.now();
    Clock::Duration longest_wait = longest_lock_wait;
    for (Clock::Duration wait = first_lock_wait;; wait = std::min(2 * wait, longest_wait)) {
      const auto locked = entry.try_lock();
      if (!locked || *locked)
        return locked;
      entry.announce_waiting();
      if (awaited_task_.empty())
        awaited_task_ = task_under_way(entry);
      if (!is_reported && job_.clock.now() - begun >= silent_lock_wait) {
        job_.state.inform(waiting_text(entry));
        is_reported = true;
        if (store::is_on_file_server(entry.directory()))
          longest_wait = store::claim_look_interval;
      }
      // A blocking flock(2) cannot be cancelled, and the holder may be busy for hours.
      if (auto waited = sleep(wait); !waited)
        return std::move(waited).error();
    }
  }

  // Within task-timeout.
  Status sleep(Clock::Duration how_long) {
    if (lock_limit_ && job_.clock.now() >= *lock_limit_)
      return still_locked(*job_.entry);
    if (!job_.clock.sleep_for(how_long, job_.stop))
      return cancelled_error();
    return Done{};
  }

  Status read_entry() {
    if (job_.write_error) {
      const auto seen = job_.entry->peek();
      if (!seen)
        return seen.error();
      if (!*seen && settings_.task_id.empty())
        return cannot_record(*job_.write_error);
    }
    std::function<Record()> substitute;
    if (plan_.has_request)
      substitute = [this] { return lost_record(); };
    auto loaded = job_.entry->load(substitute);
    if (!loaded)
      return std::move(loaded).error();
    if (!loaded->set_aside.empty())
      warn_of_damage(*loaded);
    if (!job_.write_error && !job_.entry->is_claimed() && may_submit(loaded->record)) {
      const auto claimed = wait_for_claim();
      // What is read under the claim stays.
      return claimed ? read_entry() : claimed;
    }
    if (!loaded->record)
      return begin();
    auto& record = *loaded->record;
    if (is_other_task(record))
      return settings_error(format_text(_("task-id names another task than that of this request "
                                          "(%s). To fetch by task-id, set no picture."),
                                        shown_id(record).c_str()),
                            "record of " + plan_.key);
    return record.state == RecordState::submitting ? after_unknown(std::move(record))
                                                   : resume(std::move(record));
  }

  // A record is made for a submit, so there was one, and the ledger may name its task.
  Record lost_record() const {
    auto record = new_record(plan_);
    const auto account = store::Ledger(plan_.cache_dir).read();
    if (!account)
      return record;
    const store::LedgerEntry* latest = nullptr;
    for (const auto& submit : account->submits)
      if (submit.key == plan_.key && submit.outcome != store::SubmitOutcome::refused &&
          (!latest || submit.time >= latest->time))
        latest = &submit;
    if (!latest)
      return record;
    record.submit_time = latest->time;
    record.task_id = latest->task_id;
    if (!record.task_id.empty())
      record.state = RecordState::submitted;
    return record;
  }

  void warn_of_damage(const store::Entry::Loaded& loaded) {
    const bool has_task = loaded.record && !loaded.record->task_id.empty();
    job_.warn({.code = ErrorCode::open_read,
               .text = has_task ? _("A record in the cache was damaged or of another version and "
                                    "was set aside. Its task is resumed.")
                                : _("A record in the cache could not be used and was set aside."),
               .debug = loaded.set_aside});
  }

  // Also true where the outcome of an earlier submit is to be judged.
  bool may_submit(const std::optional<Record>& record) const {
    return record ? record->state == RecordState::submitting || is_to_refresh(*record)
                  : settings_.task_id.empty();
  }

  bool is_to_refresh(const Record& record) const {
    return record.state == RecordState::complete && settings_.cache_mode == CacheMode::refresh &&
           plan_.has_request && settings_.task_id.empty() &&
           record.task_id == job_.found_first->task.value_or(record.task_id);
  }

  // Until the claim is this job's. Whoever has it is about to submit, or to record a task.
  Status wait_for_claim() {
    auto& entry = *job_.entry;
    bool is_reported = false;
    for (;;) {
      const auto claimed = entry.try_claim(longest_submit(settings_));
      if (!claimed || *claimed)
        return claimed ? Status(Done{}) : claimed.error();
      // None: it has ended, or another machine's is not visible yet.
      const auto other = store::find_claim(entry.claim_path());
      if (other && !std::exchange(is_reported, true))
        job_.state.inform(waiting_for_claim_text(*other));
      const auto wait = other ? store::claim_look_interval : Clock::Duration(longest_lock_wait);
      if (auto waited = sleep(wait); !waited)
        return waited;
    }
  }

  static Error cannot_record(Error error) {
    error.text = two_sentences(
        error.text, _("Nothing was submitted, since the task's id could not be stored: set "
                      "cache-dir to a writable directory."));
    return error;
  }

  bool is_other_task(const Record& record) const {
    return !settings_.task_id.empty() && record.state != RecordState::submitting &&
           record.task_id != settings_.task_id;
  }

  // A new task, or an adopted one. If the task that this job waited for has failed, its record is
  // gone: this job ends with the same error, and does not pay for another.
  Status begin() {
    auto record = finished_ ? *finished_ : new_record(plan_);
    const auto& task = settings_.task_id.empty() ? awaited_task_ : settings_.task_id;
    if (task.empty())
      return found(std::move(record));
    record.task_id = task;
    record.state = RecordState::submitted;
    if (job_.unknown)
      record.ledger = job_.unknown->ledger;
    // The user has the id from task-id: a failed write is no reason to stop.
    auto saved = job_.write_error ? Status(*job_.write_error) : job_.entry->save(record);
    job_.is_recorded = saved.ok();
    if (!saved) {
      auto warning = std::move(saved).error();
      warning.text = two_sentences(
          warning.text, _("The task continues; set the same task-id to resume it later."));
      job_.warn(std::move(warning));
    }
    return found(std::move(record));
  }

  Status after_unknown(Record record) {
    if (!settings_.task_id.empty()) {
      // Comes back where the named task turns out to be no help.
      job_.unknown = std::move(record);
      return begin();
    }
    // Of all that wait with resubmit, one submits again: theirs was for the submit of before, also
    // where that one's task has failed.
    const auto& before = job_.found_first->submit;
    if (!before || !is_same_submit(*before, record) || !awaited_task_.empty())
      job_.plan.settings.resubmit = false;
    if (!settings_.resubmit && settings_.cache_mode != CacheMode::refresh && find_previous())
      return Done{};
    // A query costs nothing.
    const bool can_be_queried = !record.external_id.empty();
    if (!settings_.resubmit && !can_be_queried) {
      job_.phase = Phase::submit;
      return unknown_outcome("submit: an earlier run ended before the response");
    }
    job_.unknown = record;
    return found(can_be_queried ? std::move(record) : new_record(plan_));
  }

  // A refresh with unknown outcome keeps the clip that it was to replace. The record of the submit
  // stays, so that the next refresh reports it.
  bool find_previous() {
    auto record = job_.entry->previous();
    if (!record || record->url_index != settings_.url_index)
      return false;
    auto clip = job_.entry->open_previous(*record);
    if (!clip)
      return false;
    auto warning = unknown_outcome("submit: an earlier refresh ended before the response");
    warning.text = two_sentences(_("The previous clip is served."), warning.text);
    job_.warn(std::move(warning));
    (void)found(*std::move(record), std::move(clip).value());
    return true;
  }

  Status resume(Record record) {
    if (is_to_refresh(record))
      return found(record_of_refresh(record));
    if (const auto key = key_of_clip(record, settings_.url_index); key != plan_.key)
      return look_for_further_clip(std::move(record), key);
    if (record.url_index != settings_.url_index)
      select_other_clip(record);
    if (record.state != RecordState::complete)
      return found(std::move(record));
    auto clip = open_finished(record);
    if (!clip)
      return std::move(clip).error();
    return found(std::move(record), std::move(clip).value());
  }

  // A new task. If the refresh that this job waited for has failed, its task, as in begin(): not
  // saved, since the record on disk is that of the clip.
  Record record_of_refresh(const Record& kept) const {
    auto record = new_record(plan_);
    if (!awaited_task_.empty() && awaited_task_ != kept.task_id) {
      record.task_id = awaited_task_;
      record.state = RecordState::submitted;
    }
    return record;
  }

  Status found(Record record, std::shared_ptr<store::Clip> clip = {}) {
    job_.record = std::move(record);
    job_.clip = std::move(clip);
    return Done{};
  }

  // The task is adopted in the entry of that clip. This one leads to it.
  Status look_for_further_clip(Record record, const std::string& key) {
    job_.entry->mark_used();
    job_.plan.key = record.key = key;
    job_.plan.settings.task_id = record.task_id;
    record.url_index = settings_.url_index;
    forget_bytes(record);
    finished_ = std::move(record);
    return Done{};
  }

  // Another clip of an unfinished task is requested. Bytes of one clip must not be used as a part
  // of the other.
  void select_other_clip(Record& record) {
    const bool is_dropped = drop_clip();
    record.url_index = settings_.url_index;
    forget_bytes(record);
    if (is_dropped)
      (void)job_.entry->save(record);
  }

  // Null, with a record for a new download, if the clip is damaged or missing. One that cannot be
  // read may be intact, and the service deletes its copy after some hours.
  Result<std::shared_ptr<store::Clip>> open_finished(Record& record) {
    auto clip = job_.entry->open_clip(record);
    if (clip ||
        (clip.error().code != ErrorCode::wrong_type && clip.error().code != ErrorCode::not_found))
      return clip;
    // The task is paid for and its result may still exist: it is downloaded again, without a new
    // submit.
    auto warning = std::move(clip).error();
    warning.text = two_sentences(
        warning.text,
        format_text(_("The clip is downloaded again from the task %s."), shown_id(record).c_str()));
    job_.warn(std::move(warning));
    // The record stays meanwhile: without it the task would be paid for again.
    const bool is_dropped = drop_clip();
    forget_bytes(record);
    if (is_dropped)
      (void)job_.entry->save(record);
    return std::shared_ptr<store::Clip>();
  }

  // Where the files stay, nothing may be added to them, and the record must not change: it is
  // theirs.
  bool drop_clip() {
    auto dropped = job_.entry->drop_clip();
    if (!dropped && !job_.write_error)
      job_.write_error = std::move(dropped).error();
    return !job_.write_error;
  }

  Job& job_;
  const Plan& plan_;
  const Settings& settings_;
  std::string awaited_task_;        // of the job that had the entry
  std::optional<Record> finished_;  // of the wanted clip's task, as that clip's entry begins
  std::optional<Clock::TimePoint> lock_limit_;
};

// Logs why the job submits or not.
void log_found(Job& job) {
  const auto what = job.clip                          ? "the clip is cached"
                    : !job.record.external_id.empty() ? "querying its submit"
                    : job.record.task_id.empty()      ? "empty, making a new task"
                                                      : "resuming its task";
  job.state.log("Entry " + job.plan.key.substr(0, shown_key) + " in " + job.plan.cache_dir + ": " +
                what);
}

}  // namespace

Status look_up(Job& job) {
  if (auto done = LookUp(job).run(); !done)
    return done;
  log_found(job);
  if (job.record.state != RecordState::submitting)
    drop_pictures(job.plan.settings);
  // Of a refresh there is nothing yet: the task of before is not its own.
  if (!job.record.task_id.empty())
    job.state.set_task(job.record);
  if (job.clip) {
    job.state.edit_stats([](TaskStats& stats) { stats.cache_hit = true; });
    job.state.set_status(TaskStatus::success);
  }
  return Done{};
}

}  // namespace modelverse::job
