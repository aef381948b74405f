// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/ledger_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <memory>
#include <set>
#include <string_view>

#include "glib/handles.h"
#include "store/io.h"

namespace modelverse::store {
namespace {

constexpr std::size_t largest_file = std::size_t{64} << 10;

Result<std::string> try_read(int directory, const std::string& name,
                             const std::string& directory_path) {
  const Result<Fd> file =
      open_file(directory, name, directory_path, O_RDONLY, ErrorCode::open_read);
  if (!file)
    return file.error();
  struct stat info;
  const std::string path = directory_path + "/" + name;
  if (::fstat(file->get(), &info) != 0)
    return io_error(ErrorCode::open_read, "fstat", path, errno);
  if (info.st_size > static_cast<off_t>(largest_file))
    return Error{ErrorCode::wrong_type,
                 "A file of the ledger is damaged: " + path + " is too large.",
                 "ledger: " + path + " is too large"};
  std::string text(static_cast<std::size_t>(info.st_size), '\0');
  auto* bytes = reinterpret_cast<std::byte*>(text.data());
  if (Status read = read_all(file->get(), bytes, text.size(), 0, path); !read)
    return std::move(read).error();
  return text;
}

void add(Spent& spent, const Result<LedgerEntry>& entry, const std::string& currency) {
  if (entry && entry->outcome == SubmitOutcome::refused)
    return;
  ++spent.submits;
  if (entry && entry->cost && entry->cost->currency == currency)
    spent.micros = add_micros(spent.micros, entry->cost->micros);
  else
    ++spent.unknown;
}

Result<LedgerEntry> decode(const Result<std::string>& text) {
  return text ? decode_entry(*text) : Result<LedgerEntry>(text.error());
}

bool is_gone(const Result<std::string>& text) {
  return !text && text.error().code == ErrorCode::not_found;
}

// The submits since then, without the suffixes of their names. A file that is renamed while its
// directory is read may be missed, so it is read twice.
Result<std::set<std::string>> submits_since(const std::string& path, std::int64_t since) {
  std::set<std::string> submits;
  for (int look = 0; look < 2; ++look) {
    Result<std::vector<std::string>> names = names_in_directory(path);
    if (!names)
      return std::move(names).error();
    for (const std::string& name : *names) {
      const auto time = time_of_name(name);
      const auto end = name.find('.');
      const bool is_submit = name.ends_with(submit_suffix) || name.ends_with(new_suffix);
      if (time && *time >= since && is_submit)
        submits.insert(name.substr(0, end));
    }
  }
  return submits;
}

// Not a missing one: that may have been entered.
bool is_too_old(int directory, const std::string& name, std::int64_t now) {
  struct stat info;
  return ::fstatat(directory, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
         info.st_mtim.tv_sec <= now - reservation_seconds;
}

// False: there is no such file.
Result<bool> add_file(int directory, const std::string& path, const std::string& name,
                      const std::string& currency, Spent& spent) {
  const Result<std::string> text = read_small_file(directory, name, path);
  if (is_gone(text))
    return false;
  if (!text && text.error().code != ErrorCode::wrong_type)
    return text.error();
  add(spent, decode(text), currency);
  return true;
}

Result<bool> add_submit_of(int directory, const std::string& path, const std::string& submit,
                           const std::string& currency, std::int64_t now, SpentParts& sum) {
  const std::string entered = submit + submit_suffix;
  Result<bool> added = add_file(directory, path, entered, currency, sum.entered);
  if (!added || *added)
    return added;
  const std::string reserved = submit + new_suffix;
  if (is_too_old(directory, reserved, now))
    return false;
  added = add_file(directory, path, reserved, currency, sum.pending);
  if (!added || *added)
    return added;
  // It was entered between the two looks.
  return add_file(directory, path, entered, currency, sum.entered);
}

}  // namespace

Spent SpentParts::together() const {
  return {add_micros(entered.micros, pending.micros), entered.submits + pending.submits,
          entered.unknown + pending.unknown};
}

Result<SpentParts> sum_since(const std::string& directory, const std::string& own,
                             std::int64_t since, const std::string& currency, std::int64_t now) {
  SpentParts sum;
  Result<std::vector<std::string>> months = names_in_directory(directory);
  if (!months)
    return std::move(months).error();
  for (const std::string& month : *months) {
    if (!is_month(month) || month < month_of(since))
      continue;
    const std::string path = directory + "/" + month;
    const Result<std::set<std::string>> submits = submits_since(path, since);
    if (!submits)
      return submits.error();
    const Result<Fd> fd = open_directory(path, ErrorCode::open_read);
    if (!fd)
      return fd.error();
    for (const std::string& submit : *submits) {
      if (submit == own)
        continue;
      if (Result<bool> added = add_submit_of(fd->get(), path, submit, currency, now, sum); !added)
        return std::move(added).error();
    }
  }
  return sum;
}

// Not GDir: it ends at an error as at the end.
Result<std::vector<std::string>> names_in_directory(const std::string& path) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, Freer<::closedir>> dir(::opendir(path.c_str()));
  if (!dir && errno == ENOENT)
    return names;
  if (!dir)
    return io_error(ErrorCode::open_read, "opendir", path, errno);
  errno = 0;
  for (const dirent* file; (file = ::readdir(dir.get())); errno = 0)
    if (const std::string_view name = file->d_name; name != "." && name != "..")
      names.emplace_back(name);
  if (errno != 0)
    return io_error(ErrorCode::open_read, "readdir", path, errno);
  std::sort(names.begin(), names.end());
  return names;
}

// On NFS, a file that another machine replaces meanwhile fails once, with ESTALE.
Result<std::string> read_small_file(int directory, const std::string& name,
                                    const std::string& directory_path) {
  constexpr int more_attempts = 2;
  Result<std::string> text = try_read(directory, name, directory_path);
  for (int i = 0; i < more_attempts && !text && text.error().code == ErrorCode::open_read; ++i)
    text = try_read(directory, name, directory_path);
  return text;
}

Status each_submit(const std::string& path, const TakeSubmit& take) {
  const Result<std::vector<std::string>> names = names_in_directory(path);
  if (!names)
    return names.error();
  const Result<Fd> fd = open_directory(path, ErrorCode::open_read);
  if (!fd && fd.error().code == ErrorCode::not_found)
    return Done{};
  if (!fd)
    return fd.error();
  for (const std::string& name : *names) {
    if (!name.ends_with(submit_suffix))
      continue;
    const Result<std::string> text = read_small_file(fd->get(), name, path);
    if (!is_gone(text))
      take(name, decode(text));
  }
  return Done{};
}

}  // namespace modelverse::store
