// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs modelverse-picture-helper to change a picture. Hostile bytes can only harm a decoder in that
// process.
#include "picture/change.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

#include "glib/handles.h"
#include "glib/text.h"
#include "picture/accept.h"
#include "picture/facts.h"
#include "picture/helper_process.h"
#include "picture/helper_protocol.h"

namespace modelverse::picture {
namespace {

using Clock = std::chrono::steady_clock;

// The limit for a decoder that sleeps. Far beyond its processor time, for a busy machine.
constexpr std::chrono::seconds time_limit{5 * PICTURE_HELPER_SECONDS};
constexpr std::size_t max_error_output = 1 << 20;

enum class Ending { answered, closed, flooded, late, cancelled };

// An encoder's output is smaller than this for any pixels.
std::size_t max_response_bytes(const Change& change) {
  constexpr std::size_t most_of_a_pixel = 4;
  constexpr std::size_t most_headers = 64 << 10;
  return helper_prefix_bytes + max_helper_head_bytes + most_headers +
         most_of_a_pixel * static_cast<std::size_t>(pixels_in(change.after));
}

// Sends the request and receives the response, as the socket allows.
class Conversation {
 public:
  Conversation(HelperProcess& helper, std::string start, std::string_view body, std::size_t most)
      : helper_(helper), start_(std::move(start)), to_send_{start_, body}, most_(most) {}

  Ending run(const std::stop_token& stop) {
    const auto stopped = Fd::adopt(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    const std::stop_callback on_stop(stop, [&] { eventfd_write(stopped.get(), 1); });
    const auto deadline = Clock::now() + time_limit;
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
      const short wanted = to_send_[0].empty() && to_send_[1].empty() ? POLLIN : POLLIN | POLLOUT;
      std::array<pollfd, 3> polled = {pollfd{helper_.socket(), wanted, 0},
                                      pollfd{error_output_fd_, POLLIN, 0},
                                      pollfd{stopped.get(), POLLIN, 0}};
      // A process that was stopped meanwhile reads what has arrived before it gives up.
      const auto wait = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
      if (poll(polled.data(), polled.size(), wait) <= 0) {
        if (left.count() <= 0)
          return Ending::late;
        continue;
      }
      if (polled[2].revents != 0)
        return Ending::cancelled;
      if (const auto ending = exchange(polled[0].revents, polled[1].revents))
        return *ending;
    }
  }

  // The complete message after Ending::answered.
  std::string_view response() const { return received_; }
  const std::string& error_output() const { return error_output_; }

 private:
  std::optional<Ending> exchange(short socket, short error_output) {
    if (error_output != 0)
      read_error_output();
    if (error_output_bytes_ > max_error_output)
      return Ending::flooded;
    if ((socket & POLLOUT) != 0)
      send_more();
    return (socket & (POLLIN | POLLHUP | POLLERR)) != 0 ? receive_more() : std::nullopt;
  }

  void send_more() {
    auto& part = to_send_[to_send_[0].empty() ? 1 : 0];
    const auto sent = send(helper_.socket(), part.data(), part.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
      part.remove_prefix(static_cast<std::size_t>(sent));
    else if (sent < 0 && errno != EAGAIN && errno != EINTR)
      to_send_ = {};  // the helper reads no more; it may have responded
    if (to_send_[0].empty() && to_send_[1].empty())
      shutdown(helper_.socket(), SHUT_WR);
  }

  // Nothing: more data is expected.
  std::optional<Ending> receive_more() {
    std::array<char, 64 << 10> buffer;
    const auto got = recv(helper_.socket(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
      return {};
    if (got <= 0)
      return Ending::closed;
    received_.append(buffer.data(), static_cast<std::size_t>(got));
    if (received_.size() > most_)
      return Ending::flooded;
    if (received_.size() < helper_prefix_bytes)
      return {};
    const auto prefix = read_helper_prefix(received_);
    if (!prefix || prefix->body_bytes > most_)
      return Ending::flooded;
    const auto whole = helper_prefix_bytes + prefix->head_bytes + prefix->body_bytes;
    return received_.size() < whole    ? std::nullopt
           : received_.size() == whole ? std::optional(Ending::answered)
                                       : Ending::flooded;
  }

  // Keeps the last bytes.
  void read_error_output() {
    constexpr std::size_t most_kept = 400;
    std::array<char, 4096> buffer;
    const auto got = read(error_output_fd_, buffer.data(), buffer.size());
    if (got <= 0) {
      error_output_fd_ = -1;  // poll() ignores it
      return;
    }
    error_output_bytes_ += static_cast<std::size_t>(got);
    error_output_.append(buffer.data(), static_cast<std::size_t>(got));
    if (error_output_.size() > most_kept)
      error_output_.erase(0, error_output_.size() - most_kept);
  }

  HelperProcess& helper_;
  std::string start_;
  std::array<std::string_view, 2> to_send_;
  std::size_t most_;
  std::string received_;
  std::string error_output_;
  std::size_t error_output_bytes_ = 0;
  int error_output_fd_ = helper_.error_output();
};

// Describes an end without a response.
std::string describe_end(Ending ending, std::optional<int> status) {
  if (ending == Ending::late)
    return "no response in " + std::to_string(time_limit.count()) + " s";
  if (ending == Ending::flooded)
    return "too much output";
  if (!status)
    return "ended";
  if (WIFSIGNALED(*status))
    return std::string("signal ") + strsignal(WTERMSIG(*status));
  return "exit status " + std::to_string(WEXITSTATUS(*status));
}

std::string undecodable_text(const std::string& type, Ending ending, bool is_overtime) {
  if (is_overtime)
    return format_text(
        _("The picture cannot be decoded as %s: it takes too long. Try another file."),
        type.c_str());
  if (ending == Ending::flooded)
    return format_text(
        _("The picture cannot be decoded as %s: its decoder writes no picture. Try another file."),
        type.c_str());
  return format_text(_("The picture cannot be decoded as %s: it is damaged, or needs more than %d "
                       "MiB of memory. Try another file."),
                     type.c_str(), PICTURE_HELPER_MEBIBYTES);
}

// `status` is the exit status of a helper that ended by itself.
Error without_answer(const std::string& type, Ending ending, std::optional<int> status,
                     const std::string& error_output) {
  const auto last = error_output.substr(0, error_output.find_last_not_of('\n') + 1);
  const CharPtr shown(g_strescape(last.c_str(), nullptr));
  const auto why = "modelverse-picture-helper: " + describe_end(ending, status) +
                   (last.empty() ? "" : ", ") + shown.get();
  const bool is_overtime =
      ending == Ending::late || (status && WIFSIGNALED(*status) && WTERMSIG(*status) == SIGXCPU);
  if (!is_overtime && ending != Ending::flooded && status && WIFEXITED(*status))
    return {.code = ErrorCode::failed,
            .text = _("The program that changes pictures ended without a result. Check that "
                      "gst-modelverse is installed completely."),
            .debug = why};
  return {.code = ErrorCode::wrong_type,
          .text = undecodable_text(type, ending, is_overtime),
          .debug = why};
}

}  // namespace

Result<PictureBytes> apply_change(const PictureBytes& picture, const Change& change,
                                  const PictureRules& rules, std::stop_token stop) {
  if (stop.stop_requested())
    return cancelled_error();
  auto helper = HelperProcess::start();
  if (!helper)
    return std::move(helper).error();
  Conversation conversation(*helper, helper_request_start(picture, change, rules), picture.bytes,
                            max_response_bytes(change));
  const auto ending = conversation.run(stop);
  const auto status = helper->end();
  if (ending == Ending::cancelled)
    return cancelled_error();
  const auto type = type_name(picture);
  if (ending != Ending::answered)
    return without_answer(type, ending, status, conversation.error_output());
  auto response = read_helper_response(conversation.response());
  if (!response)
    return without_answer(type, Ending::flooded, status, conversation.error_output());
  if (!*response)
    return user_error(response->error(), picture, rules);
  return std::move(*response).value();
}

}  // namespace modelverse::picture
