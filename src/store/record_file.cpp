// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/record_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "api/record_json.h"
#include "glib/text.h"
#include "store/claim.h"
#include "store/io.h"

namespace modelverse::store {
namespace {

// What interrupted writes leave, with random ends.
constexpr std::string_view leftovers[] = {"record.json.new", "record.previous.json.new",
                                          prepared_name,     "submit.claim.",
                                          "clip.claim.",     "clip.part-"};

constexpr std::string_view set_aside_suffix = ".broken-";

ReadRecord broken(std::string reason) {
  return {.broken = std::move(reason)};
}

ReadRecord salvage(const std::string& text, const std::string& key, std::string reason) {
  ReadRecord read = broken(std::move(reason));
  read.salvaged = api::salvage_record(text);
  if (read.salvaged && read.salvaged->key != key)
    read.salvaged.reset();
  return read;
}

ReadRecord judge(const std::string& text, const std::string& key) {
  if (text.empty())
    return broken("it is empty");
  if (text.size() > record_size_limit)
    return broken("it is larger than " + std::to_string(record_size_limit) + " bytes");
  Result<Record> record = api::decode_record(text);
  if (!record)
    return salvage(text, key,
                   record.error().debug.empty() ? record.error().text : record.error().debug);
  if (record->key != key)
    return broken("it belongs to another entry");
  return {.record = std::move(record).value()};
}

// Calls `handle` with each name that an interrupted write leaves.
template <typename Handle>
void for_each_leftover(const std::string& path, Handle handle) {
  (void)each_name(path, [&](std::string_view name) {
    if (std::ranges::any_of(leftovers, [&](auto start) { return name.starts_with(start); }))
      handle(name.data());
  });
}

// A check before the rename is enough: only the holder of the entry's lock creates such names.
std::string free_name(int directory) {
  for (int number = 1;; ++number) {
    std::string name = record_name + std::string(set_aside_suffix) + std::to_string(number);
    if (!is_there(directory, name.c_str()))
      return name;
  }
}

}  // namespace

Result<ReadRecord> read_record(int directory, const std::string& path, const std::string& key,
                               const char* name) {
  struct stat info;
  const std::string file_path = path + "/" + name;
  if (::fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT)
      return ReadRecord{};
    return io_error(ErrorCode::open_read, "fstatat", file_path, errno);
  }
  if (!S_ISREG(info.st_mode))
    return broken("it is not a regular file");
  Result<Fd> file = open_file(directory, name, path, O_RDONLY, ErrorCode::open_read);
  if (!file && file.error().code == ErrorCode::not_found)
    return ReadRecord{};
  if (!file)
    return std::move(file).error();
  const auto text = read_file(file->get(), record_size_limit + 1);
  if (!text)
    return io_error(ErrorCode::open_read, "read", file_path, errno);
  return judge(*text, key);
}

Result<std::string> record_text(const Record& record, const std::string& key) {
  std::string text = api::encode_record(record);
  if (const ReadRecord read = judge(text, key); !read.broken.empty())
    return Error{ErrorCode::open_write,
                 _("The task's record cannot be written: it would be unreadable."),
                 "encode_record(): " + read.broken};
  return text;
}

Status write_record(int directory, const std::string& path, const Record& record,
                    const char* name) {
  Result<std::string> text = record_text(record, record.key);
  return text ? replace_file(directory, name, path, *text) : std::move(text).error();
}

Result<bool> create_record(int directory, const std::string& path, const std::string& text) {
  return create_file(directory, record_name, path, text);
}

// The claim was written just now: its time is the file server's.
void remove_leftovers(int directory, const std::string& path) {
  constexpr std::int64_t long_ago = 3600;  // s
  struct stat claim;
  if (::fstatat(directory, claim_name, &claim, AT_SYMLINK_NOFOLLOW) != 0)
    return;
  for_each_leftover(path, [&](const char* name) {
    struct stat info;
    if (::fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
        info.st_mtim.tv_sec + long_ago < claim.st_mtim.tv_sec)
      ::unlinkat(directory, name, 0);
  });
}

Result<std::string> set_record_aside(int directory, const std::string& path,
                                     const std::optional<Record>& salvaged) {
  const std::string free = free_name(directory);
  // Without hard links there is no record for a moment.
  const bool is_linked =
      salvaged && ::linkat(directory, record_name, directory, free.c_str(), 0) == 0;
  if (!is_linked) {
    if (Status renamed = rename_file(directory, record_name, free, path); !renamed)
      return std::move(renamed).error();
  }
  Status done =
      salvaged ? write_record(directory, path, *salvaged) : sync_directory(directory, path);
  if (!done) {
    if (salvaged && !is_linked)
      ::renameat(directory, free.c_str(), directory, record_name);
    return std::move(done).error();
  }
  return path + "/" + free;
}

Status remove_set_aside(int directory, const std::string& path) {
  const std::string start = record_name + std::string(set_aside_suffix);
  Status removed = Done{};
  (void)each_name(path, [&](std::string_view name) {
    if (!removed || !name.starts_with(start))
      return;
    if (auto done = remove_file(directory, name.data(), path); !done)
      removed = std::move(done).error();
  });
  return removed;
}

Status remove_record(int directory, const std::string& path) {
  Result<bool> removed = remove_file(directory, record_name, path);
  if (!removed)
    return std::move(removed).error();
  for_each_leftover(path, [&](const char* name) {
    // A claim may be under way.
    if (std::string_view(name).find(".claim.") == std::string_view::npos)
      ::unlinkat(directory, name, 0);
  });
  return Done{};
}

}  // namespace modelverse::store
