// SPDX-License-Identifier: LGPL-2.1-or-later
// The cache directory: find, list and evict entries.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/record.h"
#include "store/entry.h"

namespace modelverse::store {

// The property, else MODELVERSE_CACHE_DIR, else $XDG_CACHE_HOME/gst-modelverse. Always absolute.
std::string resolve_cache_dir(const std::string& property);

struct EntrySummary {
  // claimed: a claim, no record. broken: no claim and no readable record, but files.
  enum class Kind { recorded, claimed, broken };
  Kind kind = Kind::recorded;
  Record record;                         // of the others, only its key
  std::uint64_t clip_bytes = 0;          // on disk, partial included
  std::int64_t last_used = 0;            // unix seconds; of an unfinished task: last written to
  bool is_locked = false;                // in use by an element, process or machine
  std::optional<ClaimState> claim = {};  // of the submit
};

// Selects the finished clips to evict.
struct EvictionRule {
  std::optional<std::uint64_t> max_bytes = {};   // limit for all clips together; empty: no limit
  std::optional<std::int64_t> used_before = {};  // unix seconds; evicts all older clips
  std::string keep = {};                         // the key of an entry whose task to keep
  bool is_trial = false;                         // only report; evict nothing
};

class Cache {
 public:
  explicit Cache(std::string directory) : directory_(std::move(directory)) {}
  const std::string& directory() const { return directory_; }

  // `key` must be an entry's key. Touches nothing on disk.
  std::unique_ptr<Entry> entry(const std::string& key) const;
  std::vector<EntrySummary> list() const;
  // The key of the entry whose record names this task at this origin: that of its clip number
  // `url_index`, else of another. Ten thousand entries take half a second: `stop` ends the search
  // with an empty result.
  std::optional<std::string> find_task(const std::string& task_id, const std::string& origin,
                                       unsigned url_index, const std::stop_token& stop = {}) const;
  // Removes finished clips with their records, least recently used first, by the rule. Skips locked
  // entries and unfinished tasks. The clips of one task go together: the first one leads to the
  // others. A clip that has another hard link is neither counted nor removed.
  // Returns the keys of the removed entries.
  std::vector<std::string> evict(const EvictionRule& rule) const;

 private:
  std::string directory_;
};

}  // namespace modelverse::store
