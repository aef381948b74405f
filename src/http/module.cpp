// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds and opens the HTTP module.
#include "http/module.h"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/guarded.h"
#include "http/interface_id.h"

namespace modelverse::http {
namespace {

namespace fs = std::filesystem;

constexpr const char* file_name = "modelverse-http.so";
// Seen from the plugin's directory: as installed, and in the build directory.
constexpr std::array relative_directories = {"../gst-modelverse", "../src/http"};

// The file that holds this code, its links resolved: a plugin directory may hold a link to it.
fs::path own_file() {
  Dl_info info = {};
  if (dladdr(reinterpret_cast<void*>(&own_file), &info) == 0 || !info.dli_fname)
    return {};
  std::error_code failed;
  return fs::canonical(info.dli_fname, failed);
}

// By its name as well, since the symbols of what was opened with RTLD_LOCAL cannot be looked up.
// Each libsoup looks for the other with the symbol alone.
bool holds_libsoup2() {
  if (auto* loaded = dlopen("libsoup-2.4.so.1", RTLD_LAZY | RTLD_NOLOAD)) {
    dlclose(loaded);
    return true;
  }
  return dlsym(RTLD_DEFAULT, "soup_uri_new") != nullptr;
}

// The directory beside the plugin's may be one in which others can write, such as /tmp.
bool is_trusted(const std::string& path) {
  struct stat module = {};
  struct stat own = {};
  return stat(path.c_str(), &module) == 0 &&
         (module.st_uid == 0 || module.st_uid == geteuid() ||
          (stat(own_file().c_str(), &own) == 0 && module.st_uid == own.st_uid));
}

// The loader's text names the path.
Error unusable(const std::string& why) {
  return {.code = ErrorCode::settings,
          .text = "The network module of the ModelVerse plugin cannot be used: " + why + ".",
          .debug = "this plugin is " MODELVERSE_INTERFACE_ID};
}

Error no_descriptor(std::string debug) {
  return {.code = ErrorCode::too_many_files,
          .text =
              "Too many open files: no connection can be made. Raise the limit of open files "
              "(ulimit -n) or run fewer elements.",
          .debug = std::move(debug)};
}

Error libsoup2_error() {
  return {.code = ErrorCode::settings,
          .text =
              "This process uses libsoup 2, and the ModelVerse plugin reaches the network with "
              "libsoup 3: the two cannot be in one process. Clips that are in the cache can "
              "still be played.",
          .debug = "libsoup-2.4.so.1 is loaded"};
}

// The process's one.
Result<const Module*> opened_module() {
  // Never freed: a job may outlive the static destructors.
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
    auto* handle = dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    // dlopen() leaves errno as open() set it.
    if (!handle && (errno == EMFILE || errno == ENFILE))
      return no_descriptor(dlerror());
    auto* entry = handle ? reinterpret_cast<ModuleEntry>(dlsym(handle, module_entry)) : nullptr;
    if (!entry)
      return unusable(dlerror());
    const auto* module = entry();
    if (std::string(module->interface_id) != MODELVERSE_INTERFACE_ID)
      return unusable(path + " is of another build (" + module->interface_id +
                      "). Install the plugin again");
    return module;
  }
  return unusable(paths.back() + " is not there. Install the plugin again");
}

Result<std::unique_ptr<Transport>> make_transport(TransportOptions options) {
  // Each time: of two libsoups the one that registers its types first works, the other does not.
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
