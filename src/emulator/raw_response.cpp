// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes responses that HTTP does not allow directly to the socket.
#include "emulator/raw_response.h"

#include <libsoup/soup.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string_view>

namespace emulator {
namespace {

constexpr std::uint64_t max_piece = 64 << 10;
// Larger filler is generated in pieces.
constexpr std::uint64_t max_filler_in_memory = 1 << 20;

constexpr double drain_step = 0.002;  // s
constexpr int max_drain_steps = 2000;

// One response on one thread. A stop request ends its blocking calls.
class RawResponse {
 public:
  RawResponse(RawConnection connection, ResponsePlan plan, std::stop_token stop)
      : connection_(std::move(connection)),
        response_(std::move(plan.response)),
        rule_(std::move(plan.rule)),
        stop_(std::move(stop)) {
    if (!rule_)
      rule_ = std::make_shared<const Rule>();
  }
  void run();

 private:
  std::string head() const;
  bool send_head();
  bool send_body(std::uint64_t count);
  bool send_piece(std::string_view piece);
  bool write(std::string_view bytes);
  bool wait(double seconds);
  void wait_for_peer();
  void reset();

  RawConnection connection_;
  HttpResponse response_;
  std::shared_ptr<const Rule> rule_;
  std::stop_token stop_;
  ObjectPtr<GCancellable> cancellable_{g_cancellable_new()};
};

void RawResponse::run() {
  const std::stop_callback cancel(stop_, [this] { g_cancellable_cancel(cancellable_.get()); });
  constexpr std::uint64_t never = UINT64_MAX;
  const std::uint64_t cut =
      std::min({rule_->reset_after.value_or(never), rule_->close_after.value_or(never),
                rule_->stall_after.value_or(never)});
  const std::uint64_t count = std::min(cut, response_.length);
  if (!rule_->is_cut() && send_head() && send_body(count)) {
    if (cut == never && rule_->no_length)
      write("0\r\n\r\n");
    if (rule_->stall_after)
      wait_for_peer();
  }
  if (rule_->reset || rule_->answer_lost || rule_->reset_after)
    reset();
  g_io_stream_close(connection_.stream.get(), nullptr, nullptr);
}

std::string RawResponse::head() const {
  const auto length = static_cast<std::int64_t>(response_.length) + rule_->wrong_length.value_or(0);
  std::string text = "HTTP/1.1 " + std::to_string(response_.status) + ' ' +
                     soup_status_get_phrase(static_cast<guint>(response_.status)) +
                     "\r\nConnection: close\r\n";
  if (rule_->no_length)
    text += "Transfer-Encoding: chunked\r\n";
  else if (!soup_message_headers_get_one(response_.headers.get(), "Content-Length"))
    text += "Content-Length: " + std::to_string(std::max<std::int64_t>(length, 0)) + "\r\n";
  const auto add = [](const char* name, const char* value, gpointer to) {
    *static_cast<std::string*>(to) += std::string(name) + ": " + value + "\r\n";
  };
  soup_message_headers_foreach(response_.headers.get(), add, &text);
  return text + "\r\n";
}

bool RawResponse::send_head() {
  const std::string text = head();
  if (rule_->header_delay == 0)
    return write(text);
  return std::ranges::all_of(text, [this](const char& c) {
    return write({&c, 1}) && wait(rule_->header_delay);
  });
}

bool RawResponse::send_body(std::uint64_t count) {
  // Twenty pieces per second are smooth enough.
  const double rate = rule_->bytes_per_second;
  const auto shaped = static_cast<std::uint64_t>(std::min(rate / 20, 1e6));
  const std::uint64_t piece_size = rate > 0 ? std::max<std::uint64_t>(shaped, 1) : max_piece;
  std::string piece;
  for (std::uint64_t sent = 0; sent < count; sent += piece.size()) {
    piece.resize(std::min(piece_size, count - sent));
    response_.content.copy(response_.first + sent,
                           {reinterpret_cast<unsigned char*>(piece.data()), piece.size()});
    if (!send_piece(piece))
      return false;
    if (rate > 0 && !wait(static_cast<double>(piece.size()) / rate))
      return false;
  }
  return true;
}

bool RawResponse::send_piece(std::string_view piece) {
  if (!rule_->no_length)
    return write(piece);
  CharPtr size(g_strdup_printf("%zx\r\n", piece.size()));
  return write(size.get()) && write(piece) && write("\r\n");
}

bool RawResponse::write(std::string_view bytes) {
  GOutputStream* output = g_io_stream_get_output_stream(connection_.stream.get());
  return g_output_stream_write_all(output, bytes.data(), bytes.size(), nullptr, cancellable_.get(),
                                   nullptr);
}

bool RawResponse::wait(double seconds) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop_, std::chrono::duration<double>(seconds), [] { return false; });
  return !stop_.stop_requested();
}

void RawResponse::wait_for_peer() {
  GInputStream* input = g_io_stream_get_input_stream(connection_.stream.get());
  unsigned char ignored[256];
  while (g_input_stream_read(input, ignored, sizeof ignored, cancellable_.get(), nullptr) > 0) {
  }
}

// With a linger time of zero, close() sends RST and drops unsent data. So wait until the peer has
// received the promised bytes, unless it does not read them.
void RawResponse::reset() {
  const int fd = g_socket_get_fd(connection_.socket.get());
  int waiting = 0;
  for (int i = 0; i < max_drain_steps && ioctl(fd, TIOCOUTQ, &waiting) == 0 && waiting > 0; ++i) {
    if (!wait(drain_step))
      break;
  }
  const linger none = {1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  g_socket_close(connection_.socket.get(), nullptr);
}

void run_response(gpointer response, gpointer) {
  const std::unique_ptr<RawResponse> owned(static_cast<RawResponse*>(response));
  owned->run();
}

}  // namespace

bool needs_raw_response(const ResponsePlan& plan) {
  const Rule* rule = plan.rule.get();
  if (!plan.response.content.blob() && plan.response.content.size() > max_filler_in_memory)
    return true;
  if (!rule)
    return false;
  const bool frames_itself =
      rule->headers && std::ranges::any_of(*rule->headers, [](const auto& pair) {
        return g_ascii_strcasecmp(pair.first.c_str(), "Content-Length") == 0;
      });
  return frames_itself || rule->is_cut() || rule->reset_after || rule->close_after ||
         rule->stall_after || rule->bytes_per_second > 0 || rule->header_delay > 0 ||
         rule->no_length || rule->wrong_length;
}

RawResponses::RawResponses()
    : threads_(g_thread_pool_new(run_response, nullptr, -1, FALSE, nullptr)) {}

RawResponses::~RawResponses() {
  stop_.request_stop();
  g_thread_pool_free(threads_, FALSE, TRUE);
}

void RawResponses::send(RawConnection connection, ResponsePlan plan) {
  g_thread_pool_push(threads_,
                     new RawResponse(std::move(connection), std::move(plan), stop_.get_token()),
                     nullptr);
}

}  // namespace emulator
