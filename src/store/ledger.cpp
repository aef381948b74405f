// SPDX-License-Identifier: LGPL-2.1-or-later
// Entering and settling a submit.
#include "store/ledger.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <utility>

#include "store/io.h"
#include "store/ledger_walk.h"
#include "store/lock.h"

namespace modelverse::store {
namespace {

constexpr std::int64_t a_day = 24 * 3600;
// The growth of an entry by the id of its task and the usage.
constexpr std::size_t room_for_id = 4096;  // bytes
// Half of the time that step 1 counts.
constexpr std::int64_t longest_reservation = reservation_seconds / 2;

// steady_clock stands still while the machine is suspended.
std::int64_t seconds_since_boot() {
  timespec now = {};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return now.tv_sec;
}

std::string month_path(const std::string& directory, const std::string& name) {
  return directory + "/" + name.substr(0, name.find('/'));
}

std::string file_name(const std::string& name) {
  return name.substr(name.find('/') + 1);
}

bool is_submit_name(const std::string& name) {
  const auto slash = name.find('/');
  return slash != std::string::npos && is_month(name.substr(0, slash)) &&
         parse_submit_name(name.c_str() + slash + 1) &&
         name.find_first_of("/.", slash + 1) == std::string::npos;
}

// The name decides whether a submit counts; the text is for people.
Status write_outcome(PreparedFile& prepared, const std::string& submit, const LedgerEntry& entry) {
  Status named = Done{};
  if (entry.outcome == SubmitOutcome::refused)
    named = prepared.rename_replaced(submit + refused_suffix);
  Status written = prepared.write(encode_entry(entry));
  return named ? written : named;
}

}  // namespace

// A submit in steps 1 to 3; removed unless it was entered.
struct Ledger::Reserved {
  Fd directory;
  std::string path;  // of the month's directory
  std::string month;
  std::string name;  // of the file, without its suffix
  std::int64_t since = seconds_since_boot();
  bool is_entered = false;

  Reserved(Fd fd, std::string month_directory, const LedgerEntry& entry)
      : directory(std::move(fd)),
        path(std::move(month_directory)),
        month(month_of(entry.time)),
        name(new_submit_name(entry)) {}
  bool is_too_old() const { return seconds_since_boot() - since > longest_reservation; }
  Reserved(const Reserved&) = delete;
  Reserved& operator=(const Reserved&) = delete;
  ~Reserved() {
    if (is_entered)
      return;
    // Both: an error of the renaming may be that of a response that was lost.
    for (const char* suffix : {new_suffix, submit_suffix})
      ::unlinkat(directory.get(), (name + suffix).c_str(), 0);
  }
};

Result<Ledger::Entering> Ledger::enter(const LedgerEntry& entry,
                                       std::optional<std::int64_t> budget) const {
  DirectoryLock lock(directory_);
  if (budget) {
    Result<bool> locked = lock.try_take(DirectoryLock::Missing::make);
    if (!locked)
      return std::move(locked).error();
    if (!*locked)
      return Entering(Busy{});
  }
  const std::string path = directory_ + "/" + month_of(entry.time);
  if (Status made = make_directories(path); !made)
    return std::move(made).error();
  Result<Fd> directory = open_directory(path, ErrorCode::open_write);
  if (!directory)
    return std::move(directory).error();
  Reserved reserved(std::move(directory).value(), path, entry);
  Status written = store::write_file(reserved.directory.get(), reserved.name + new_suffix, path,
                                     encode_entry(entry));
  if (!written)
    return std::move(written).error();
  return check_and_enter(entry, budget, reserved);
}

Result<Ledger::Entering> Ledger::check_and_enter(const LedgerEntry& entry,
                                                 std::optional<std::int64_t> budget,
                                                 Reserved& reserved) const {
  if (!budget)
    return finish(entry, reserved);
  const Money cost = entry.cost.value_or(Money{});
  struct stat info;
  if (::fstatat(reserved.directory.get(), (reserved.name + new_suffix).c_str(), &info,
                AT_SYMLINK_NOFOLLOW) != 0)
    return io_error(ErrorCode::open_write, "fstatat", reserved.path, errno);
  Result<SpentParts> sum =
      sum_since(directory_, reserved.name, entry.time - a_day, cost.currency, info.st_mtim.tv_sec);
  if (!sum)
    return std::move(sum).error();
  const auto fits = [&](const Spent& spent) {
    return spent.unknown == 0 && spent.micros <= *budget - cost.micros;
  };
  if (fits(sum->together()))
    return finish(entry, reserved);
  return fits(sum->entered) ? Entering(Busy{}) : Entering(OverBudget{sum->entered});
}

Result<Ledger::Entering> Ledger::finish(const LedgerEntry& entry, Reserved& reserved) const {
  const std::string submit_name = reserved.name + submit_suffix;
  const int fd = reserved.directory.get();
  Result<PreparedFile> prepared =
      PreparedFile::make(fd, {reserved.path, reserved.name + next_suffix, submit_name},
                         encode_entry(entry).size() + room_for_id);
  if (!prepared)
    return std::move(prepared).error();
  if (reserved.is_too_old())
    return Entering(Busy{});
  if (Status named = rename_file(fd, reserved.name + new_suffix, submit_name, reserved.path);
      !named)
    return std::move(named).error();
  // The machine may have been suspended since the check.
  if (reserved.is_too_old())
    return Entering(Busy{});
  if (Status synced = sync_directory(fd, reserved.path); !synced)
    return std::move(synced).error();
  reserved.is_entered = true;
  return Entering(
      EnteredSubmit(entry, reserved.month + "/" + reserved.name, std::move(prepared).value()));
}

Status EnteredSubmit::settle(SubmitOutcome outcome, const std::string& task_id) {
  entry_.outcome = outcome;
  entry_.task_id = task_id;
  return write_outcome(prepared_, file_name(name_), entry_);
}

void EnteredSubmit::withdraw() {
  const Fd directory = prepared_.discard();
  ::unlinkat(directory.get(), (file_name(name_) + submit_suffix).c_str(), 0);
}

Status Ledger::settle(const std::string& name, const News& news) const {
  if (!is_submit_name(name))
    return Done{};
  const std::string path = month_path(directory_, name);
  const std::string submit_name = file_name(name) + submit_suffix;
  Result<Fd> directory = open_directory(path, ErrorCode::open_write);
  if (!directory)
    return std::move(directory).error();
  Result<std::string> text = read_small_file(directory->get(), submit_name, path);
  if (!text)
    return std::move(text).error();
  Result<LedgerEntry> entry = decode_entry(*text);
  if (!entry)
    return std::move(entry).error();
  if (news.outcome) {
    entry->outcome = *news.outcome;
    entry->task_id = news.task_id;
  }
  if (news.usage_seconds > 0)
    entry->usage_seconds = news.usage_seconds;
  const std::string next = encode_entry(*entry);
  if (next == *text)
    return Done{};
  Result<PreparedFile> prepared = PreparedFile::make(
      directory->get(), {path, private_name(file_name(name)) + next_suffix, submit_name},
      next.size());
  return prepared ? write_outcome(*prepared, file_name(name), *entry) : Status(prepared.error());
}

}  // namespace modelverse::store
