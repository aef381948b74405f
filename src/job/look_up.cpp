// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the entry.
#include "job/look_up.h"

#include <utility>

#include "job/context.h"
#include "job/submission.h"

namespace modelverse::job {

namespace {

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
  LookUp(const Plan& plan, JobState& job_state, CacheLocation& location)
      : plan_(plan), settings_(plan.settings), job_state_(job_state), location_(location) {}

  Result<Found> run() {
    auto loaded = location_.entry->load();
    if (!loaded)
      return std::move(loaded).error();
    if (!loaded->set_aside.empty())
      job_state_.warn(
          {.code = ErrorCode::open_read,
           .text = loaded->record
                       ? "A record in the cache was damaged or of another version and was "
                         "set aside. Its task is resumed from the readable part."
                       : "A record in the cache could not be used and was set aside.",
           .debug = loaded->set_aside});
    if (!loaded->record)
      return begin();
    auto& record = *loaded->record;
    if (is_other_task(record))
      return Error{.code = ErrorCode::settings,
                   .text = "task-id names another task than that of this request (" +
                           shown_id(record) + "). To fetch by task-id, set no picture.",
                   .debug = "record of " + plan_.key};
    auto found = record.state == RecordState::submitting ? after_unknown(std::move(record))
                                                         : go_on(std::move(record));
    // Of a refresh there is nothing yet: the task of before is not its own.
    if (found && !found->record.task_id.empty())
      job_state_.set_task(found->record);
    return found;
  }

 private:
  bool is_other_task(const Record& record) const {
    return !settings_.task_id.empty() && record.state != RecordState::submitting &&
           record.task_id != settings_.task_id;
  }

  // A new task, or an adopted one.
  Found begin() {
    Found found{new_record(plan_)};
    auto& record = found.record;
    record.task_id = settings_.task_id;
    if (record.task_id.empty())
      return found;
    record.state = RecordState::submitted;
    job_state_.set_task(record);
    // The user has the id from task-id: a failed write is no reason to stop.
    if (auto saved = location_.entry->save(record); !saved) {
      found.is_written_down = false;
      auto warning = std::move(saved).error();
      warning.text += " The task continues; set the same task-id to resume it later.";
      job_state_.warn(std::move(warning));
    }
    return found;
  }

  Result<Found> after_unknown(Record record) {
    if (!settings_.task_id.empty()) {
      auto adopted = begin();
      // Comes back where the named task turns out to be no help.
      adopted.unknown = std::move(record);
      return adopted;
    }
    if (!settings_.resubmit && settings_.cache_mode != CacheMode::refresh) {
      if (auto before = clip_of_before())
        return *std::move(before);
    }
    // A query costs nothing.
    const bool can_be_asked_for = !record.external_id.empty();
    if (!settings_.resubmit && !can_be_asked_for)
      return unknown_outcome("submit: an earlier run ended before the response");
    Found found{can_be_asked_for ? record : new_record(plan_)};
    found.unknown = std::move(record);
    return found;
  }

  // A refresh with unknown outcome keeps the clip that it was to replace. The record of the submit
  // stays, so that the next refresh reports it.
  std::optional<Found> clip_of_before() {
    auto record = location_.entry->previous();
    if (!record || record->url_index != settings_.url_index)
      return {};
    auto clip = location_.entry->open_previous(*record);
    if (!clip)
      return {};
    auto warning = unknown_outcome("submit: an earlier refresh ended before the response");
    warning.text = "The previous clip is served. " + warning.text;
    job_state_.warn(std::move(warning));
    job_state_.set_task(*record);
    return Found{.record = *std::move(record), .clip = std::move(clip).value()};
  }

  Result<Found> go_on(Record record) {
    // A clip that was made during the wait for the lock is new enough.
    const bool is_new_wanted = settings_.cache_mode == CacheMode::refresh && plan_.request &&
                               settings_.task_id.empty() && !location_.is_fresh;
    if (record.state == RecordState::complete && is_new_wanted)
      return Found{new_record(plan_)};
    if (record.url_index != settings_.url_index)
      want_other_clip(record);
    Found found{std::move(record)};
    if (found.record.state != RecordState::complete)
      return found;
    auto clip = open_finished(found.record);
    if (!clip)
      return std::move(clip).error();
    found.clip = std::move(clip).value();
    return found;
  }

  // Another clip of the same task is requested: this needs no submit, only a download; and no
  // download if that clip is the previous one of the entry.
  void want_other_clip(Record& record) {
    auto& entry = *location_.entry;
    const auto aside = entry.previous();
    if (aside && aside->task_id == record.task_id && aside->url_index == settings_.url_index &&
        entry.give_up()) {
      record = *aside;
      return;
    }
    // Bytes of one clip must not be used as a part of the other. A finished clip is set aside with
    // the new record.
    const bool is_dropped = record.state != RecordState::submitted || drop_clip();
    record.url_index = settings_.url_index;
    forget_bytes(record);
    if (is_dropped)
      (void)entry.save(record);
  }

  // Null, with a record for a new download, if the clip is unusable.
  Result<std::shared_ptr<store::Clip>> open_finished(Record& record) {
    auto clip = location_.entry->open_clip(record);
    // The clip is intact if only descriptors are missing.
    if (clip || clip.error().code == ErrorCode::too_many_files)
      return clip;
    // The task is paid for and its result may still exist: it is downloaded again, without a new
    // submit.
    auto warning = std::move(clip).error();
    warning.text += " The clip is downloaded again from the task " + shown_id(record) + ".";
    job_state_.warn(std::move(warning));
    // The record stays meanwhile: without it the task would be paid for again.
    drop_clip();
    forget_bytes(record);
    (void)location_.entry->save(record);
    return std::shared_ptr<store::Clip>();
  }

  // Where the files stay, nothing may be added to them.
  bool drop_clip() {
    auto dropped = location_.entry->drop_clip();
    if (!dropped && !location_.write_error)
      location_.write_error = std::move(dropped).error();
    return !location_.write_error;
  }

  const Plan& plan_;
  const Settings& settings_;
  JobState& job_state_;
  CacheLocation& location_;
};

}  // namespace

Result<Found> look_up(const Plan& plan, JobState& job_state, CacheLocation& location) {
  return LookUp(plan, job_state, location).run();
}

}  // namespace modelverse::job
