// SPDX-License-Identifier: LGPL-2.1-or-later
// One key's directory on disk.
//
//   <cache-dir>/<key>/lock         flock(2): who holds it works on the entry
//   <cache-dir>/<key>/waiting      shared by those who wait for the lock; there now and then
//   <cache-dir>/<key>/record.json  see api/record_json.h; its modification time is when the clip
//                                  was last used
//   <cache-dir>/<key>/clip.part    the download so far
//   <cache-dir>/<key>/clip.mp4     the whole clip, once the record says complete
//   <cache-dir>/<key>/record.json.broken-<n>  set aside, never deleted unless that is asked for
//
// Directories are 0700, files 0600. Writes that something relies on are durable when the call
// returns: write, fsync, rename, fsync of the directory. No symbolic link in the directory or in
// its place is followed.
//
// What a crash leaves, and how it is read:
//   record.json.new, record.json.next      an unfinished save(): the record of before counts
//   record submitted, clip.part            the download goes on from the part's length; from the
//                                          start where the part is older than the machine's boot,
//                                          or newer than now
//   record submitted, clip.mp4, no part    complete() was cut short between its rename and its
//                                          record: open_partial() takes the file back, whole
//   record complete, clip.mp4              finished
//   record complete, no clip.mp4           remove() was cut short: open_clip() says not_found
//   record complete, clip.previous         save() or give_up() was cut short: open_clip() takes it
//   no record, no clip                     nothing was submitted
//   record unfinished, clip.previous       a task that may take the place of a finished clip
// So that a clip is never taken for another task's, save() of a `submitting` record first removes
// clip.part; and it puts a finished clip that is to be replaced aside as clip.previous, its record
// as record.previous.json. complete() removes these two, give_up() puts them back.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

#include "core/record.h"
#include "core/result.h"
#include "store/clip.h"
#include "store/lock.h"
#include "store/prepared_record.h"

namespace modelverse::store {

inline constexpr const char* clip_name = "clip.mp4";
inline constexpr const char* partial_name = "clip.part";

// Methods that write need the lock; readers of a complete clip do not. One thread at a time.
class Entry {
 public:
  // `directory` is the entry's own: <cache-dir>/<key>.
  Entry(std::string directory, std::string key);
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  const std::string& key() const { return key_; }
  const std::string& directory() const { return directory_; }
  std::string clip_path() const;
  std::string partial_path() const;

  // True: the entry is ours until unlock() or destruction. False: somebody else works on it, in
  // this process or another. Error: the directory cannot be made or written (open_write).
  // With Missing::leave, a directory that is not there is not made: false.
  Result<bool> try_lock(DirectoryLock::Missing missing = DirectoryLock::Missing::make);
  // As try_lock(Missing::leave), but that a moment's lock of somebody who only looks does not
  // count.
  Result<bool> lock_soon() { return lock_.take_soon(DirectoryLock::Missing::leave); }
  // See DirectoryLock.
  void announce_waiting() { lock_.announce_waiting(); }
  bool is_waited_for() const { return lock_.is_waited_for(); }
  // A directory in which nothing was written down goes.
  void unlock() { lock_.release(); }
  bool is_locked() const { return lock_.is_held(); }

  struct Loaded {
    std::optional<Record> record;
    // A broken or foreign record was renamed to record.json.broken-<n>: what to warn of. `record`
    // is what could be salvaged of it.
    std::string set_aside;
  };
  // Error only where the file is there and cannot be read, or not be set aside. Setting aside needs
  // the lock; without it a broken record is left where it is.
  Result<Loaded> load();
  // For one who cannot lock it: nothing also where this user may not even look, since nothing there
  // is his.
  Result<std::optional<Record>> peek() const;
  // The finished clip that stands aside while another takes its place.
  std::optional<Record> previous() const;
  // Its bytes, where they stay.
  Result<std::shared_ptr<Clip>> open_previous(const Record& record) const;

  // Durable when it returns. The key is filled in. A record that could not be read again is
  // refused and the one before kept. Where the directory was deleted under us it is made
  // and locked anew; an error (open_write) where somebody else has locked it meanwhile.
  Status save(const Record& record);
  // save() of a `submitting` record that takes along what the next save() or give_up() needs:
  // descriptors, and room on the disk for a record with an id. What happens meanwhile to the
  // process's descriptors or to the disk cannot cost the id of a paid task then.
  Status announce(const Record& record);

  // The whole clip, checked against the record as clip_check.h says (a mismatch is an error,
  // wrong_type; a missing file is not_found). Marks the entry as used now, for eviction. `record`
  // must be complete.
  Result<std::shared_ptr<Clip>> open_clip(const Record& record);

  // The partial download: what is there already counts as available; nothing there: an empty one.
  Result<std::shared_ptr<Clip>> open_partial();
  // fsync, rename to clip_path(), then the record durable. State, size and SHA-256 are filled in.
  // `clip` must be the one of open_partial(): an error (open_write) where its file was deleted,
  // wrong_type where it is empty.
  Status complete(Clip& clip, const Record& record);

  // The clip is worth nothing: its files go, the record stays.
  Status drop_clip();
  // The task came to nothing: the finished clip of before it comes back, else the entry is removed.
  Status give_up();
  // The entry is forgotten: record, clip and partial go (readers that have the clip open keep it).
  // The lock stays ours. Records that were set aside go where that is asked for only.
  enum class SetAside { keep, remove };
  Status remove(SetAside set_aside = SetAside::keep);

 private:
  Result<Fd> locked_directory();
  Status withdraw(const Fd& directory);
  Status save_anew(const Record& record);
  bool save_prepared(const Record& record);
  Status remove_all(int directory, SetAside set_aside);
  Status remove_files(int directory, std::initializer_list<const char*> names);
  Status place_clips(int directory, const Record& record);
  Status check_part(int directory, const Clip& clip) const;
  Result<Fd> open_part_file(int directory);
  Status take_back_finished(int directory);

  std::string directory_;
  std::string key_;
  DirectoryLock lock_;
  std::optional<PreparedRecord> prepared_;  // between announce() and what follows it
};

}  // namespace modelverse::store
