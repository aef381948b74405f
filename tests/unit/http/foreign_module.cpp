// SPDX-License-Identifier: LGPL-2.1-or-later
// An HTTP module of another build: it loads, and must not be used.
#include "http/module.h"

extern "C" [[gnu::visibility("default")]] const modelverse::http::Module* modelverse_http_module() {
  static constexpr modelverse::http::Module module = {.interface_id = "0.0.0 another",
                                                      .make_transport = nullptr};
  return &module;
}
