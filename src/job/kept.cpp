// SPDX-License-Identifier: LGPL-2.1-or-later
// Computes the entry's key and reads its record.
#include "job/kept.h"

#include <sys/stat.h>

#include <string>

#include "job/plan.h"
#include "store/cache.h"

namespace modelverse::job {

namespace {

// The pictures are read and hashed for the key: about 10 ms.
constexpr std::uint64_t largest_pictures = 8 << 20;

std::optional<std::uint64_t> size_of_file(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
    return std::nullopt;
  return static_cast<std::uint64_t>(info.st_size);
}

bool is_quickly_read(const Settings& settings) {
  if (settings.image_sample || settings.last_image_sample)
    return false;
  // A data: URI holds its picture.
  std::uint64_t bytes = 0;
  for (const std::string& uri : {settings.image_uri, settings.last_image_uri})
    bytes += uri.size();
  for (const std::string& reference : settings.reference_images)
    bytes += reference.size();
  for (const auto& file : picture_files(settings))
    bytes += size_of_file(file.path).value_or(largest_pictures + 1);
  return bytes <= largest_pictures;
}

}  // namespace

std::optional<std::uint64_t> kept_clip_size(const Settings& settings) {
  if (settings.cache_mode == CacheMode::refresh || !is_quickly_read(settings))
    return std::nullopt;
  const auto plan = make_plan(settings, {}, TaskEntry::own);
  if (!plan)
    return std::nullopt;
  const store::Cache cache(plan->cache_dir);
  auto entry = cache.entry(plan->key);
  auto record = entry->peek();
  if (record && *record) {
    entry = cache.entry(key_of_clip(**record, settings.url_index));
    record = entry->peek();
  }
  if (!record || !*record)
    return std::nullopt;
  const auto& kept = **record;
  const bool is_wanted = kept.state == RecordState::complete &&
                         kept.url_index == settings.url_index &&
                         (settings.task_id.empty() || settings.task_id == kept.task_id);
  if (!is_wanted || size_of_file(entry->clip_path()) != kept.size)
    return std::nullopt;
  return kept.size;
}

}  // namespace modelverse::job
