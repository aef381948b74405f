// SPDX-License-Identifier: LGPL-2.1-or-later
// The directory of all entries: finding one, listing them, and making room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/record.h"
#include "store/entry.h"

namespace modelverse::store {

// The property, else MODELVERSE_CACHE_DIR, else $XDG_CACHE_HOME/gst-modelverse. Always absolute.
std::string resolve_cache_dir(const std::string& property);

// 64 lower-case hex digits. Other names in the cache directory are not ours and are left alone.
bool is_entry_key(std::string_view name);

struct EntrySummary {
  Record record;
  std::uint64_t clip_bytes = 0;  // on disk, partial included
  std::int64_t last_used = 0;    // unix seconds; of an unfinished task: last written to
  bool is_locked = false;        // somebody works on it now
};

struct Listing {
  std::vector<EntrySummary> entries;
  std::vector<std::string> broken;  // keys of those that hold something, but no readable record
};

// Which finished clips may go.
struct EvictionRule {
  std::optional<std::uint64_t> max_bytes = {};   // that they may all take; nothing: no limit
  std::optional<std::int64_t> used_before = {};  // unix seconds: those go whatever they take
  std::string keep = {};                         // the key of one that stays
  bool is_trial = false;                         // only says which would go
};

class Cache {
 public:
  explicit Cache(std::string directory) : directory_(std::move(directory)) {}
  const std::string& directory() const { return directory_; }

  // `key` must be an entry's key. Touches nothing on disk.
  std::unique_ptr<Entry> entry(const std::string& key) const;
  Listing everything() const;
  // Readable records of all entries; broken ones are left out.
  std::vector<EntrySummary> list() const { return everything().entries; }
  // The key of the entry whose record names this task at this origin. Ten thousand entries take
  // half a second: `stop` ends it, with nothing.
  std::optional<std::string> find_task(const std::string& task_id, const std::string& origin,
                                       const std::stop_token& stop = {}) const;
  // Removes finished clips with their records, least recently used first, as the rule says. Leaves
  // out every entry that somebody works on, and every unfinished task. The keys of those that went.
  std::vector<std::string> evict(const EvictionRule& rule) const;
  // Until they fit into `max_bytes` (0: no limit). How many went.
  std::size_t evict(std::uint64_t max_bytes, const std::string& keep) const;

 private:
  std::string directory_;
};

}  // namespace modelverse::store
