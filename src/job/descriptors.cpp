// SPDX-License-Identifier: LGPL-2.1-or-later
// Counts free descriptors with poll(2), which needs none itself.
#include "job/descriptors.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "glib/text.h"

namespace modelverse::job {

namespace {

// A job that waits for its clip has one descriptor, the entry's lock. A poll adds the wake-up of
// the session and the connection to the service, a download the clip's file and the connection to
// its server, and for moments the entry's directory, its record and the descriptors of a new
// connection.
constexpr std::size_t most_of_a_job = 8;
// Further descriptors that each waiting job may open.
constexpr std::size_t still_to_come = 7;
// Pictures of 3 MB for this many posts take less than a minute at 10 Mbit/s, a fifth of
// submit-timeout.
constexpr std::size_t most_posts = 16;

std::size_t descriptor_limit() {
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

// Number of free descriptors in the block that begins with `first`.
std::size_t free_in_block(std::size_t first, std::size_t size) {
  std::array<pollfd, 1024> block;
  for (std::size_t i = 0; i < size; ++i)
    block[i] = {static_cast<int>(first + i), 0, 0};
  if (poll(block.data(), size, 0) < 0)
    return 0;
  return static_cast<std::size_t>(
      std::count_if(block.begin(), block.begin() + static_cast<int>(size),
                    [](const pollfd& fd) { return (fd.revents & POLLNVAL) != 0; }));
}

bool has_room_for_job(std::size_t inside) {
  const auto for_application = std::min<std::size_t>(descriptor_limit() / 16, 64);
  return has_free_descriptors(inside * still_to_come + most_of_a_job + for_application);
}

class SparingTransport final : public http::Transport {
 public:
  explicit SparingTransport(std::unique_ptr<http::Transport> transport)
      : transport_(std::move(transport)) {}

  http::Outcome exchange(const http::HttpRequest& request, http::BodySink& sink,
                         std::stop_token stop) override {
    if (auto spare = SpareDescriptors::take(connection_descriptors); !spare)
      return http::Fault{http::FaultKind::too_many_files, false, spare.error().text};
    return transport_->exchange(request, sink, std::move(stop));
  }
  void rest() override { transport_->rest(); }

 private:
  std::unique_ptr<http::Transport> transport_;
};

}  // namespace

Error too_many_files(int error_number) {
  auto error = store::io_error(ErrorCode::open_read, "open", "/dev/null", error_number);
  error.text = format_text(_("Too many files and connections are open: this process may open %s "
                             "at once (ulimit -n)."),
                           store::open_files_limit().c_str());
  return error;
}

Result<SpareDescriptors> SpareDescriptors::take(std::size_t count) {
  SpareDescriptors spare;
  while (spare.fds_.size() < count) {
    auto fd = spare.fds_.empty() ? Fd::adopt(open("/dev/null", O_RDONLY | O_CLOEXEC))
                                 : Fd::adopt(fcntl(spare.fds_.front().get(), F_DUPFD_CLOEXEC, 0));
    if (!fd)
      return too_many_files(errno);
    spare.fds_.push_back(std::move(fd));
  }
  return spare;
}

bool has_free_descriptors(std::size_t wanted) {
  const auto limit = descriptor_limit();
  std::size_t found = 0;
  for (std::size_t first = 0; first < limit && found < wanted;) {
    const auto size = std::min<std::size_t>(limit - first, 1024);
    found += free_in_block(first, size);
    first += size;
  }
  return found >= wanted;
}

// Never freed: a job's thread may outlive the static destructors.
Gate& job_gate() {
  static auto* gate = new Gate(has_room_for_job);
  return *gate;
}

Gate& post_gate() {
  static auto* gate = new Gate([](std::size_t inside) { return inside < most_posts; });
  return *gate;
}

std::unique_ptr<http::Transport> with_spare_descriptors(
    std::unique_ptr<http::Transport> transport) {
  return std::make_unique<SparingTransport>(std::move(transport));
}

}  // namespace modelverse::job
