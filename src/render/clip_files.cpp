// SPDX-License-Identifier: LGPL-2.1-or-later
// link(2), else GIO's copy, then rename.
#include "render/clip_files.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "glib/handles.h"
#include "glib/random.h"
#include "glib/text.h"

namespace modelverse::render {

namespace {

Error is_gone(const std::string& path) {
  return {.code = ErrorCode::not_found,
          .text = _("The clip is not in the cache: is the disk full?"),
          .debug = path};
}

Error cannot_write(const std::string& path, int error_number) {
  return {.code = ErrorCode::open_write,
          .text = format_text(_("Cannot write %s: %s."), path.c_str(), g_strerror(error_number)),
          .debug = "put_clip"};
}

bool is_same(const std::string& one, const std::string& other) {
  struct stat a = {}, b = {};
  return stat(one.c_str(), &a) == 0 && lstat(other.c_str(), &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

Status copy(const std::string& from, const std::string& to) {
  const auto source = ObjectPtr<GFile>::adopt(g_file_new_for_path(from.c_str()));
  const auto target = ObjectPtr<GFile>::adopt(g_file_new_for_path(to.c_str()));
  ErrorSlot error;
  if (g_file_copy(source.get(), target.get(), G_FILE_COPY_OVERWRITE, nullptr, nullptr, nullptr,
                  error.out()))
    return Done{};
  g_unlink(to.c_str());
  return Error{.code = ErrorCode::open_write,
               .text = format_text(_("Cannot write a clip: %s."), error.message()),
               .debug = to};
}

// A change in place would damage the clip in the cache, which may be the only one.
void protect(const std::string& path) {
  constexpr mode_t may_write = 0222;
  struct stat info = {};
  if (stat(path.c_str(), &info) == 0)
    (void)g_chmod(path.c_str(), static_cast<int>(info.st_mode & 07777 & ~may_write));
}

}  // namespace

Status put_clip(const std::string& from, const std::string& to) {
  if (is_same(from, to))
    return Done{};
  if (!g_file_test(from.c_str(), G_FILE_TEST_IS_REGULAR))
    return is_gone(from);
  // Two shards may make the same shot, and give it its name at the same time.
  const auto fresh = beside(to, (".part-" + random_hex(8)).c_str());
  if (link(from.c_str(), fresh.c_str()) == 0) {
    protect(fresh);
  } else {
    // A file system may not have hard links, or refuse one of another user's file.
    if (auto copied = copy(from, fresh); !copied)
      return copied;
  }
  const bool is_placed = g_rename(fresh.c_str(), to.c_str()) == 0;
  const int error_number = errno;
  // rename(2) leaves it if both are links of one file by now.
  g_unlink(fresh.c_str());
  return is_placed ? Status(Done{}) : Status(cannot_write(to, error_number));
}

Status make_directory(const std::string& path) {
  constexpr int mode = 0755;
  if (g_mkdir_with_parents(path.c_str(), mode) != 0)
    return cannot_write(path, errno);
  auto trial = path + "/.modelverse-render.XXXXXX";
  const int descriptor = g_mkstemp(trial.data());
  if (descriptor < 0)
    return cannot_write(path, errno);
  close(descriptor);
  g_unlink(trial.c_str());
  return Done{};
}

std::string beside(const std::string& path, const char* ending) {
  const CharPtr directory(g_path_get_dirname(path.c_str()));
  const CharPtr name(g_path_get_basename(path.c_str()));
  return std::string(directory.get()) + "/." + name.get() + ending;
}

std::string file_uri(const std::string& path) {
  const CharPtr uri(gst_filename_to_uri(path.c_str(), nullptr));
  return uri ? uri.get() : "";
}

}  // namespace modelverse::render
