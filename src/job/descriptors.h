// SPDX-License-Identifier: LGPL-2.1-or-later
// The number of open files and connections of a process is limited (RLIMIT_NOFILE). With no
// descriptor left, GLib aborts (g_wakeup_new()), and the id of a paid task could not be recorded.
// Therefore jobs are queued, and the descriptors for a submit are reserved before it is announced.
#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <vector>

#include "core/policy.h"
#include "core/result.h"
#include "glib/file.h"
#include "http/transport.h"
#include "job/gate.h"
#include "store/io.h"

namespace modelverse::job {

// Peak number for a new connection: two sockets (IPv6 and IPv4 are tried in parallel), one for the
// resolver, and two for GLib's wake-ups in a TLS handshake.
inline constexpr std::size_t connection_descriptors = 5;

// `error_number`: EMFILE or ENFILE.
Error too_many_files(int error_number);

// Reserved descriptors: no other thread can use them.
class SpareDescriptors {
 public:
  // Error: too_many_files.
  static Result<SpareDescriptors> take(std::size_t count);
  void give_back() { fds_.clear(); }

 private:
  std::vector<Fd> fds_;
};

// True when this process can open `wanted` more descriptors.
bool has_free_descriptors(std::size_t wanted);

// Repeats `call` while it fails with too_many_files, within `budget` and until `stop`.
template <typename Call>
auto retry_for_descriptors(RetryBudget budget, Clock& clock, const std::stop_token& stop,
                           Call call) {
  for (;;) {
    auto result = call();
    if (result || result.error().code != ErrorCode::too_many_files)
      return result;
    const auto wait = budget.next();
    if (!wait || !clock.sleep_for(*wait, stop))
      return result;
  }
}

// Limits the number of concurrent jobs that do more than read a cached clip, by the descriptor
// limit of the process less a share for the application.
Gate& job_gate();

// Limits the number of concurrent POSTs.
Gate& post_gate();

// Wraps `transport`: an exchange fails at once when no descriptors for its connection are left.
std::unique_ptr<http::Transport> with_spare_descriptors(std::unique_ptr<http::Transport> transport);

}  // namespace modelverse::job
