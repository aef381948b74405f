// SPDX-License-Identifier: LGPL-2.1-or-later
// The libsoup implementation of Transport is a shared object of its own, opened when the first job
// needs the network: libsoup 3 ends a process that holds libsoup 2 while it is being loaded, so a
// plugin that links it can neither look nor decline. A process that plays kept clips loads neither.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/transport.h"

namespace modelverse::http {

// What the module's one function returns.
struct Module {
  const char* interface_id;  // first: what follows can be read only where it is the caller's own
  std::unique_ptr<Transport> (*make_transport)(TransportOptions options);
};
inline constexpr const char* module_entry = "modelverse_http_module";
using ModuleEntry = const Module* (*)();

// Where the module may be, the best place first: seen from the plugin's own file, as installed and
// as built, and where it was configured to be installed.
std::vector<std::string> module_paths();

// Opens the first of `paths` that is there and belongs to root, to this user or to the plugin's
// owner. It is never closed: libsoup's types cannot be
// unregistered. Errors: settings (it cannot be loaded, or is not of this build).
Result<const Module*> open_module(const std::vector<std::string>& paths);

// Opens the module, once in a process. Errors: settings (also where the process holds libsoup 2).
Result<std::unique_ptr<Transport>> make_transport(TransportOptions options);

}  // namespace modelverse::http
