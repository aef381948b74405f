// SPDX-License-Identifier: LGPL-2.1-or-later
// Turns the partial download into the finished clip and its record.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "glib/text.h"
#include "store/clip_check.h"
#include "store/entry.h"
#include "store/previous.h"
#include "store/record_file.h"

namespace modelverse::store {
namespace {

Result<Record> finished_record(Record record, Clip& clip) {
  Result<std::string> sha256 = clip.sha256();
  if (!sha256)
    return std::move(sha256).error();
  record.state = RecordState::complete;
  record.size = clip.available();
  record.sha256 = std::move(sha256).value();
  return record;
}

}  // namespace

Status Entry::check_part(int directory, const Clip& clip) const {
  struct stat info;
  if (::fstatat(directory, part_name_.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
    return io_error(ErrorCode::open_write, "fstatat", partial_path(), errno);
  if (!clip.is_file(info))
    return io_error(ErrorCode::open_write, "fstatat", partial_path(), ESTALE);
  if (clip.available() == 0)
    return damaged_clip(_("it is empty"), "complete() of 0 bytes");
  return Done{};
}

// Where locks are not shared, another machine may have fetched the clip of this task too.
bool Entry::is_finished_by_another(int directory, const Record& record) const {
  return known_ && known_->state == RecordState::complete && known_->task_id == record.task_id &&
         known_->sha256 == record.sha256 && is_there(directory, clip_name);
}

Status Entry::complete(Clip& clip, const Record& record) {
  Result<Fd> directory = locked_directory();
  if (!directory)
    return std::move(directory).error();
  if (Status checked = check_part(directory->get(), clip); !checked)
    return checked;
  Result<Record> finished = finished_record(record, clip);
  if (!finished)
    return std::move(finished).error();
  if (const auto text = record_text(*finished, key_); !text)
    return text.error();
  if (Status synced = clip.sync(); !synced)
    return synced;
  if (const auto begun = begin_change(directory->get(), &*finished); !begun)
    return begun.error();
  if (is_finished_by_another(directory->get(), *finished)) {
    ::unlinkat(directory->get(), part_name_.c_str(), 0);
    return Done{};
  }
  // Needed only if an earlier save() of this task failed.
  if (Status placed = place_clips(directory->get(), *finished); !placed)
    return placed;
  if (Status renamed = rename_file(directory->get(), part_name_, clip_name, directory_); !renamed)
    return renamed;
  if (Status synced = sync_directory(directory->get(), directory_); !synced)
    return synced;
  struct stat info;
  if (::fstatat(directory->get(), clip_name, &info, AT_SYMLINK_NOFOLLOW) == 0)
    finished->clip_time = modification_time(info);
  if (Status written = write_record(directory->get(), directory_, *finished); !written)
    return written;
  known_ = std::move(finished).value();
  drop_previous(directory->get());
  part_name_ = partial_name;  // its file has the clip's name now
  release_part();
  return Done{};
}

}  // namespace modelverse::store
