// SPDX-License-Identifier: LGPL-2.1-or-later
// Maps a GError of libsoup to a Fault and its text.
#pragma once

#include <gio/gio.h>

#include <string>

#include "http/transport.h"

namespace modelverse::http {

// The progress of the exchange at the time of the fault.
struct Stage {
  std::string host;
  bool is_connected = false;  // TLS included
  bool is_request_sent = false;
  bool has_headers = false;
  bool is_proxied = false;  // through the proxy of TransportOptions or of the system
  GTlsCertificateFlags certificate_errors = {};
};

Fault make_fault(FaultKind kind, const Stage& stage, std::string text);
Fault fault_from(const GError& error, const Stage& stage);

}  // namespace modelverse::http
