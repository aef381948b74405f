// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/ledger_walk.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstring>
#include <set>
#include <string_view>
#include <unordered_set>

#include "glib/sentences.h"
#include "glib/text.h"
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
                 format_text(_("A file of the ledger is damaged: %s is too large."), path.c_str()),
                 "ledger: " + path + " is too large"};
  std::string text(static_cast<std::size_t>(info.st_size), '\0');
  auto* bytes = reinterpret_cast<std::byte*>(text.data());
  if (Status read = read_all(file->get(), bytes, text.size(), 0, path); !read)
    return std::move(read).error();
  return text;
}

Spent sum_of(const Spent& one, const Spent& other) {
  return {add_micros(one.micros, other.micros), one.submits + other.submits,
          one.unknown + other.unknown,
          one.unknown_model.empty() ? other.unknown_model : one.unknown_model};
}

// Unknown, or in another currency: `micros` is empty.
void add(Spent& spent, std::optional<std::int64_t> micros) {
  ++spent.submits;
  spent.micros = add_micros(spent.micros, micros.value_or(0));
  spent.unknown += micros ? 0 : 1;
}

void add(Spent& spent, const Result<LedgerEntry>& entry, const std::string& currency) {
  if (entry && entry->outcome == SubmitOutcome::refused)
    return;
  const bool is_known = entry && entry->cost && entry->cost->currency == currency;
  add(spent, is_known ? std::optional(entry->cost->micros) : std::nullopt);
  if (entry && !is_known)
    spent.unknown_model = entry->model;
}

Result<LedgerEntry> decode(const Result<std::string>& text) {
  return text ? decode_entry(*text) : Result<LedgerEntry>(text.error());
}

bool is_gone(const Result<std::string>& text) {
  return !text && text.error().code == ErrorCode::not_found;
}

// What the names of a directory tell of the submits since some time.
struct Look {
  Spent spent;                                // by entered submits with their cost in the name
  std::unordered_set<std::uint64_t> counted;  // these, by their random digits
  std::set<std::string> others;               // names without suffix, to be looked into
};

void take_name(Look& look, const SubmitName& name, const std::string& currency) {
  if (name.suffix == new_suffix || (name.suffix == submit_suffix && !name.micros))
    look.others.emplace(name.submit);
  else if (name.suffix == submit_suffix && look.counted.insert(name.random).second)
    add(look.spent, name.currency == currency ? name.micros : std::nullopt);
}

void take_names(Look& look, const std::string& names, std::int64_t since,
                const std::string& currency) {
  const char* const end = names.data() + names.size();
  for (const char* text = names.data(); text < end; text += std::strlen(text) + 1)
    if (const auto name = parse_submit_name(text); name && name->time >= since)
      take_name(look, *name, currency);
}

// Each with its NUL.
Result<std::string> all_names(const std::string& path) {
  std::string names;
  Status read =
      each_name(path, [&](const char* name) { names.append(name, std::strlen(name) + 1); });
  if (!read)
    return std::move(read).error();
  return names;
}

// A file that is renamed while its directory is read may be missed, so it is read twice.
Result<Look> look_at(const std::string& path, std::int64_t since, const std::string& currency) {
  const Result<std::string> once = all_names(path);
  const Result<std::string> again = once ? all_names(path) : once;
  if (!again)
    return again.error();
  Look look;
  take_names(look, *once, since, currency);
  if (*again != *once)
    take_names(look, *again, since, currency);
  std::erase_if(look.others, [&](const std::string& submit) {
    return look.counted.contains(parse_submit_name(submit.c_str())->random);
  });
  return look;
}

// Not a missing one: that may have been entered.
bool is_too_old(int directory, const std::string& name, std::int64_t now) {
  struct stat info;
  return ::fstatat(directory, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
         info.st_mtim.tv_sec <= now - reservation_seconds;
}

Error not_counted(Error error) {
  error.text = two_sentences(
      error.text, _("It is a submit of the last 24 hours, which the daily-budget counts: nothing "
                    "was submitted. Make the file readable, or move it out of the ledger: then it "
                    "is not counted."));
  return error;
}

// False: there is no such file.
Result<bool> add_file(int directory, const std::string& path, const std::string& name,
                      const std::string& currency, Spent& spent) {
  const Result<std::string> text = read_small_file(directory, name, path);
  if (is_gone(text))
    return false;
  if (!text && text.error().code == ErrorCode::open_read)
    return not_counted(text.error());
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
  return sum_of(entered, pending);
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
    const Result<Look> look = look_at(path, since, currency);
    if (!look)
      return look.error();
    sum.entered = sum_of(sum.entered, look->spent);
    const Result<Fd> fd = open_directory(path, ErrorCode::open_read);
    if (!fd)
      return fd.error();
    for (const std::string& submit : look->others) {
      if (submit == own)
        continue;
      if (Result<bool> added = add_submit_of(fd->get(), path, submit, currency, now, sum); !added)
        return std::move(added).error();
    }
  }
  return sum;
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
  const Result<Fd> fd = open_directory(path, ErrorCode::open_read);
  if (!fd && fd.error().code == ErrorCode::not_found)
    return Done{};
  if (!fd)
    return fd.error();
  return each_name(path, [&](const char* name) {
    if (!std::string_view(name).ends_with(submit_suffix))
      return;
    const Result<std::string> text = read_small_file(fd->get(), name, path);
    if (!is_gone(text))
      take(name, decode(text));
  });
}

}  // namespace modelverse::store
