// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/user_models.h"

#include <glib.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstddef>
#include <utility>

#include "glib/environment.h"
#include "glib/file.h"
#include "glib/text.h"
#include "store/io.h"

namespace modelverse::job {

namespace {

constexpr std::size_t max_file_bytes = 1 << 20;

constexpr const char* file_variable = "MODELVERSE_MODELS_FILE";

// `why` is marked for translation.
Error unusable_list(const std::string& path, const char* why) {
  return settings_error(
      format_text(_("The list of models cannot be used: %s: %s."), path.c_str(), _(why)),
      std::string("load_models: ") + why);
}

Result<std::string> read_text(const Fd& file, const std::string& path) {
  struct stat status = {};
  if (fstat(file.get(), &status) != 0)
    return store::io_error(ErrorCode::open_read, "fstat", path, errno);
  if (!S_ISREG(status.st_mode))
    return unusable_list(path, N_("it is not a regular file"));
  auto text = read_file(file.get(), max_file_bytes + 1);
  if (!text)
    return store::io_error(ErrorCode::open_read, "read", path, errno);
  if (text->size() > max_file_bytes)
    return unusable_list(path, N_("it is larger than 1 MiB"));
  return *std::move(text);
}

std::shared_ptr<const api::Models> only_built_in() {
  // The built-in list is static: no owner needed.
  return {std::shared_ptr<void>(), &api::Models::built_in()};
}

}  // namespace

std::string models_file() {
  return environment(file_variable,
                     std::string(g_get_user_config_dir()) + "/gst-modelverse/models.json");
}

Result<std::shared_ptr<const api::Models>> load_models() {
  const auto path = models_file();
  const auto file = open_for_reading(path);
  const int error = errno;
  const bool is_named = !environment(file_variable).empty();
  if (!file && !is_named && (error == ENOENT || error == ENOTDIR))
    return only_built_in();
  if (!file)
    return store::io_error(ErrorCode::open_read, "open", path, error);
  auto text = read_text(file, path);
  if (!text)
    return std::move(text).error();
  auto models = api::Models::with_rows_of(*text, path);
  if (!models)
    return std::move(models).error();
  return std::shared_ptr<const api::Models>(
      std::make_shared<api::Models>(std::move(models).value()));
}

}  // namespace modelverse::job
