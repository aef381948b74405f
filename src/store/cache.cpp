// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/cache.h"

#include <glib.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <numeric>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

#include "api/wire.h"
#include "glib/environment.h"
#include "glib/handles.h"
#include "store/lock.h"
#include "store/previous.h"
#include "store/record_file.h"

namespace modelverse::store {
namespace {

using FileTime = std::pair<std::int64_t, std::int64_t>;  // s, ns

// Size and last use of an entry, from the file system without its record.
struct Survey {
  std::string key = {};
  std::uint64_t bytes = 0;  // of its clips, complete or partial
  FileTime used = {};
  bool is_linked = false;  // the clip has another name: its removal would free nothing
};

// A clip that may be evicted.
struct FinishedClip : Survey {
  std::string task = {};    // with its origin; empty: it is not finished
  bool is_further = false;  // it is found by the task's first one
  FileTime task_used = {};  // of all clips of the task
};

// Calls `look` with each number below `count`, on as many threads as there are cores: ten thousand
// entries are many small files to read.
template <typename Look>
void look_at_all(std::size_t count, Look look) {
  constexpr std::size_t least_for_a_thread = 200;
  constexpr std::size_t most_threads = 8;
  const auto cores = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_threads);
  std::atomic<std::size_t> next = 0;
  const auto take_turns = [&] {
    for (std::size_t i = next++; i < count; i = next++)
      look(i);
  };
  std::vector<std::jthread> others;
  try {
    while (others.size() + 1 < std::min(cores, count / least_for_a_thread))
      others.emplace_back(take_turns);
  } catch (const std::system_error&) {
    // This thread looks at all that is left.
  }
  take_turns();
}

std::optional<struct stat> plain_file(const std::string& path) {
  struct stat info;
  if (::lstat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
    return {};
  return info;
}

Survey survey(const std::string& directory, const std::string& key) {
  Survey result{key};
  const auto look_at = [&](const char* name) {
    const std::optional<struct stat> info = plain_file(directory + "/" + key + "/" + name);
    if (!info)
      return std::uint64_t{0};
    result.used = std::max<FileTime>(result.used, {info->st_mtim.tv_sec, info->st_mtim.tv_nsec});
    if (std::string_view(name) == clip_name)
      result.is_linked = info->st_nlink > 1;
    return static_cast<std::uint64_t>(info->st_size);
  };
  result.bytes = look_at(clip_name) + look_at(partial_name) + look_at(previous_name);
  look_at(record_name);
  return result;
}

// 64 lower-case hex digits. Other names in the cache directory are ignored.
bool is_entry_key(std::string_view name) {
  constexpr std::size_t digits = 64;  // of a SHA-256
  return name.size() == digits && std::all_of(name.begin(), name.end(), [](char digit) {
           return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
         });
}

std::vector<std::string> entry_keys(const std::string& directory) {
  std::vector<std::string> keys;
  (void)each_name(directory, [&](const char* name) {
    if (is_entry_key(name))
      keys.emplace_back(name);
  });
  return keys;
}

std::optional<Record> load_quietly(Entry& entry) {
  Result<Entry::Loaded> loaded = entry.load();
  return loaded ? std::move(loaded->record) : std::nullopt;
}

FinishedClip look_at_clip(const Cache& cache, const Survey& survey) {
  FinishedClip clip{survey};
  const std::optional<Record> record = load_quietly(*cache.entry(clip.key));
  if (!record || record->state != RecordState::complete)
    return clip;
  clip.task = record->origin + " " + record->task_id;
  clip.is_further =
      clip.key == api::further_clip_key(record->task_id, record->origin, record->url_index);
  return clip;
}

// All entries with clips of their own, finished or not.
std::vector<Survey> all_clips(const Cache& cache) {
  const std::vector<std::string> keys = entry_keys(cache.directory());
  std::vector<Survey> clips(keys.size());
  look_at_all(keys.size(), [&](std::size_t i) { clips[i] = survey(cache.directory(), keys[i]); });
  std::erase_if(clips, [](const Survey& clip) { return clip.bytes == 0 || clip.is_linked; });
  return clips;
}

template <typename Clips>
std::uint64_t bytes_of(const Clips& clips) {
  return std::accumulate(clips.begin(), clips.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Survey& clip) { return sum + clip.bytes; });
}

// The finished clips, those of the least recently used task first. Of one task, the clip that the
// others are found by is the last.
std::vector<FinishedClip> finished_clips(const Cache& cache, const std::vector<Survey>& surveys) {
  std::vector<FinishedClip> clips(surveys.size());
  look_at_all(clips.size(), [&](std::size_t i) { clips[i] = look_at_clip(cache, surveys[i]); });
  std::erase_if(clips, [](const FinishedClip& clip) { return clip.task.empty(); });
  std::map<std::string, FileTime> used;
  for (const FinishedClip& clip : clips)
    used[clip.task] = std::max(used[clip.task], clip.used);
  for (FinishedClip& clip : clips)
    clip.task_used = used[clip.task];
  std::sort(clips.begin(), clips.end(), [](const FinishedClip& a, const FinishedClip& b) {
    return std::tie(a.task_used, a.task, b.is_further, a.key) <
           std::tie(b.task_used, b.task, a.is_further, b.key);
  });
  return clips;
}

bool holds_anything(const std::string& directory) {
  bool has_any = false;
  (void)each_name(directory, [&](std::string_view name) {
    has_any = has_any || (name != lock_name && name != waiting_name &&
                          name.find(".claim") == std::string_view::npos);
  });
  return has_any;
}

// Empty: the entry is being made or removed, or its record must not be read.
std::optional<EntrySummary> look_into(const Cache& cache, const std::string& key) {
  using Kind = EntrySummary::Kind;
  const std::string path = cache.directory() + "/" + key;
  const std::unique_ptr<Entry> entry = cache.entry(key);
  Result<std::optional<Record>> record = entry->peek();
  std::optional<ClaimState> claim = find_claim(entry->claim_path());
  if (!record)
    return {};
  const bool is_nothing = !*record && !claim;
  if (is_nothing && (!holds_anything(path) || DirectoryLock::is_taken(path)))
    return {};
  if (is_nothing)
    return EntrySummary{.kind = Kind::broken, .record = {.key = key}};
  const Survey files = survey(cache.directory(), key);
  const bool is_alive = claim && !claim->is_dead;
  return EntrySummary{.kind = *record ? Kind::recorded : Kind::claimed,
                      .record = *record ? **std::move(record) : Record{.key = key},
                      .clip_bytes = files.bytes,
                      .last_used = files.used.first,
                      .is_locked = is_alive || DirectoryLock::is_taken(path),
                      .claim = std::move(claim)};
}

bool remove_if_still_unused(const Cache& cache, const Survey& victim) {
  const std::unique_ptr<Entry> entry = cache.entry(victim.key);
  const Result<bool> locked = entry->try_lock(DirectoryLock::Missing::leave);
  if (!locked || !*locked)
    return false;
  // A process that waits for this clip would otherwise have to pay for its own.
  if (entry->is_waited_for())
    return false;
  // It was selected without the lock: it may be in use again, or belong to another task by now.
  const Survey now = survey(cache.directory(), victim.key);
  if (now.used != victim.used || now.is_linked)
    return false;
  const std::optional<Record> record = load_quietly(*entry);
  if (!record || record->state != RecordState::complete)
    return false;
  return entry->remove().ok();
}

}  // namespace

std::string resolve_cache_dir(const std::string& property) {
  const auto usual = std::string(g_get_user_cache_dir()) + "/gst-modelverse";
  const auto directory = property.empty() ? environment("MODELVERSE_CACHE_DIR", usual) : property;
  if (g_path_is_absolute(directory.c_str()))
    return directory;
  return CharPtr(g_canonicalize_filename(directory.c_str(), nullptr)).get();
}

std::unique_ptr<Entry> Cache::entry(const std::string& key) const {
  return std::make_unique<Entry>(directory_ + "/" + key, key);
}

std::vector<EntrySummary> Cache::list() const {
  const std::vector<std::string> keys = entry_keys(directory_);
  std::vector<std::optional<EntrySummary>> found(keys.size());
  look_at_all(keys.size(), [&](std::size_t i) { found[i] = look_into(*this, keys[i]); });
  std::vector<EntrySummary> all;
  for (std::optional<EntrySummary>& entry : found) {
    if (entry)
      all.push_back(*std::move(entry));
  }
  return all;
}

std::optional<std::string> Cache::find_task(const std::string& task_id, const std::string& origin,
                                            unsigned url_index, const std::stop_token& stop) const {
  if (task_id.empty())
    return {};
  std::optional<std::string> other;
  for (const std::string& key : entry_keys(directory_)) {
    if (stop.stop_requested())
      return {};
    const std::optional<Record> record = load_quietly(*entry(key));
    if (!record || record->task_id != task_id || record->origin != origin)
      continue;
    if (record->url_index == url_index)
      return key;
    other = key;
  }
  return other;
}

std::vector<std::string> Cache::evict(const EvictionRule& rule) const {
  const std::vector<Survey> all = all_clips(*this);
  const auto fits = [&](std::uint64_t bytes) {
    return !rule.max_bytes || bytes <= *rule.max_bytes;
  };
  // Reading ten thousand records takes half a second: avoided after each new clip.
  if (fits(bytes_of(all)) && !rule.used_before)
    return {};
  const std::vector<FinishedClip> clips = finished_clips(*this, all);
  std::uint64_t total = bytes_of(clips);
  std::set<std::string> kept;  // tasks
  for (const FinishedClip& clip : clips) {
    if (clip.key == rule.keep)
      kept.insert(clip.task);
  }
  std::string begun;  // the task whose clips are being removed
  std::vector<std::string> gone;
  for (const FinishedClip& clip : clips) {
    const bool is_too_old = rule.used_before && clip.task_used.first < *rule.used_before;
    if (fits(total) && !is_too_old && clip.task != begun)
      break;
    const bool may_go = !kept.contains(clip.task) &&
                        (rule.is_trial ? !DirectoryLock::is_taken(directory_ + "/" + clip.key)
                                       : remove_if_still_unused(*this, clip));
    if (!may_go) {
      kept.insert(clip.task);
      continue;
    }
    begun = clip.task;
    total -= clip.bytes;
    gone.push_back(clip.key);
  }
  return gone;
}

}  // namespace modelverse::store
