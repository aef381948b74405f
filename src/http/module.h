// SPDX-License-Identifier: LGPL-2.1-or-later
// The libsoup implementation of Transport is a separate shared object, opened when the first job
// needs the network: while libsoup 3 is loaded, it ends a process that has libsoup 2, so a plugin
// that links it cannot check first. A process that only plays cached clips does not load it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/transport.h"

namespace modelverse::http {

// The result of the module's one function.
struct Module {
  const char* interface_id;  // first: the other members are valid only if it is the caller's
  std::unique_ptr<Transport> (*make_transport)(TransportOptions options);
};
inline constexpr const char* module_entry = "modelverse_http_module";
using ModuleEntry = const Module* (*)();

// Possible paths of the module, the best first: relative to the plugin's file, as installed and as
// built, then the configured install path.
std::vector<std::string> module_paths();

// Opens the first of `paths` that exists and belongs to root, to this user or to the plugin's
// owner. It is never closed: libsoup's types cannot be unregistered. Errors: settings (it cannot be
// loaded, or is of another build).
Result<const Module*> open_module(const std::vector<std::string>& paths);

// Opens the module, once per process. Errors: settings (also if the process uses libsoup 2),
// too_many_files.
Result<std::unique_ptr<Transport>> make_transport(TransportOptions options);

}  // namespace modelverse::http
