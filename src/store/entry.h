// SPDX-License-Identifier: LGPL-2.1-or-later
// The cache directory of one key.
//
//   <cache-dir>/<key>/lock         flock(2): its holder works on the entry
//   <cache-dir>/<key>/waiting      flock(2), shared by the waiters for the lock; exists at times
//   <cache-dir>/<key>/submit.claim its owner may submit: see claim.h
//   <cache-dir>/<key>/record.json  see api/record_json.h; its modification time is when the clip
//                                  was last used
//   <cache-dir>/<key>/clip.part    the download so far
//   <cache-dir>/<key>/clip.mp4     the finished clip, if the record is complete
//   <cache-dir>/<key>/record.json.broken-<n>  a broken record, deleted only on request
//
// Directories are 0700, files 0600, less what the umask takes. Writes of records and finished clips
// are durable when the call returns: write, fsync, rename, fsync of the directory. Symbolic links
// in the directory or in its place are not followed.
//
// State after a crash, and its meaning:
//   record*.json.new-*, record.json.next-* an unfinished save(): the previous record is valid
//   record submitted, clip.part            the download resumes at the part's length; it restarts
//                                          if the part is older than the machine's boot, or
//                                          newer than now
//   record submitted, clip.mp4, no part    complete() was interrupted between its rename and its
//                                          record: is_downloaded(), and open_partial() reuses the
//                                          complete file
//   record complete, clip.mp4              finished
//   record complete, no clip.mp4           remove() was interrupted: open_clip() returns not_found
//   record complete, clip.previous         save() or give_up() was interrupted: open_clip() uses it
//   no record, no clip                     nothing was submitted
//   record unfinished, clip.previous       a task that may replace a finished clip
// To never attribute a clip to another task, save() of a `submitting` record first removes
// clip.part, and renames a finished clip to clip.previous, its record to record.previous.json.
// complete() removes these two, give_up() restores them.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

#include "core/record.h"
#include "core/result.h"
#include "store/claim.h"
#include "store/clip.h"
#include "store/lock.h"
#include "store/prepared_file.h"

namespace modelverse::store {

inline constexpr const char* clip_name = "clip.mp4";
inline constexpr const char* partial_name = "clip.part";

// Methods that write require the lock; reading a complete clip does not. Not thread-safe.
class Entry {
 public:
  // `directory` is the entry's own: <cache-dir>/<key>.
  Entry(std::string directory, std::string key);
  ~Entry() { unlock(); }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  const std::string& key() const { return key_; }
  const std::string& directory() const { return directory_; }
  std::string clip_path() const;
  std::string partial_path() const;
  std::string claim_path() const { return directory_ + "/" + claim_name; }

  // True: locked until unlock() or destruction. False: locked by another element or process. Error:
  // the directory cannot be created or written (open_write). With Missing::leave, a missing
  // directory is not created: false.
  Result<bool> try_lock(DirectoryLock::Missing missing = DirectoryLock::Missing::make) {
    return lock_.try_take(missing);
  }
  // As try_lock(Missing::leave), but waits out the short lock that is_taken() takes.
  Result<bool> lock_soon() { return lock_.take_soon(); }
  // See DirectoryLock.
  void announce_waiting() { lock_.announce_waiting(); }
  bool is_waited_for() const { return lock_.is_waited_for(); }
  // Also removes the directory if it holds only the lock files.
  void unlock();
  bool is_locked() const { return lock_.is_held(); }

  // True: this entry has the claim, until release_claim(), unlock() or destruction; see claim.h for
  // what that allows. False: another element, process or machine has it. Requires the lock.
  Result<bool> try_claim(std::chrono::seconds lease);
  void release_claim() { claim_.reset(); }
  bool is_claimed() const { return claim_ && claim_->is_current(); }

  struct Loaded {
    std::optional<Record> record;
    // The new name record.json.broken-<n> of a broken or foreign record, with the reason, for a
    // warning. `record` is then the part that could be recovered from it, or the substitute.
    std::string set_aside;
  };
  // `make_substitute` makes the record that takes the place of one of which nothing can be
  // recovered. Error only if the file exists and cannot be read or renamed. Renaming requires the
  // lock; without it a broken record stays.
  Result<Loaded> load(const std::function<Record()>& make_substitute = {});
  // The record without the lock. Empty also when this user has no permission to look: then none of
  // the user's entries are there.
  Result<std::optional<Record>> peek();
  // A finished clip that a new task is to replace, and its record, which may be unreadable: none.
  bool has_previous() const;
  std::optional<Record> previous() const;
  // Opens that clip, and leaves it in place.
  Result<std::shared_ptr<Clip>> open_previous(const Record& record) const;

  // Durable when it returns. Refuses a record that could not be read back, and
  // keeps the previous one. If the directory was deleted meanwhile, it is created and locked again;
  // open_write if another process has locked it.
  // Where locks are not shared, another machine may have recorded another submit since this entry
  // has read or written the record. This, complete(), give_up() and remove() then fail with
  // open_write, and announce() is false. A task's record also replaces another one of that task.
  // Where the record of a task goes away, another process that has the claim is a failure as well.
  Status save(const Record& record);
  // save() of a `submitting` record that also reserves what the next save() or give_up() needs:
  // descriptors, and disk space for a record with an id. A later lack of descriptors or disk space
  // then cannot lose the id of a paid task. Requires the claim. False: another process has
  // announced or submitted since the last load(), or that had not seen it yet, and nothing is
  // written.
  Result<bool> announce(const Record& record);

  // The complete clip, checked as in clip_check.h (a mismatch is wrong_type; a missing file is
  // not_found). Updates the time of last use, for eviction. `record` must be complete.
  Result<std::shared_ptr<Clip>> open_clip(const Record& record);

  // Updates the time of last use, for eviction.
  void mark_used() const;

  // The partial download; its existing bytes are available. Created empty if missing, and also if
  // another machine writes to the one that is there: then under a name of its own.
  Result<std::shared_ptr<Clip>> open_partial();
  // All bytes of the clip are here: only complete() is missing.
  bool is_downloaded(const Record& record) const;
  // fsync, rename to clip_path(), then the durable record. Fills in state, size and SHA-256. `clip`
  // must come from open_partial(): open_write if its file was deleted, wrong_type if it is empty.
  Status complete(Clip& clip, const Record& record);

  // Removes the clip's files; the record stays.
  Status drop_clip();
  // The task failed or was not accepted: restores the previous finished clip, or removes the entry.
  Status give_up();
  // Removes record, clip and partial download (a reader with the clip open can still read it). The
  // entry stays locked. Broken records that were set aside are removed only on request.
  enum class SetAside { keep, remove };
  Status remove(SetAside set_aside = SetAside::keep);

 private:
  Result<Fd> locked_directory();
  Status save_anew(const Record& record);
  Result<bool> announce_first(int directory, const Record& record, const std::string& text);
  Result<bool> announce_next(const Record& record);
  // `next`: what replaces the record; none: it is removed. See save(). Where a task's record goes
  // away and the entry has no claim, the result is one for the time of the change.
  Result<std::unique_ptr<Claim>> begin_change(int directory, const Record* next = nullptr);
  Result<std::unique_ptr<Claim>> claim_for_removal();
  Result<bool> is_still_known(int directory, const Record* next);
  Error taken_over(const char* why) const;
  void note_record(int directory);
  Status remove_all(int directory, SetAside set_aside);
  Status remove_task(int directory);
  Status remove_files(int directory, std::initializer_list<const char*> names);
  Status place_clips(int directory, const Record& record);
  Status check_part(int directory, const Clip& clip) const;
  bool is_finished_by_another(int directory, const Record& record) const;
  Status claim_part();
  void release_part();
  Result<Fd> open_part_file(int directory);
  Status take_back_finished(int directory);

  std::string directory_;
  std::string key_;
  DirectoryLock lock_;
  std::optional<Record> known_;  // as it was read or written last; only this one is replaced
  std::unique_ptr<Claim> claim_;
  std::unique_ptr<Claim> part_claim_;     // of clip.part, from open_partial() on
  std::string part_name_ = partial_name;  // another one without the claim
  std::optional<PreparedFile> prepared_;  // between announce() and the next save() or give_up()
};

}  // namespace modelverse::store
