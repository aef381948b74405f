// SPDX-License-Identifier: LGPL-2.1-or-later
// Look up, submit, poll, download.
#include "job/story.h"

#include <exception>
#include <utility>

#include "job/context.h"
#include "job/download.h"
#include "job/entry_choice.h"
#include "job/polling.h"
#include "job/submission.h"

namespace modelverse::job {

namespace {

void show_record(Board& board, const Record& record) {
  board.edit_stats([&](TaskStats& stats) {
    stats.task_id = record.task_id;
    stats.request_id = record.request_id;
    stats.submit_time = record.submit_time;
    stats.finish_time = record.finish_time;
    stats.usage_seconds = record.usage_seconds;
    if (!record.model.empty())
      stats.model = record.model;
  });
}

// What the record says of bytes on disk holds no more.
void forget_bytes(Record& record) {
  record.size = 0;
  record.sha256.clear();
  record.etag.clear();
  record.last_modified.clear();
}

// The finished clip, or null with a record to fetch it anew.
std::shared_ptr<store::Clip> open_finished(const Plan& plan, Board& board, store::Entry& entry,
                                           Record& record) {
  auto clip = entry.open_clip(record);
  if (clip)
    return std::move(clip).value();
  // The task is paid for and its result may still be there: it is fetched anew, not made anew.
  auto warning = std::move(clip).error();
  warning.text += " The clip is fetched again from the task " + plan.key.substr(0, 8) + ".";
  board.warn(std::move(warning));
  record.state = RecordState::submitted;
  forget_bytes(record);
  // Removed first: the damaged file must not be taken for a part of the new download.
  (void)entry.remove();
  (void)entry.save(record);
  return nullptr;
}

class Story {
 public:
  Story(const Plan& plan, Board& board, const World& world)
      : plan_(plan), board_(board), world_(world), stop_(board.stop_token()) {}

  Status run() {
    auto choice = lock_entry(plan_, board_, *world_.clock, stop_);
    if (!choice)
      return std::move(choice).error();
    entry_ = std::move(choice->entry);
    is_refuge_ = choice->is_refuge;
    auto record = look_up();
    if (!record)
      return std::move(record).error();
    if (finished_) {
      board_.edit_stats([](TaskStats& stats) { stats.cache_hit = true; });
      board_.set_status(task::Success{});
      serve(std::move(finished_));
      return Done{};
    }
    return work(std::move(record).value());
  }

 private:
  // The record to go on from: `submitted` with a task, or `submitting` for a new one.
  Result<Record> look_up() {
    auto loaded = entry_->load();
    if (!loaded)
      return std::move(loaded).error();
    if (!loaded->set_aside.empty())
      board_.warn({.code = ErrorCode::open_read,
                   .text = "A record in the cache could not be used and was set aside.",
                   .debug = loaded->set_aside});
    if (!loaded->record)
      return first_record();
    auto record = std::move(*loaded->record);
    if (is_other_task(record))
      return Error{.code = ErrorCode::settings,
                   .text = "task-id names another task than the one that this request made (" +
                           shown_id(record) + "). Leave the picture out to fetch it by its id.",
                   .debug = "record of " + plan_.key};
    show_record(board_, record);
    return go_on_from(std::move(record));
  }

  bool is_other_task(const Record& record) const {
    const auto& wanted = plan_.wish.settings.task_id;
    return !wanted.empty() && record.state != RecordState::submitting && record.task_id != wanted;
  }

  Result<Record> first_record() {
    Record record;
    record.key = plan_.key;
    record.origin = plan_.base_url;
    record.model = plan_.request ? plan_.request->model : std::string();
    record.url_index = plan_.wish.settings.url_index;
    record.task_id = plan_.wish.settings.task_id;
    if (record.task_id.empty())
      return record;
    record.state = RecordState::submitted;
    show_record(board_, record);
    if (auto saved = entry_->save(record); !saved)
      return std::move(saved).error();
    return record;
  }

  Result<Record> go_on_from(Record record) {
    const auto& settings = plan_.wish.settings;
    if (record.url_index != settings.url_index && record.state != RecordState::submitting)
      want_other_clip(record);
    switch (record.state) {
      case RecordState::submitted:
        return record;
      case RecordState::complete:
        if (settings.cache_mode == CacheMode::refresh && plan_.request && settings.task_id.empty())
          break;
        finished_ = open_finished(plan_, board_, *entry_, record);
        return record;
      case RecordState::submitting:
        if (!settings.task_id.empty())
          return first_record();
        if (!settings.resubmit)
          return unknown_outcome("submit: an earlier run ended before it had the answer");
        break;
    }
    previous_ = record;
    record = Record{};
    record.key = plan_.key;
    return record;
  }

  // The same task made several clips, and another one is wanted: no submit, but a download.
  void want_other_clip(Record& record) {
    record.url_index = plan_.wish.settings.url_index;
    record.state = RecordState::submitted;
    forget_bytes(record);
    if (auto partial = entry_->open_partial(); partial)
      (void)partial.value()->truncate(0);
  }

  Status work(Record record) {
    auto key = find_api_key(plan_.wish.settings);
    if (!key)
      return std::move(key).error();
    if (!key->warning.empty())
      board_.warn({.code = ErrorCode::not_authorized, .text = key->warning, .debug = "key file"});
    const auto& settings = plan_.wish.settings;
    const auto transport = world_.make_transport({.timeout = settings.timeout,
                                                  .proxy = settings.proxy,
                                                  .tls_database = plan_.wish.tls_database});
    Service service(
        *transport, *world_.clock,
        {.base_url = plan_.base_url, .api_key = key->value, .auth_scheme = settings.auth_scheme});
    Context context{.plan = plan_,
                    .board = board_,
                    .clock = *world_.clock,
                    .random = world_.random,
                    .transport = *transport,
                    .service = service,
                    .entry = *entry_,
                    .record = std::move(record),
                    .previous = std::move(previous_),
                    .stop = stop_};
    context.start_deadline();
    return make_clip(context);
  }

  Status make_clip(Context& context) {
    if (context.record.state == RecordState::submitting) {
      board_.start_phase(Phase::submit, "Submitting the request");
      board_.set_status(task::Submitting{});
      if (auto submitted = submit(context); !submitted)
        return submitted;
      board_.complete_phase(Phase::submit, "Submitted: task " + shown_id(context.record));
    }
    board_.start_phase(Phase::generate, "Waiting for the clip to be generated");
    board_.set_status(task::Pending{});
    if (stop_.stop_requested())
      return cancelled_error(Phase::generate);
    auto link = wait_for_result(context);
    if (!link)
      return std::move(link).error();
    board_.complete_phase(Phase::generate, "The clip is generated");
    board_.start_phase(Phase::download, "Downloading the clip");
    return fetch(context, std::move(link).value());
  }

  Status fetch(Context& context, std::string link) {
    auto partial = is_refuge_ ? store::Clip::make_unlinked("") : entry_->open_partial();
    const bool is_kept = partial.ok() && !is_refuge_;
    if (!partial) {
      board_.warn(partial.error());
      partial = store::Clip::make_unlinked("");
      if (!partial)
        return std::move(partial).error();
    }
    auto clip = download(context, std::move(link), partial.value());
    if (!clip)
      return std::move(clip).error();
    if (is_kept && clip.value() == partial.value())
      keep(context, *clip.value());
    if (!board_.is_published())
      board_.complete_phase(Phase::download, "The clip is here");
    serve(std::move(clip).value());
    return Done{};
  }

  // The entry is let go first: a reader that is done may remove it (cache-mode=off).
  void serve(std::shared_ptr<store::Clip> clip) {
    entry_.reset();
    board_.finish(std::move(clip));
  }

  // What fails here costs the cache, not the clip: it is all there and is being read.
  void keep(Context& context, store::Clip& clip) {
    auto& record = context.record;
    auto sha256 = clip.sha256();
    if (!sha256) {
      board_.warn(sha256.error());
      return;
    }
    record.state = RecordState::complete;
    record.size = clip.available();
    record.sha256 = std::move(sha256).value();
    if (record.finish_time == 0)
      record.finish_time = world_.clock->unix_time();
    if (const auto completed = entry_->complete(clip, record); !completed) {
      board_.warn(completed.error());
      return;
    }
    (void)store::Cache(plan_.cache_dir).evict(plan_.wish.settings.cache_max_size, plan_.key);
  }

  const Plan& plan_;
  Board& board_;
  const World& world_;
  std::stop_token stop_;
  std::unique_ptr<store::Entry> entry_;
  bool is_refuge_ = false;
  std::optional<Record> previous_;
  std::shared_ptr<store::Clip> finished_;
};

Error with_model(Error error, const Plan& plan) {
  if (error.code == ErrorCode::not_authorized && plan.request)
    error.debug += " (model " + plan.request->model + ")";
  return error;
}

}  // namespace

World real_world() {
  return {.clock = std::make_shared<SystemClock>(),
          .random = system_random(),
          .make_transport = http::make_soup_transport};
}

void run_story(const Plan& plan, Board& board, const World& world) {
  board.edit_stats(
      [&](TaskStats& stats) { stats.model = plan.request ? plan.request->model : std::string(); });
  try {
    auto end = Story(plan, board, world).run();
    if (!end)
      board.fail(with_model(std::move(end).error(), plan));
  } catch (const std::exception& exception) {
    board.fail({.code = ErrorCode::failed,
                .text = "The job ended on an internal error.",
                .debug = exception.what()});
  }
  auto state = board.lock();
  state->has_ended = true;
  state.notify_all();
}

}  // namespace modelverse::job
