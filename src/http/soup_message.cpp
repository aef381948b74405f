// SPDX-License-Identifier: LGPL-2.1-or-later
// Refuses requests that libsoup would refuse with a critical, or send with an injected header.
#include "http/soup_message.h"

#include <algorithm>
#include <string_view>

#include "core/redact.h"

namespace modelverse::http {
namespace {

constexpr auto uri_flags = static_cast<GUriFlags>(SOUP_HTTP_URI_FLAGS);

bool is_visible(char c) {
  return c > ' ' && c < '\x7f';
}

bool is_url(std::string_view url) {
  return std::ranges::all_of(url, is_visible);
}

bool is_name(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return is_visible(c) && c != ':'; });
}

bool is_value(std::string_view value) {
  return std::ranges::none_of(value, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_media_type(std::string_view type) {
  return type.empty() || (is_value(type) && type.find('/') != std::string_view::npos);
}

bool is_sendable(const HttpRequest& request) {
  const auto is_header = [](const Header& header) {
    return is_name(header.name) && is_value(header.value);
  };
  return is_url(request.url) && is_media_type(request.content_type) &&
         std::ranges::all_of(request.headers, is_header);
}

bool is_http(GUri* uri) {
  const std::string_view scheme = g_uri_get_scheme(uri);
  const char* host = g_uri_get_host(uri);
  return (scheme == "http" || scheme == "https") && host && is_host(host);
}

// Path and query are sent unchanged: GUri's parser would rewrite percent-encodings ("%7e" to "~"),
// and a link's signature may cover its text. User info is not our credential and is dropped.
UriPtr parse(const std::string& url) {
  const UriPtr parsed(g_uri_parse(url.c_str(), uri_flags, nullptr));
  if (!parsed || !is_http(parsed.get()))
    return nullptr;
  const std::string target = url.substr(0, url.find('#'));
  const auto authority = target.find("//") + 2;
  const auto path = std::min(target.find_first_of("/?", authority), target.size());
  const auto query = std::min(target.find('?', path), target.size());
  const std::string path_text = target.substr(path, query - path);
  return UriPtr(g_uri_build(uri_flags, g_uri_get_scheme(parsed.get()), nullptr,
                            g_uri_get_host(parsed.get()), g_uri_get_port(parsed.get()),
                            path_text.empty() ? "/" : path_text.c_str(),
                            query < target.size() ? target.c_str() + query + 1 : nullptr, nullptr));
}

// libsoup must not follow redirects, authenticate or send twice. Two quirks of 3.2
// (soup-session.c): a POST on a kept-alive connection may be sent again, and a 401 or 407 is
// buffered whole unless the session has an auth manager and the message has disabled it.
void forbid_initiative(SoupMessage* message, Method method) {
  soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
  if (method == Method::post)
    soup_message_add_flags(message, SOUP_MESSAGE_NEW_CONNECTION);
  soup_message_disable_feature(message, SOUP_TYPE_AUTH_MANAGER);
}

// libsoup keeps the text alive: it may read on after an exchange was abandoned.
void set_body(SoupMessage* message, const HttpRequest& request) {
  auto* const text = new SharedText(request.body);
  const BytesPtr bytes(g_bytes_new_with_free_func(
      text->str().data(), text->str().size(),
      [](gpointer data) { delete static_cast<SharedText*>(data); }, text));
  const char* type = request.content_type.empty() ? nullptr : request.content_type.c_str();
  soup_message_set_request_body_from_bytes(message, type, bytes.get());
}

bool has_no_body(SoupMessage* message) {
  const guint status = soup_message_get_status(message);
  return status == SOUP_STATUS_NO_CONTENT || status == SOUP_STATUS_NOT_MODIFIED;
}

SoupEncoding encoding_of(SoupMessage* message) {
  return soup_message_headers_get_encoding(soup_message_get_response_headers(message));
}

// libsoup sets the status after it has parsed the headers, and reads the length after that
// (parse_headers() and io_read() in soup-client-message-io-http1.c).
void on_status(SoupMessage* message, GParamSpec*, gpointer) {
  SoupMessageHeaders* headers = soup_message_get_response_headers(message);
  if (encoding_of(message) == SOUP_ENCODING_CONTENT_LENGTH &&
      soup_message_headers_get_content_length(headers) < 0)
    soup_message_headers_replace(headers, "Content-Length", "none");
}

}  // namespace

void refuse_negative_length(SoupMessage* message) {
  g_signal_connect(message, "notify::status-code", G_CALLBACK(on_status), nullptr);
}

ObjectPtr<SoupMessage> make_message(const HttpRequest& request) {
  if (!is_sendable(request))
    return {};
  const UriPtr uri = parse(request.url);
  if (!uri)
    return {};
  // Not SOUP_METHOD_POST: threads that evaluate that macro at the same time race for its variable.
  const char* method = request.method == Method::post ? "POST" : "GET";
  auto message = ObjectPtr<SoupMessage>::adopt(soup_message_new_from_uri(method, uri.get()));
  forbid_initiative(message.get(), request.method);
  soup_message_add_flags(message.get(), SOUP_MESSAGE_COLLECT_METRICS);  // for bytes_on_wire()
  if (request.method == Method::post)
    set_body(message.get(), request);
  SoupMessageHeaders* headers = soup_message_get_request_headers(message.get());
  soup_message_headers_replace(headers, "Accept-Encoding", "identity");
  for (const Header& header : request.headers)
    soup_message_headers_append(headers, header.name.c_str(), header.value.c_str());
  return message;
}

std::string host_of(SoupMessage* message) {
  const char* host = g_uri_get_host(soup_message_get_uri(message));
  return host ? host : "";
}

std::uint64_t request_body_size(SoupMessage* message) {
  return static_cast<std::uint64_t>(
      soup_message_headers_get_content_length(soup_message_get_request_headers(message)));
}

bool are_headers_too_long(SoupMessage* message) {
  constexpr guint64 limit = 64 * 1024;
  SoupMessageMetrics* metrics = soup_message_get_metrics(message);
  return metrics && soup_message_metrics_get_response_header_bytes_received(metrics) > limit;
}

std::uint64_t bytes_on_wire(SoupMessage* message) {
  SoupMessageMetrics* metrics = soup_message_get_metrics(message);
  return soup_message_metrics_get_request_header_bytes_sent(metrics) +
         soup_message_metrics_get_request_body_bytes_sent(metrics) +
         soup_message_metrics_get_response_header_bytes_received(metrics);
}

HttpResponse read_headers(SoupMessage* message) {
  HttpResponse response;
  response.status = soup_message_get_status(message);
  SoupMessageHeadersIter iter;
  soup_message_headers_iter_init(&iter, soup_message_get_response_headers(message));
  const char* name = nullptr;
  const char* value = nullptr;
  while (soup_message_headers_iter_next(&iter, &name, &value))
    response.headers.push_back({name, value});
  return response;
}

std::optional<goffset> stated_length(SoupMessage* message) {
  if (has_no_body(message))
    return 0;
  if (encoding_of(message) != SOUP_ENCODING_CONTENT_LENGTH)
    return std::nullopt;
  return soup_message_headers_get_content_length(soup_message_get_response_headers(message));
}

bool is_chunked(SoupMessage* message) {
  return !has_no_body(message) && encoding_of(message) == SOUP_ENCODING_CHUNKED;
}

}  // namespace modelverse::http
