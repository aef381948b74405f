// SPDX-License-Identifier: LGPL-2.1-or-later
// submit.claim: who may submit, on one machine and on several that share the cache directory.
//
// flock(2) may be local to a machine (NFS with local_lock, many FUSE file systems) or be lost
// (a lease that expired). So what is paid for once depends only on what every shared file system
// does at its server: link(2) and open(2) with O_EXCL fail if the name exists, rename(2) replaces a
// name at once, fsync(2) makes durable. What another machine has written may be seen late: a name
// may look absent, and attributes old, for seconds. A file that is opened is the current one
// (close-to-open), and the name in a call that changes the directory is the server's.
//
//   who                        may                             and leaves after a crash
//   anybody                    read the record and the clip    nothing
//                              create submit.claim by link(2)  the claim, and perhaps its private
//                                                              file submit.claim.new-*
//   the claim's owner          create record.json              no record: nothing was submitted
//                              (`submitting`) by link(2),
//                              fails where there is one
//                              replace a finished record, or   the old record, or `submitting`
//                              one of unknown outcome, after
//                              it was read under the claim
//                              POST, after that is durable     `submitting`: outcome unknown
//                              record the task id, then        `submitted` with the claim: resumed,
//                              remove the claim                the claim means nothing
//                              withdraw the record after a     `submitting`: unknown; or none
//                              refusal, then remove the claim
//   who knows a task id        poll, download, record the      the record of the task: resumed
//                              clip of that task, unless the
//                              record is of another by now
//                              remove the record of that task  the record, or none
//                              under the claim
//   who finds a dead claim     claim submit.claim.breaking,    that, with a lease of a minute
//                              look again, rename(2) it away   no claim, submit.claim.dead-*
//
//   record      claim          means                           the next one
//   none        none           nothing was submitted           claims
//   none        alive          will be submitted               waits for the claim's end
//   none        dead           was not submitted               takes the claim over
//   submitting  alive          is being submitted              waits
//   submitting  none or dead   the outcome is unknown          asks by external_id, else reports it
//   submitted,  any            is known                        resumes; a new clip (refresh) waits
//   complete                                                   while the claim is alive
//
// "None" is only believed by who has created the claim: link(2) tells what a lookup may not. A
// record that is not visible yet stops the creation of another one, and one that the look-up did
// not see is not replaced: the job then looks up again.
//
// A claim is dead when its process has ended: on the same machine by its pid and start, or because
// the machine was booted since; and everywhere when the file was not written for its `lease`,
// longer than a submit takes, by the file server's clock (the claim's modification time against
// that of a file written now). Its owner writes it every 5 s. Where clients set the times (CephFS,
// Lustre), their clocks must agree to a minute. A wrong verdict cannot pay twice: an owner that was
// broken before its record exists cannot create it any more, and afterwards the outcome is unknown.
// Where a record is replaced (refresh, resubmit) no link(2) decides: who is suspended for longer
// than the lease just between its last look at its claim, when the connection is established, and
// the first byte of the POST pays as well.
//
// clip.claim is the same for clip.part, with a lease of a minute.
//
// Without hard links (FAT, some SMB servers) names are created with O_EXCL and RENAME_NOREPLACE.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "core/result.h"
#include "store/claim_owner.h"

namespace modelverse::store {

inline constexpr const char* claim_name = "submit.claim";
// The same for clip.part, which one process writes: the others download to files of their own.
inline constexpr const char* part_claim_name = "clip.claim";
// A waiter tries this often.
inline constexpr auto claim_look_interval = std::chrono::seconds(2);

// A claim of another process or of another element.
struct ClaimState {
  ClaimOwner owner;
  std::chrono::seconds age{0};  // since its owner wrote it
  bool is_dead = false;
};

// Held from its creation to its destruction, which removes the file. Holds no descriptor.
class Claim {
 public:
  // `path`: of the claim's file. Null: another one is there. A dead one is removed first.
  static Result<std::unique_ptr<Claim>> try_make(const std::string& path,
                                                 std::chrono::seconds lease);
  ~Claim();
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;

  // False when it was broken. True also where no descriptor is left to look at it.
  bool is_current() const;

 private:
  Claim(std::string path, std::string id) : path_(std::move(path)), id_(std::move(id)) {}
  void start_refreshing();
  void refresh() const;
  void refresh_until_end();

  const std::string path_;
  const std::string id_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool has_ended_ = false;
  std::thread refresher_;
};

// Empty when there is none.
std::optional<ClaimState> find_claim(const std::string& path);

// Removes the claim of this owner if it is dead. False: it is alive, another's by now, or being
// broken by somebody else.
bool break_claim(const std::string& path, const ClaimOwner& owner);

}  // namespace modelverse::store
