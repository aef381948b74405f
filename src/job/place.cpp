// SPDX-License-Identifier: LGPL-2.1-or-later
// Two directories that may hold the entry, and which of them counts.
#include "job/place.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "job/context.h"

namespace modelverse::job {

namespace {

// Short at first, for the moments in which somebody only looks.
constexpr auto first_lock_wait = std::chrono::milliseconds(2);
constexpr auto longest_lock_wait = std::chrono::milliseconds(100);
// Whoever waits for longer wants to know for what.
constexpr auto silent_lock_wait = std::chrono::seconds(1);

// It stands where everybody may write: only a directory that is ours alone is believed.
bool is_ours(const std::string& refuge) {
  struct stat status = {};
  return lstat(refuge.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == getuid() && (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

bool is_refuge_ready(const std::string& refuge) {
  if (refuge.empty())
    return false;
  if (mkdir(refuge.c_str(), S_IRWXU) == 0)
    return chmod(refuge.c_str(), S_IRWXU) == 0;  // whatever the umask
  return errno == EEXIST && is_ours(refuge);
}

// Has an earlier run left anything there?
bool is_in_refuge(const std::string& refuge, const std::string& key) {
  struct stat status = {};
  return !refuge.empty() && lstat((refuge + "/" + key).c_str(), &status) == 0 && is_ours(refuge);
}

Place place_in(const std::string& directory, const std::string& key) {
  Place place;
  place.entry = store::Cache(directory).entry(key);
  place.cache_dir = directory;
  return place;
}

Error still_locked(const store::Entry& entry) {
  return {.code = ErrorCode::read,
          .text =
              "Somebody else has been working on this clip for longer than task-timeout. Run it "
              "again later, or set another take.",
          .debug = "flock: " + entry.clip_path()};
}

void tell_of_waiting(JobState& job_state, const store::Entry& entry) {
  const auto record = entry.peek();
  const auto task = record && *record && !(*record)->task_id.empty()
                        ? " (task " + shown_id(**record) + ")"
                        : std::string();
  job_state.inform("Another element or process is working on this clip" + task +
                   ": waiting for what it makes. Nothing is submitted meanwhile.");
}

// The disk is in the way, and nothing else.
bool is_trouble(const Error& error) {
  return error.code == ErrorCode::open_write;
}

// What stands in the refuge was begun while the cache directory could not be written.
bool is_overtaken(const std::optional<Record>& here, const Record& there) {
  if (!here || here->state != RecordState::complete)
    return true;
  return here->task_id != there.task_id && there.submit_time > here->submit_time;
}

void warn_of_refuge(JobState& job_state, Error why, const std::string& refuge) {
  why.text += " The task and its clip are kept in " + refuge + " instead.";
  job_state.warn(std::move(why));
}

class Search {
 public:
  Search(const Plan& plan, JobState& job_state, Clock& clock, const std::string& refuge,
         const std::stop_token& stop)
      : plan_(plan), job_state_(job_state), clock_(clock), refuge_(refuge), stop_(stop) {
    if (const auto timeout = plan.settings.task_timeout; timeout > 0)
      limit_ = clock.now() + std::chrono::seconds(timeout);
  }

  Result<Place> run() {
    auto own = place_in(plan_.cache_dir, plan_.key);
    own.refuge = refuge_;
    auto locked = wait_for_lock(own);
    if (!locked && !is_trouble(locked.error()))
      return std::move(locked).error();
    if (!locked)
      own.trouble = std::move(locked).error();
    if (is_in_refuge(refuge_, plan_.key)) {
      auto left = left_in_refuge(own);
      if (!left || left->entry)
        return left;
    }
    return own.trouble ? without_lock(std::move(own)) : Result<Place>(std::move(own));
  }

 private:
  // A place without an entry: nothing there that counts.
  Result<Place> left_in_refuge(const Place& own) {
    auto second = place_in(refuge_, plan_.key);
    if (auto locked = wait_for_lock(second); !locked)
      return std::move(locked).error();
    auto here = own.entry->peek();
    auto there = second.entry->peek();
    if (!there)
      return std::move(there).error();
    if (!*there || (here && !is_overtaken(*here, **there)))
      return Place();
    if (own.trouble)
      warn_of_refuge(job_state_, *own.trouble, refuge_);
    return second;
  }

  Result<Place> without_lock(Place own) {
    const auto seen = own.entry->peek();
    if (!seen)
      return seen.error();
    if (*seen)
      return own;
    if (!is_refuge_ready(refuge_))
      return refusal(*own.trouble);
    auto second = place_in(refuge_, plan_.key);
    if (auto locked = wait_for_lock(second); !locked)
      return is_trouble(locked.error()) ? refusal(*own.trouble) : std::move(locked).error();
    warn_of_refuge(job_state_, *own.trouble, refuge_);
    return second;
  }

  Status wait_for_lock(Place& place) {
    auto& entry = *place.entry;
    std::optional<std::string> task_before;
    bool is_told = false;
    const auto begun = clock_.now();
    for (Clock::Duration wait = first_lock_wait;;
         wait = std::min<Clock::Duration>(2 * wait, longest_lock_wait)) {
      const auto locked = entry.try_lock();
      if (!locked)
        return locked.error();
      if (*locked) {
        const auto task = task_before ? finished_task(entry) : std::string();
        place.is_fresh = !task.empty() && task != *task_before;
        return Done{};
      }
      if (limit_ && clock_.now() >= *limit_)
        return still_locked(entry);
      if (!task_before)
        task_before = finished_task(entry);
      entry.announce_waiting();
      if (!is_told && clock_.now() - begun >= silent_lock_wait) {
        tell_of_waiting(job_state_, entry);
        is_told = true;
      }
      // flock(2) has no wait that could be given up; the holder may be busy for hours.
      if (!clock_.sleep_for(wait, stop_))
        return cancelled_error(Phase::prepare);
    }
  }

  static Error refusal(Error trouble) {
    trouble.text +=
        " Nothing was submitted, since a task's id could not be kept: let cache-dir name a "
        "directory "
        "that can be written.";
    return trouble;
  }

  const Plan& plan_;
  JobState& job_state_;
  Clock& clock_;
  const std::string& refuge_;
  const std::stop_token& stop_;
  std::optional<Clock::TimePoint> limit_;
};

}  // namespace

std::string finished_task(const store::Entry& entry) {
  const auto record = entry.peek();
  const bool is_finished = record && *record && (*record)->state == RecordState::complete;
  return is_finished ? (*record)->task_id : std::string();
}

std::string default_refuge() {
  return "/var/tmp/gst-modelverse-" + std::to_string(getuid());
}

Result<Place> find_place(const Plan& plan, JobState& job_state, Clock& clock,
                         const std::string& refuge, const std::stop_token& stop) {
  return Search(plan, job_state, clock, refuge, stop).run();
}

bool move_to_refuge(Place& place, const Record& record, JobState& job_state, Error why) {
  if (!is_refuge_ready(place.refuge))
    return false;
  auto second = place_in(place.refuge, record.key);
  const auto locked = second.entry->try_lock();
  if (!locked || !*locked)
    return false;
  const auto there = second.entry->peek();
  if (!there || *there)
    return false;
  const bool is_announced = record.state == RecordState::submitting;
  if (!(is_announced ? second.entry->announce(record) : second.entry->save(record)))
    return false;
  warn_of_refuge(job_state, place.trouble.value_or(std::move(why)), place.refuge);
  place = std::move(second);
  return true;
}

}  // namespace modelverse::job
