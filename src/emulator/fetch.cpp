// SPDX-License-Identifier: LGPL-2.1-or-later
// Fetching over HTTP, from loopback only.
#include "emulator/fetch.h"

#include <libsoup/soup.h>

#include <vector>

namespace emulator {
namespace {

constexpr std::size_t max_size = 64 << 20;
constexpr guint timeout_seconds = 10;

std::variant<Blob, std::string> read_all(GInputStream* stream) {
  using ByteArrayPtr = std::unique_ptr<GByteArray, Release<g_byte_array_unref>>;
  ByteArrayPtr bytes(g_byte_array_new());
  std::vector<unsigned char> piece(64 << 10);
  for (;;) {
    ErrorSlot error;
    const gssize count =
        g_input_stream_read(stream, piece.data(), piece.size(), nullptr, error.out());
    if (count < 0)
      return std::string(error.message());
    if (count == 0)
      return adopt_blob(g_byte_array_free_to_bytes(bytes.release()));
    if (bytes->len + static_cast<std::size_t>(count) > max_size)
      return "too large";
    g_byte_array_append(bytes.get(), piece.data(), static_cast<guint>(count));
  }
}

}  // namespace

bool is_loopback_url(const std::string& url) {
  UriPtr uri(g_uri_parse(url.c_str(), G_URI_FLAGS_ENCODED, nullptr));
  const char* host = uri ? g_uri_get_host(uri.get()) : nullptr;
  if (!host)
    return false;
  ObjectPtr<GInetAddress> address(g_inet_address_new_from_string(host));
  if (address)
    return g_inet_address_get_is_loopback(address.get());
  return g_ascii_strcasecmp(host, "localhost") == 0;
}

std::variant<Blob, std::string> fetch(const std::string& url) {
  ObjectPtr<SoupMessage> message(soup_message_new(SOUP_METHOD_GET, url.c_str()));
  if (!message)
    return "not a URL";
  // A redirect could lead off this machine.
  soup_message_add_flags(message.get(), SOUP_MESSAGE_NO_REDIRECT);
  ObjectPtr<SoupSession> session(soup_session_new_with_options("timeout", timeout_seconds,
                                                               "proxy-resolver", nullptr, nullptr));
  ErrorSlot error;
  ObjectPtr<GInputStream> stream(
      soup_session_send(session.get(), message.get(), nullptr, error.out()));
  if (!stream)
    return std::string(error.message());
  const SoupStatus status = soup_message_get_status(message.get());
  if (status != SOUP_STATUS_OK)
    return "HTTP " + std::to_string(static_cast<int>(status));
  return read_all(stream.get());
}

}  // namespace emulator
