// SPDX-License-Identifier: LGPL-2.1-or-later
// The whole account, and folding its old months.
#include <fcntl.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "glib/handles.h"
#include "glib/random.h"
#include "store/io.h"
#include "store/ledger.h"
#include "store/ledger_walk.h"

namespace modelverse::store {
namespace {

using TimePtr = std::unique_ptr<GDateTime, Freer<g_date_time_unref>>;

constexpr int months_kept = 13;
constexpr std::size_t month_length = 7;

// "2025-10.0123456789abcdef"
bool is_being_folded(const std::string& name) {
  return name.size() == month_length + 1 + 16 && is_month(name.substr(0, month_length)) &&
         name[month_length] == '.';
}

// The month so many months earlier.
std::string month_before(std::int64_t now, int months) {
  const TimePtr date(g_date_time_new_from_unix_utc(now));
  const TimePtr before(date ? g_date_time_add_months(date.get(), -months) : nullptr);
  return before ? month_of(g_date_time_to_unix(before.get())) : "";
}

using Sums = std::vector<LedgerSum>;

Result<Sums> sums_of(const std::string& path) {
  Sums sums;
  Status all = Done{};
  // A damaged one: of unknown outcome and cost.
  Status read = each_submit(path, [&](const char*, const Result<LedgerEntry>& entry) {
    if (entry || entry.error().code == ErrorCode::wrong_type)
      add_submit(sums, entry ? *entry : LedgerEntry());
    else
      all = entry.error();
  });
  if (!read || !all)
    return !read ? std::move(read).error() : std::move(all).error();
  return sums;
}

// The newest time of a directory and its files.
std::optional<std::int64_t> newest_time(const std::string& path) {
  std::int64_t newest = 0;
  bool is_known = true;
  const auto look_at = [&](const char* name) {
    struct stat info;
    is_known = is_known && ::lstat((path + "/" + name).c_str(), &info) == 0;
    if (is_known)
      newest = std::max<std::int64_t>(newest, info.st_mtim.tv_sec);
  };
  look_at(".");
  return each_name(path, look_at) && is_known ? std::optional(newest) : std::nullopt;
}

void remove_directory(const std::string& path) {
  (void)each_name(path, [&](const char* name) { ::unlink((path + "/" + name).c_str()); });
  ::rmdir(path.c_str());
}

bool is_file(const std::string& path) {
  struct stat info;
  return ::lstat(path.c_str(), &info) == 0;
}

// The month and the sums of a file of sums.
Status read_sums(const std::string& directory, const std::string& name, Account& account) {
  const Result<Fd> fd = open_directory(directory, ErrorCode::open_read);
  if (!fd)
    return fd.error();
  const Result<std::string> text = read_small_file(fd->get(), name, directory);
  const auto sums = text ? decode_sums(*text) : Result<Sums>(text.error());
  const auto month = name.substr(0, month_length);
  if (!sums)
    account.damaged.emplace_back(month, directory + "/" + name);
  else
    for (const auto& sum : *sums)
      account.months.emplace_back(month, sum);
  return Done{};
}

Status read_month(const std::string& directory, const std::string& name, Account& account) {
  const std::string path = directory + "/" + name;
  return each_submit(path, [&](const char* file, const Result<LedgerEntry>& entry) {
    const auto known = parse_submit_name(file);
    if (entry)
      account.submits.push_back(*entry);
    else
      account.damaged.emplace_back(known ? day_of(known->time) : name.substr(0, month_length),
                                   path + "/" + file);
  });
}

}  // namespace

Result<Account> Ledger::read() const {
  const Result<std::vector<std::string>> names = names_in_directory(directory_);
  if (!names)
    return names.error();
  Account account;
  for (const std::string& name : *names) {
    Status read = Done{};
    const bool has_sum = is_file(directory_ + "/" + name + sum_suffix);
    if (name.ends_with(sum_suffix))
      read = read_sums(directory_, name, account);
    else if (is_month(name) || (is_being_folded(name) && !has_sum))
      read = read_month(directory_, name, account);
    if (!read)
      return std::move(read).error();
  }
  std::ranges::sort(account.damaged);
  return account;
}

void Ledger::fold(std::int64_t now) const {
  const Result<std::vector<std::string>> names = names_in_directory(directory_);
  const std::string oldest = month_before(now, months_kept);
  for (const std::string& name : names ? *names : std::vector<std::string>()) {
    if (is_being_folded(name))
      finish_folding(name);
    if (!is_month(name) || name >= oldest)
      continue;
    // Not by this machine's clock alone: a wrong one would fold the last day for all.
    const auto there = server_time(directory_ + "/now");
    const auto newest = newest_time(directory_ + "/" + name);
    if (!there || !newest || month_of(*newest) >= month_before(*there, months_kept))
      continue;
    const std::string aside = name + "." + random_hex(8);
    if (::rename((directory_ + "/" + name).c_str(), (directory_ + "/" + aside).c_str()) == 0)
      finish_folding(aside);
  }
}

// Several may do this at once: each reads all files, unless one has written the sum meanwhile. Its
// name may not be visible yet, so it is never replaced.
void Ledger::finish_folding(const std::string& name) const {
  const std::string sum_name = name + sum_suffix;
  const std::string path = directory_ + "/" + name;
  if (is_file(directory_ + "/" + sum_name))
    return remove_directory(path);
  const Result<Sums> sums = sums_of(path);
  if (!sums || is_file(directory_ + "/" + sum_name))
    return;
  const Fd directory = try_open_directory(directory_);
  if (directory && create_file(directory.get(), sum_name, directory_, encode_sums(*sums)))
    remove_directory(path);
}

}  // namespace modelverse::store
