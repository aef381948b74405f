// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/module.h"

#include <dlfcn.h>
#include <gmodule.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/guarded.h"
#include "glib/file.h"
#include "glib/handles.h"
#include "glib/text.h"
#include "http/interface_id.h"

namespace modelverse::http {
namespace {

namespace fs = std::filesystem;

constexpr const char* file_name = "modelverse-http.so";
// Relative to the plugin's directory: as installed, and in the build directory.
constexpr std::array relative_directories = {"../gst-modelverse", "../src/http"};

// The file of this code, with symlinks resolved: a plugin directory may contain a symlink to it.
fs::path own_file() {
  Dl_info info = {};
  if (dladdr(reinterpret_cast<void*>(&own_file), &info) == 0 || !info.dli_fname)
    return {};
  std::error_code failed;
  return fs::canonical(info.dli_fname, failed);
}

// By the library's name, not by a symbol as each libsoup looks for the other: symbols of a library
// opened with RTLD_LOCAL cannot be looked up, and dlsym() keeps the text of its failure in memory.
bool holds_libsoup2() {
  auto* loaded = dlopen("libsoup-2.4.so.1", RTLD_LAZY | RTLD_NOLOAD);
  if (loaded)
    dlclose(loaded);
  return loaded != nullptr;
}

// Other users may be able to write to the directory beside the plugin's, such as /tmp.
bool is_trusted(const std::string& path) {
  struct stat own = {};
  const bool has_owner = stat(own_file().c_str(), &own) == 0;
  const auto is_safe = [&](const fs::path& file) {
    struct stat info = {};
    return stat(file.c_str(), &info) == 0 && (info.st_mode & S_IWOTH) == 0 &&
           (info.st_uid == 0 || info.st_uid == geteuid() ||
            (has_owner && info.st_uid == own.st_uid));
  };
  return is_safe(path) && is_safe(fs::path(path).parent_path());
}

Error unusable(std::string text) {
  return settings_error(std::move(text), "this plugin is " MODELVERSE_INTERFACE_ID);
}

// The loader's error text contains the path.
Error not_loadable(const std::string& why) {
  return unusable(
      format_text(_("Cannot load the network module of the ModelVerse plugin: %s."), why.c_str()));
}

Error built_otherwise(const std::string& path, const char* interface_id) {
  return unusable(format_text(
      _("Cannot load the network module of the ModelVerse plugin: %s is from another build (%s). "
        "Install the plugin again."),
      path.c_str(), interface_id));
}

Error missing_module(const std::string& path) {
  return unusable(format_text(
      _("Cannot load the network module of the ModelVerse plugin: %s does not exist. Install the "
        "plugin again."),
      path.c_str()));
}

Error no_descriptor(std::string debug) {
  return {.code = ErrorCode::too_many_files,
          .text = _("Too many open files: cannot make a connection. Raise the limit of open files "
                    "(ulimit -n) or run fewer elements."),
          .debug = std::move(debug)};
}

// The loader tells of a missing one in its text only: errno is sometimes 0 (glibc 2.36).
bool is_a_descriptor_left() {
  const auto trial = open_for_reading("/");
  return trial || (errno != EMFILE && errno != ENFILE);
}

Error libsoup2_error() {
  return settings_error(
      _("This process uses libsoup 2, and the ModelVerse plugin uses libsoup 3: one process "
        "cannot use both. Only cached clips can be played."),
      "libsoup-2.4.so.1 is loaded");
}

// One per process.
Result<const Module*> opened_module() {
  // Never freed: a job may outlive static destructors.
  static auto* opened = new Guarded<const Module*>{};
  auto module = opened->lock();
  if (!*module) {
    const auto found = open_module(module_paths());
    if (!found)
      return found.error();
    *module = found.value();
  }
  return *module;
}

}  // namespace

std::vector<std::string> module_paths() {
  std::vector<std::string> paths;
  if (const auto own = own_file(); !own.empty()) {
    for (const char* directory : relative_directories)
      paths.push_back((own.parent_path() / directory / file_name).lexically_normal());
  }
  paths.push_back(fs::path(MODELVERSE_MODULE_DIRECTORY) / file_name);
  return paths;
}

Result<const Module*> open_module(const std::vector<std::string>& paths) {
  for (const auto& path : paths) {
    if (!is_trusted(path))
      continue;
    ErrorSlot error;
    // Not dlopen(): libsoup's constructor takes GModule's lock, and would do so with the loader's
    // lock held. g_module_symbol(), which Python calls all the time, takes them the other way
    // round.
    auto* handle = g_module_open_full(
        path.c_str(), static_cast<GModuleFlags>(G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL),
        error.out());
    if (!handle)
      return is_a_descriptor_left() ? not_loadable(error.message())
                                    : no_descriptor(error.message());
    g_module_make_resident(handle);
    gpointer entry = nullptr;
    if (!g_module_symbol(handle, module_entry, &entry))
      return not_loadable(g_module_error());
    const auto* module = reinterpret_cast<ModuleEntry>(entry)();
    if (std::string(module->interface_id) != MODELVERSE_INTERFACE_ID)
      return built_otherwise(path, module->interface_id);
    return module;
  }
  return missing_module(paths.back());
}

Result<std::unique_ptr<Transport>> make_transport(TransportOptions options) {
  // Checked each time: of two libsoups, only the one that registers its types first works.
  if (holds_libsoup2())
    return libsoup2_error();
  const auto module = opened_module();
  if (!module)
    return module.error();
  auto transport = module.value()->make_transport(std::move(options));
  if (!transport)
    return no_descriptor("no descriptor for a main context");
  return transport;
}

}  // namespace modelverse::http
