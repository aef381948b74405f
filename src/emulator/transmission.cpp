// SPDX-License-Identifier: LGPL-2.1-or-later
// Gives libsoup the body in pieces, each when the one before is written.
#include "emulator/transmission.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>

namespace emulator {
namespace {

constexpr double max_piece = 64 << 10;
constexpr double pieces_per_second = 20;  // with a limited rate
constexpr double drain_step = 0.002;      // s
constexpr int max_drain_steps = 2000;

}  // namespace

Transmission::Transmission(SoupServerMessage* message, ResponsePlan plan)
    : message_(SOUP_SERVER_MESSAGE(g_object_ref(message))),
      plan_(std::move(plan)),
      end_(plan_.response.length) {
  for (const char* name : {"reset_after", "close_after", "stall_after"}) {
    if (const auto bytes = plan_.rule.integer(name))
      end_ = std::min(end_, static_cast<std::uint64_t>(*bytes));
  }
  const auto on_written = +[](SoupServerMessage*, Transmission* self) { self->go_on(); };
  for (const char* signal : {"wrote-headers", "wrote-chunk"})
    g_signal_connect(message, signal, G_CALLBACK(on_written), this);
  soup_server_message_pause(message);
  call_after(plan_.rule.number("delay"),
             plan_.rule.is_cut() ? &Transmission::cut : &Transmission::send_headers);
}

Transmission::~Transmission() {
  g_signal_handlers_disconnect_by_data(message_.get(), this);
  if (timer_ != 0)
    g_source_remove(timer_);
}

void Transmission::call_after(double seconds, Step step) {
  const auto on_time = [](gpointer data) -> gboolean {
    auto* self = static_cast<Transmission*>(data);
    self->timer_ = 0;
    (self->*self->next_)();
    return G_SOURCE_REMOVE;
  };
  next_ = step;
  timer_ = g_timeout_add(static_cast<guint>(std::min(seconds * 1000, 1e9)), on_time, this);
}

void Transmission::send_headers() {
  SoupServerMessage* message = message_.get();
  const HttpResponse& response = plan_.response;
  SoupMessageHeaders* headers = soup_server_message_get_response_headers(message);
  const auto length = static_cast<goffset>(response.length);
  const goffset promised = length + plan_.rule.integer("wrong_length").value_or(0);
  if (plan_.rule.flag("no_length"))
    soup_message_headers_set_encoding(headers, SOUP_ENCODING_CHUNKED);
  else
    soup_message_headers_set_content_length(headers, std::max<goffset>(promised, 0));
  const auto set = [](const char* name, const char* value, gpointer to) {
    soup_message_headers_replace(static_cast<SoupMessageHeaders*>(to), name, value);
  };
  soup_message_headers_foreach(response.headers.get(), set, headers);
  if (soup_message_headers_get_content_length(headers) != static_cast<goffset>(end_))
    soup_message_headers_replace(headers, "Connection", "close");
  soup_server_message_set_status(message, static_cast<guint>(response.status), nullptr);
  // Sent pieces are dropped.
  soup_message_body_set_accumulate(soup_server_message_get_response_body(message), FALSE);
  soup_server_message_unpause(message);
}

// Called when the headers or a piece are written.
void Transmission::go_on() {
  const Rule& rule = plan_.rule;
  const double rate = rule.number("bytes_per_second");
  if (sent_ < end_)
    call_after(rate > 0 ? static_cast<double>(piece_) / rate : 0, &Transmission::append_piece);
  else if (rule.has("reset_after") || rule.has("close_after"))
    call_after(0, &Transmission::cut);
  else if (!rule.has("stall_after"))
    soup_message_body_complete(soup_server_message_get_response_body(message_.get()));
}

void Transmission::append_piece() {
  const double rate = plan_.rule.number("bytes_per_second");
  const double size = rate > 0 ? std::clamp(rate / pieces_per_second, 1.0, 1e6) : max_piece;
  piece_ = std::min(static_cast<std::uint64_t>(size), end_ - sent_);
  const BytesPtr piece = plan_.response.content.piece(plan_.response.first + sent_, piece_);
  sent_ += piece_;
  soup_message_body_append_bytes(soup_server_message_get_response_body(message_.get()),
                                 piece.get());
  soup_server_message_unpause(message_.get());
}

// With a linger time of zero, close() sends RST and drops unsent data. So wait until the peer has
// received the promised bytes, unless it does not read them.
void Transmission::cut() {
  const Rule& rule = plan_.rule;
  if (GSocket* socket = soup_server_message_get_socket(message_.get())) {
    const int fd = g_socket_get_fd(socket);
    const bool is_reset = !rule.flag("close") && !rule.has("close_after");
    int waiting = 0;
    if (is_reset && ioctl(fd, TIOCOUTQ, &waiting) == 0 && waiting > 0 &&
        ++drain_steps_ < max_drain_steps)
      return call_after(drain_step, &Transmission::cut);
    const linger none = {1, 0};
    if (is_reset)
      setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    g_socket_close(socket, nullptr);
  }
  // libsoup notices, and finishes the message.
  soup_message_body_complete(soup_server_message_get_response_body(message_.get()));
  soup_server_message_unpause(message_.get());
}

}  // namespace emulator
