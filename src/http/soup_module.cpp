// SPDX-License-Identifier: LGPL-2.1-or-later
// The only function that the HTTP module exports.
#include "http/interface_id.h"
#include "http/module.h"

extern "C" [[gnu::visibility("default")]] const modelverse::http::Module* modelverse_http_module() {
  static constexpr modelverse::http::Module module = {
      .interface_id = MODELVERSE_INTERFACE_ID,
      .make_transport = modelverse::http::make_soup_transport,
  };
  return &module;
}
