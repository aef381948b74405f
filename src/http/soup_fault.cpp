// SPDX-License-Identifier: LGPL-2.1-or-later
// GIO's messages contain hosts and causes, never a header. The message about an unusable proxy may
// contain the proxy's URI.
#include "http/soup_fault.h"

#include <libsoup/soup.h>

#include <utility>

#include "core/redact.h"
#include "glib/text.h"

namespace modelverse::http {
namespace {

FaultKind kind_of_io(int code, const Stage& stage) {
  switch (code) {
    case G_IO_ERROR_CONNECTION_REFUSED:
      return FaultKind::refused;
    case G_IO_ERROR_HOST_NOT_FOUND:
      return FaultKind::name_not_found;
    case G_IO_ERROR_TIMED_OUT:
      return FaultKind::timed_out;
    case G_IO_ERROR_INVALID_ARGUMENT:
    case G_IO_ERROR_INVALID_DATA:
      return FaultKind::protocol;
    case G_IO_ERROR_PARTIAL_INPUT:
      return stage.has_headers ? FaultKind::early_close : FaultKind::reset;
    case G_IO_ERROR_CONNECTION_CLOSED:
    case G_IO_ERROR_CLOSED:
    case G_IO_ERROR_NOT_CONNECTED:
      return FaultKind::reset;
    default:
      return stage.is_connected ? FaultKind::reset : FaultKind::unreachable;
  }
}

// A peer that closes the connection, or a broken record on an established connection, is a
// connection fault. GIO reports NOT_TLS for a connection that broke in the handshake
// (glib-networking 2.74), and MISC for a peer that does not use TLS.
FaultKind kind_of_tls(int code, const Stage& stage) {
  const bool is_broken =
      code == G_TLS_ERROR_EOF || code == G_TLS_ERROR_NOT_TLS || stage.is_connected;
  return is_broken ? FaultKind::reset : FaultKind::tls;
}

FaultKind kind_of(const GError& error, const Stage& stage) {
  FaultKind kind = stage.is_connected ? FaultKind::reset : FaultKind::unreachable;
  if (error.domain == G_IO_ERROR)
    kind = kind_of_io(error.code, stage);
  else if (error.domain == G_TLS_ERROR)
    kind = kind_of_tls(error.code, stage);
  else if (error.domain == G_RESOLVER_ERROR)
    kind = FaultKind::name_not_found;
  else if (error.domain == SOUP_SESSION_ERROR)
    kind = FaultKind::protocol;
  const bool is_route = kind == FaultKind::refused || kind == FaultKind::name_not_found;
  return stage.is_proxied && is_route ? FaultKind::unreachable : kind;
}

std::string certificate_reasons(GTlsCertificateFlags flags) {
  constexpr std::pair<GTlsCertificateFlags, const char*> reasons[] = {
      // Translators: completes "the certificate is", alone or in a list.
      {G_TLS_CERTIFICATE_UNKNOWN_CA, N_("signed by an untrusted authority")},
      {G_TLS_CERTIFICATE_BAD_IDENTITY, N_("issued for another host")},
      {G_TLS_CERTIFICATE_NOT_ACTIVATED, N_("not valid yet")},
      {G_TLS_CERTIFICATE_EXPIRED, N_("expired")},
      {G_TLS_CERTIFICATE_REVOKED, N_("revoked")},
      {G_TLS_CERTIFICATE_INSECURE, N_("signed with an insecure algorithm")},
      {G_TLS_CERTIFICATE_GENERIC_ERROR, N_("not valid")},
  };
  std::string text;
  for (const auto& [flag, reason] : reasons) {
    if ((flags & flag) != 0)
      // Translators: between the items of a list.
      text += (text.empty() ? "" : _(", ")) + std::string(_(reason));
  }
  return text;
}

std::string untrusted_text(const std::string& host, const std::string& cause,
                           const std::string& reasons) {
  if (reasons.empty())
    return format_text(_("No trusted TLS connection to %s: %s"), host.c_str(), cause.c_str());
  return format_text(_("No trusted TLS connection to %s: %s (the certificate is %s)"), host.c_str(),
                     cause.c_str(), reasons.c_str());
}

std::string text_of(FaultKind kind, const GError& error, const Stage& stage) {
  const std::string& host = stage.host;
  const std::string cause = without_links(error.message ? error.message : "");
  switch (kind) {
    case FaultKind::name_not_found:
      return "Could not resolve " + host + ": " + cause;
    case FaultKind::refused:
      return "Could not connect to " + host + ": Connection refused";
    case FaultKind::unreachable:
      return format_text(stage.is_proxied ? _("Could not reach %s through the proxy: %s")
                                          : _("Could not reach %s: %s"),
                         host.c_str(), cause.c_str());
    case FaultKind::tls:
      return untrusted_text(host, cause, certificate_reasons(stage.certificate_errors));
    case FaultKind::timed_out:
      return host + " sent no data for too long";
    case FaultKind::reset:
      return "The connection to " + host + " broke: " + cause;
    case FaultKind::early_close:
      return host + " ended its response too early";
    case FaultKind::protocol:
      return "The exchange with " + host + " is not valid HTTP: " + cause;
    case FaultKind::sink:
    case FaultKind::too_many_files:
    case FaultKind::cancelled:
      break;
  }
  return "The exchange with " + host + " was ended";
}

}  // namespace

Fault make_fault(FaultKind kind, const Stage& stage, std::string text) {
  return Fault{kind, stage.is_request_sent, std::move(text)};
}

Fault fault_from(const GError& error, const Stage& stage) {
  const FaultKind kind = kind_of(error, stage);
  return make_fault(kind, stage, text_of(kind, error, stage));
}

}  // namespace modelverse::http
