// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/url_rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

#include "api/printable.h"
#include "core/redact.h"
#include "glib/handles.h"
#include "glib/text.h"

namespace modelverse::job {

namespace {

UriPtr parse(const std::string& url) {
  UriPtr uri(g_uri_parse(url.c_str(), G_URI_FLAGS_SCHEME_NORMALIZE, nullptr));
  if (!uri)
    return nullptr;
  const std::string_view scheme = g_uri_get_scheme(uri.get());
  const char* host = g_uri_get_host(uri.get());
  if ((scheme != "http" && scheme != "https") || !host || !is_host(host))
    return nullptr;
  return uri;
}

bool is_https(GUri* uri) {
  return std::string_view(g_uri_get_scheme(uri)) == "https";
}

using AddressPtr = ObjectPtr<GInetAddress>;

// ::ffff:127.0.0.1 is 127.0.0.1 (RFC 4291, 2.5.5.2), and 64:ff9b::127.0.0.1 reaches it in a network
// with address translation (RFC 6052).
AddressPtr unwrap_mapped(AddressPtr address) {
  using Prefix = std::array<guint8, 12>;
  constexpr std::array prefixes = {Prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff},
                                   Prefix{0, 0x64, 0xff, 0x9b}};
  if (g_inet_address_get_family(address.get()) != G_SOCKET_FAMILY_IPV6)
    return address;
  const auto* bytes = g_inet_address_to_bytes(address.get());
  const bool is_wrapped = std::ranges::any_of(prefixes, [bytes](const Prefix& prefix) {
    return std::equal(prefix.begin(), prefix.end(), bytes);
  });
  if (!is_wrapped)
    return address;
  return AddressPtr::adopt(
      g_inet_address_new_from_bytes(bytes + std::tuple_size_v<Prefix>, G_SOCKET_FAMILY_IPV4));
}

// Without the zone, which GInetAddress rejects and a connection accepts: "::1%lo".
std::string bare_host(GUri* uri) {
  const std::string host = g_uri_get_host(uri);
  return host.find(':') == std::string::npos ? host : host.substr(0, host.find('%'));
}

// Also forms that the C library's resolver accepts as an address: 127.1, 0x7f.1, 2130706433.
AddressPtr address_of(GUri* uri) {
  const auto host = bare_host(uri);
  in_addr old_form = {};
  if (inet_aton(host.c_str(), &old_form) != 0)
    return AddressPtr::adopt(g_inet_address_new_from_bytes(
        reinterpret_cast<const guint8*>(&old_form.s_addr), G_SOCKET_FAMILY_IPV4));
  auto address = AddressPtr::adopt(g_inet_address_new_from_string(host.c_str()));
  return address ? unwrap_mapped(std::move(address)) : address;
}

// Local addresses that GIO does not report as site-local: fc00::/7 (RFC 4193); 100.64.0.0/10 (RFC
// 6598), used by some clouds for confidential metadata (100.100.100.200); 0.0.0.0/8, this host.
bool is_also_local(GInetAddress* address) {
  const auto* bytes = g_inet_address_to_bytes(address);
  if (g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV6)
    return (bytes[0] & 0xfe) == 0xfc;
  return bytes[0] == 0 || (bytes[0] == 100 && (bytes[1] & 0xc0) == 64);
}

bool is_loopback(GUri* uri) {
  const auto address = address_of(uri);
  if (address)
    return g_inet_address_get_is_loopback(address.get());
  const CharPtr lower(g_ascii_strdown(g_uri_get_host(uri), -1));
  std::string_view host = lower.get();
  if (host.ends_with('.'))
    host.remove_suffix(1);
  return host == "localhost" || host.ends_with(".localhost");
}

bool is_local_network(GUri* uri) {
  const auto address = address_of(uri);
  if (!address)
    return is_loopback(uri);
  GInetAddress* inet = address.get();
  return g_inet_address_get_is_loopback(inet) || g_inet_address_get_is_site_local(inet) ||
         g_inet_address_get_is_link_local(inet) || g_inet_address_get_is_any(inet) ||
         g_inet_address_get_is_multicast(inet) || is_also_local(inet);
}

// The first one for this URL, "direct://" without one.
std::string system_proxy(const std::string& url) {
  g_auto(GStrv) proxies =
      g_proxy_resolver_lookup(g_proxy_resolver_get_default(), url.c_str(), nullptr, nullptr);
  return proxies && *proxies ? *proxies : "direct://";
}

bool has_host(const std::string& uri) {
  char* host_out = nullptr;
  g_uri_split_network(uri.c_str(), G_URI_FLAGS_NONE, nullptr, &host_out, nullptr, nullptr);
  const CharPtr host(host_out);
  return host && is_host(host.get());
}

Error refused_url(std::string text, const std::string& url) {
  return settings_error(std::move(text), api::printable(shown_link(url)));
}

}  // namespace

std::optional<std::string> origin_of(const std::string& url) {
  const auto uri = parse(url);
  if (!uri)
    return std::nullopt;
  const int port = g_uri_get_port(uri.get());
  const bool is_default = port == (is_https(uri.get()) ? 443 : 80);
  const CharPtr origin(g_uri_join(G_URI_FLAGS_NONE, g_uri_get_scheme(uri.get()), nullptr,
                                  g_uri_get_host(uri.get()), is_default ? -1 : port, "", nullptr,
                                  nullptr));
  return std::string(CharPtr(g_ascii_strdown(origin.get(), -1)).get());
}

Result<std::string> check_base_url(const std::string& given, bool allow_http) {
  const auto url = sendable_url(given);
  const auto uri = parse(url);
  if (!uri)
    return refused_url(_("base-url must be an http or https URL with a host."), url);
  if (g_uri_get_userinfo(uri.get()) || g_uri_get_query(uri.get()) || g_uri_get_fragment(uri.get()))
    return refused_url(_("base-url must not contain a user, a query or a fragment."), url);
  if (!is_https(uri.get()) && !is_loopback(uri.get()) && !allow_http)
    return refused_url(
        _("base-url is plain http: the key would be sent unencrypted. Use https, or set "
          "allow-http=true."),
        url);
  auto base = url;
  while (base.ends_with('/'))
    base.pop_back();
  return base;
}

Status check_proxy(const std::string& base_url, const std::string& proxy, bool allow_http) {
  // Not told: it may contain a password.
  if (!proxy.empty() && !has_host(proxy))
    return settings_error(_("proxy must be a URI with a host, such as http://proxy.example:3128."),
                          "no host in it", "proxy");
  const auto base = parse(base_url);
  if (allow_http || !base || is_https(base.get()) || !is_loopback(base.get()))
    return Done{};
  const auto used = proxy.empty() ? system_proxy(base_url) : proxy;
  const UriPtr uri(g_uri_parse(used.c_str(), G_URI_FLAGS_NONE, nullptr));
  const char* host = uri ? g_uri_get_host(uri.get()) : nullptr;
  if (!host || !*host || is_loopback(uri.get()))
    return Done{};
  return settings_error(
      format_text(_("base-url is plain http: the key would be sent unencrypted to the proxy %s. "
                    "Unset proxy, add the host of base-url to no_proxy, or set allow-http=true."),
                  api::printable(host).c_str()),
      "a proxy for loopback", "base-url");
}

Status check_result_link(const std::string& link, const std::string& base_url, bool allow_http) {
  const auto uri = parse(link);
  if (!uri)
    return Error{.code = ErrorCode::read,
                 .text = _("The service gave a result link that is not http or https."),
                 .debug = api::printable(shown_link(link))};
  const auto base = parse(base_url);
  if (base && is_https(base.get()) && !is_https(uri.get()) && !allow_http)
    return Error{.code = ErrorCode::read,
                 .text = _("The service gave a result link without TLS; set allow-http=true to "
                           "download it anyway."),
                 .debug = api::printable(shown_link(link))};
  if (base && !is_local_network(base.get()) && is_local_network(uri.get()))
    return Error{.code = ErrorCode::read,
                 .text = _("The service gave a result link into a private network, which is not "
                           "followed if base-url is public."),
                 .debug = api::printable(shown_link(link))};
  return Done{};
}

std::string sendable_url(std::string_view url) {
  constexpr std::string_view spaces = " \t\r\n";
  const auto start = std::min(url.find_first_not_of(spaces), url.size());
  url = url.substr(start, url.find_last_not_of(spaces) + 1 - start);
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string sendable;
  for (const char letter : url) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte > ' ' && byte < 0x7f)
      sendable += letter;
    else
      (sendable += {'%', digits[byte >> 4], digits[byte & 0xf]});
  }
  return sendable;
}

std::optional<std::string> resolve_location(const std::string& url, const std::string& location) {
  const UriPtr base(g_uri_parse(url.c_str(), G_URI_FLAGS_ENCODED, nullptr));
  const UriPtr resolved(base ? g_uri_parse_relative(base.get(), sendable_url(location).c_str(),
                                                    G_URI_FLAGS_ENCODED, nullptr)
                             : nullptr);
  // "x:/.//y": GLib parses it, but g_uri_to_string() reports a programming error for it.
  const bool has_place =
      resolved && (g_uri_get_host(resolved.get()) ||
                   !std::string_view(g_uri_get_path(resolved.get())).starts_with("//"));
  if (!has_place)
    return std::nullopt;
  return std::string(CharPtr(g_uri_to_string(resolved.get())).get());
}

bool is_loopback_url(const std::string& url) {
  const auto uri = parse(url);
  return uri && is_loopback(uri.get());
}

bool is_same_origin(const std::string& url, const std::string& other) {
  const auto origin = origin_of(url);
  return origin && origin == origin_of(other);
}

}  // namespace modelverse::job
