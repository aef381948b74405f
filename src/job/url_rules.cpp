// SPDX-License-Identifier: LGPL-2.1-or-later
// Rules on URLs; the parsing is GLib's.
#include "job/url_rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/uri.h"
#include "glib/handles.h"

namespace modelverse::job {

namespace {

UriPtr parse(const std::string& url) {
  UriPtr uri(g_uri_parse(url.c_str(), G_URI_FLAGS_SCHEME_NORMALIZE, nullptr));
  if (!uri)
    return nullptr;
  const std::string_view scheme = g_uri_get_scheme(uri.get());
  const char* host = g_uri_get_host(uri.get());
  if ((scheme != "http" && scheme != "https") || !host || !*host)
    return nullptr;
  return uri;
}

bool is_https(GUri* uri) {
  return std::string_view(g_uri_get_scheme(uri)) == "https";
}

using AddressPtr = ObjectPtr<GInetAddress>;

// ::ffff:127.0.0.1 is 127.0.0.1 (RFC 4291, 2.5.5.2).
AddressPtr unwrap_mapped(AddressPtr address) {
  constexpr std::array<guint8, 12> prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const auto* bytes = g_inet_address_to_bytes(address.get());
  if (g_inet_address_get_family(address.get()) != G_SOCKET_FAMILY_IPV6 ||
      !std::equal(prefix.begin(), prefix.end(), bytes))
    return address;
  return AddressPtr::adopt(
      g_inet_address_new_from_bytes(bytes + prefix.size(), G_SOCKET_FAMILY_IPV4));
}

// Also what the C library's resolver takes for an address: 127.1, 0x7f.1, 2130706433.
AddressPtr address_of(GUri* uri) {
  const char* host = g_uri_get_host(uri);
  in_addr old_form = {};
  if (inet_aton(host, &old_form) != 0)
    return AddressPtr::adopt(g_inet_address_new_from_bytes(
        reinterpret_cast<const guint8*>(&old_form.s_addr), G_SOCKET_FAMILY_IPV4));
  auto address = AddressPtr::adopt(g_inet_address_new_from_string(host));
  return address ? unwrap_mapped(std::move(address)) : address;
}

// fc00::/7 (RFC 4193), which GIO does not count among the site-local ones.
bool is_unique_local(GInetAddress* address) {
  return g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV6 &&
         (g_inet_address_to_bytes(address)[0] & 0xfe) == 0xfc;
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
         g_inet_address_get_is_multicast(inet) || is_unique_local(inet);
}

Error refuse(std::string text, const std::string& url) {
  return {.code = ErrorCode::settings, .text = std::move(text), .debug = without_secrets(url)};
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
  return std::string(origin.get());
}

Result<std::string> check_base_url(const std::string& url, bool allow_http) {
  const auto uri = parse(url);
  if (!uri)
    return refuse("base-url must be an http or https URL with a host.", url);
  if (g_uri_get_userinfo(uri.get()) || g_uri_get_query(uri.get()) || g_uri_get_fragment(uri.get()))
    return refuse("base-url must hold neither a user, nor a query, nor a fragment.", url);
  if (!is_https(uri.get()) && !is_loopback(uri.get()) && !allow_http)
    return refuse(
        "base-url is plain http: the key would travel readable. Use https, or set "
        "allow-http=true.",
        url);
  auto base = url;
  while (base.ends_with('/'))
    base.pop_back();
  return base;
}

Status check_result_link(const std::string& link, const std::string& base_url, bool allow_http) {
  const auto uri = parse(link);
  if (!uri)
    return Error{.code = ErrorCode::read,
                 .text = "The service gave a result link that is not http or https.",
                 .debug = without_secrets(link)};
  const auto base = parse(base_url);
  if (base && is_https(base.get()) && !is_https(uri.get()) && !allow_http)
    return Error{.code = ErrorCode::read,
                 .text =
                     "The service gave a result link without TLS; set allow-http=true to "
                     "fetch it all the same.",
                 .debug = without_secrets(link)};
  if (base && !is_local_network(base.get()) && is_local_network(uri.get()))
    return Error{.code = ErrorCode::read,
                 .text = "The service gave a result link into a private network.",
                 .debug = without_secrets(link)};
  return Done{};
}

std::optional<std::string> resolve_location(const std::string& url, const std::string& location) {
  const CharPtr resolved(
      g_uri_resolve_relative(url.c_str(), location.c_str(), G_URI_FLAGS_ENCODED, nullptr));
  if (!resolved)
    return std::nullopt;
  return std::string(resolved.get());
}

bool is_same_origin(const std::string& url, const std::string& other) {
  const auto origin = origin_of(url);
  return origin && origin == origin_of(other);
}

}  // namespace modelverse::job
