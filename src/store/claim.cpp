// SPDX-License-Identifier: LGPL-2.1-or-later
// Creates, refreshes, judges and breaks claims.
#include "store/claim.h"

#include <fcntl.h>
#include <glib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "glib/handles.h"
#include "store/io.h"

namespace modelverse::store {
namespace {

constexpr auto refresh_interval = std::chrono::seconds(5);
constexpr const char* new_claim_suffix = ".new";
constexpr const char* dead_claim_suffix = ".dead";
constexpr const char* breaking_suffix = ".breaking";
constexpr auto breaking_lease = std::chrono::seconds(60);
constexpr std::size_t size_limit = 4096;  // bytes of a claim

struct ClaimFile {
  ClaimOwner owner;
  struct stat info = {};
};

// Opened anew, so that the content and the attributes are the server's. Its owner is empty if it
// cannot be read.
std::optional<ClaimFile> read_claim(const std::string& path) {
  const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const Fd fd = Fd::adopt(uninterrupted([&] { return ::open(path.c_str(), flags); }));
  ClaimFile claim;
  if (!fd && (errno == ENOENT || errno == ENOTDIR || errno == ESTALE))
    return {};
  if (!fd)
    return claim;
  ::fstat(fd.get(), &claim.info);
  claim.owner = decode_owner(read_file(fd.get(), size_limit).value_or(""));
  return claim;
}

// Of this process. Where the file system became read-only, the file of an ended claim stays.
class LiveClaims {
 public:
  void add(const std::string& id) {
    const std::lock_guard lock(mutex_);
    ids_.insert(id);
  }
  void remove(const std::string& id) {
    const std::lock_guard lock(mutex_);
    ids_.erase(id);
  }
  bool has(const std::string& id) {
    const std::lock_guard lock(mutex_);
    return ids_.contains(id);
  }
  // Never freed: threads may outlive the static destructors.
  static LiveClaims& all() {
    static auto* only = new LiveClaims;
    return *only;
  }

 private:
  std::mutex mutex_;
  std::set<std::string> ids_;
};

bool is_gone(const ClaimOwner& owner) {
  const Life life = life_of(owner);
  const bool is_own = life == Life::running && owner.pid == ::getpid();
  return life == Life::ended || (is_own && !LiveClaims::all().has(owner.id));
}

ClaimState judge(const std::string& path, const ClaimFile& claim) {
  const std::int64_t now =
      server_time(path + new_claim_suffix).value_or(g_get_real_time() / G_USEC_PER_SEC);
  ClaimState state{.owner = claim.owner};
  state.age = std::chrono::seconds(std::max<std::int64_t>(now - claim.info.st_mtim.tv_sec, 0));
  state.is_dead = is_gone(claim.owner) || state.age > claim.owner.lease;
  return state;
}

Result<bool> make_claim(const std::string& path, const ClaimOwner& owner) {
  const std::string own = private_name(path + new_claim_suffix);
  const Result<Fd> file = make_file(AT_FDCWD, own, "");
  if (!file)
    return file.error();
  if (!write_through(file->get(), encode_owner(owner))) {
    const int error_number = errno;
    ::unlink(own.c_str());
    return io_error(ErrorCode::open_write, "pwrite", own, error_number);
  }
  return place_file(AT_FDCWD, own, path, "");
}

}  // namespace

Result<std::unique_ptr<Claim>> Claim::try_make(const std::string& path,
                                               std::chrono::seconds lease) {
  constexpr int attempts = 3;  // others may make and break claims meanwhile
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const ClaimOwner owner = this_process(lease);
    // Before its file can be seen: another thread would take it for one that has ended.
    LiveClaims::all().add(owner.id);
    const Result<bool> made = make_claim(path, owner);
    if (made && *made) {
      std::unique_ptr<Claim> claim(new Claim(path, owner.id));
      claim->start_refreshing();
      return claim;
    }
    LiveClaims::all().remove(owner.id);
    if (!made)
      return made.error();
    const std::optional<ClaimState> other = find_claim(path);
    if (other && !(other->is_dead && break_claim(path, other->owner)))
      break;
  }
  return std::unique_ptr<Claim>();
}

Claim::~Claim() {
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
  }
  ended_.notify_all();
  if (refresher_.joinable())
    refresher_.join();
  if (is_current())
    ::unlink(path_.c_str());
  LiveClaims::all().remove(id_);
}

bool Claim::is_current() const {
  const std::optional<ClaimFile> claim = read_claim(path_);
  // It cannot be read without a descriptor.
  const bool is_unknown = claim && claim->info.st_ino == 0;
  return claim && (is_unknown || claim->owner.id == id_);
}

void Claim::start_refreshing() {
  refresher_ = std::thread([this] { refresh_until_end(); });
}

// The server sets the time of a write; of utimensat(2) not everywhere.
void Claim::refresh() const {
  if (!is_current())
    return;
  const int flags = O_WRONLY | O_NOFOLLOW | O_CLOEXEC;
  const Fd fd = Fd::adopt(uninterrupted([&] { return ::open(path_.c_str(), flags); }));
  if (fd)
    (void)write_through(fd.get(), "[");  // the first byte of the file
}

void Claim::refresh_until_end() {
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, refresh_interval, [this] { return has_ended_; })) {
    lock.unlock();
    refresh();
    lock.lock();
  }
}

std::optional<ClaimState> find_claim(const std::string& path) {
  const std::optional<ClaimFile> claim = read_claim(path);
  return claim ? std::optional(judge(path, *claim)) : std::nullopt;
}

bool break_claim(const std::string& path, const ClaimOwner& owner) {
  // Who judged it dead before another one broke it would take away the claim of that one.
  const auto turn = Claim::try_make(path + breaking_suffix, breaking_lease);
  if (!turn || !*turn)
    return false;
  const std::optional<ClaimFile> claim = read_claim(path);
  if (!claim || claim->owner.id != owner.id || !judge(path, *claim).is_dead)
    return false;
  // It may be a new one, if its owner was not dead and ended by itself: that is put back.
  const std::string own = private_name(path + dead_claim_suffix);
  if (!rename_file(AT_FDCWD, path, own, ""))
    return false;
  const std::optional<ClaimFile> broken = read_claim(own);
  const bool is_right = broken && broken->owner.id == owner.id;
  if (!is_right)
    (void)place_file(AT_FDCWD, own, path, "");
  else
    ::unlink(own.c_str());
  return is_right;
}

}  // namespace modelverse::store
