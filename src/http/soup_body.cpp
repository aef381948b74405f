// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads without blocking, directly into the sink's memory, and polls the main context when no data
// is available: so a read never waits for a slow peer, even within one TLS record.
#include "http/soup_body.h"

#include <string_view>

#include "http/soup_message.h"

namespace modelverse::http {
namespace {

bool is_type(gpointer instance, std::string_view name) {
  return G_OBJECT_TYPE_NAME(instance) == name;
}

// As the end of the body, libsoup accepts the end of the connection between two chunks (before
// 3.6.5) and any line that is not a number (before 3.7.1; soup-body-input-stream.c). So the body is
// read from libsoup's stream of undecoded bytes, below the decoding one. Null if the layers differ.
GInputStream* undecoded(GInputStream* stream) {
  while (G_IS_FILTER_INPUT_STREAM(stream)) {
    GInputStream* base = g_filter_input_stream_get_base_stream(G_FILTER_INPUT_STREAM(stream));
    if (is_type(stream, "SoupBodyInputStream"))
      return is_type(base, "SoupFilterInputStream") ? base : nullptr;
    stream = base;
  }
  return nullptr;
}

gboolean on_readable(GObject*, gpointer is_readable) {
  *static_cast<bool*>(is_readable) = true;
  return G_SOURCE_REMOVE;
}

}  // namespace

SoupBody::SoupBody(SoupMessage* message, GInputStream* stream, GMainContext* context,
                   ExchangeWatch& watch)
    : message_(message), source_(stream), context_(context), watch_(watch) {
  GInputStream* wire = is_chunked(message) ? undecoded(stream) : nullptr;
  if (wire) {
    source_ = wire;
    chunks_.emplace();
  }
}

BodyEnd SoupBody::read(BodySink& sink, ErrorSlot& error) {
  watch_.note_progress();
  while (!watch_.is_interrupted()) {
    const std::span<std::byte> space = sink.space();
    const Filled filled = fill(space, error);
    if (filled.size > 0 && !sink.commit(filled.size))
      return {BodyEnd::Kind::not_taken, {}};
    if (filled.then != Then::more)
      sink.on_idle();
    switch (filled.then) {
      case Then::more:
        break;
      case Then::wait:
        wait_readable();
        break;
      case Then::end:
        return end();
      case Then::failed:
        return {BodyEnd::Kind::failed, {}};
    }
  }
  return {BodyEnd::Kind::interrupted, {}};
}

// Reads all available data: a commit costs more than a receive, and TLS receives in small records.
SoupBody::Filled SoupBody::fill(std::span<std::byte> space, ErrorSlot& error) {
  std::size_t filled = 0;
  while (filled < space.size()) {
    if (watch_.is_interrupted())
      return {filled, Then::wait};
    const std::span<std::byte> left = space.subspan(filled);
    ErrorSlot problem;
    const gssize size = g_pollable_input_stream_read_nonblocking(
        G_POLLABLE_INPUT_STREAM(source_), left.data(), left.size(), nullptr, problem.out());
    if (size < 0 && g_error_matches(problem.get(), G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
      return {filled, Then::wait};
    if (size < 0) {
      *error.out() = g_error_copy(problem.get());
      return {filled, Then::failed};
    }
    if (size > 0)
      watch_.note_progress();
    filled += decode(left.first(static_cast<std::size_t>(size)));
    if (size == 0 || (chunks_ && (chunks_->complete() || chunks_->broken())))
      return {filled, Then::end};
  }
  return {filled, Then::more};
}

// Returns the size of the body's data, moved to the front.
std::size_t SoupBody::decode(std::span<std::byte> wire) {
  const std::size_t size = chunks_ ? chunks_->decode(wire) : wire.size();
  received_ += size;
  return size;
}

// Counted here because libsoup accepts a body shorter than its length if the connection is not kept
// alive, and accepts incomplete headers if the connection ends within them.
BodyEnd SoupBody::end() const {
  if (chunks_ && chunks_->broken())
    return {BodyEnd::Kind::miscoded, {}};
  const std::string got = std::to_string(received_);
  if (chunks_ && !chunks_->complete())
    return {BodyEnd::Kind::cut, got + " bytes, before its last chunk"};
  const auto stated = stated_length(message_);
  if (stated && received_ < static_cast<std::uint64_t>(*stated))
    return {BodyEnd::Kind::cut, got + " of " + std::to_string(*stated) + " bytes"};
  if (!stated && received_ == 0 && SOUP_STATUS_IS_SUCCESSFUL(soup_message_get_status(message_)))
    return {BodyEnd::Kind::cut, "its headers"};
  return {};
}

// A new source for each wait: a socket's source fires again after it has timed out.
void SoupBody::wait_readable() {
  watch_.note_progress();
  bool is_readable = false;
  const SourcePtr source(
      g_pollable_input_stream_create_source(G_POLLABLE_INPUT_STREAM(source_), nullptr));
  g_source_set_callback(source.get(), G_SOURCE_FUNC(on_readable), &is_readable, nullptr);
  g_source_attach(source.get(), context_);
  while (!is_readable && !watch_.is_interrupted())
    watch_.iterate();
}

}  // namespace modelverse::http
