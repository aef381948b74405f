// SPDX-License-Identifier: LGPL-2.1-or-later
// What a GError from libsoup means for an exchange, and in which words it is told.
#pragma once

#include <gio/gio.h>

#include <string>

#include "http/transport.h"

namespace modelverse::http {

// How far the exchange had come.
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
