// SPDX-License-Identifier: LGPL-2.1-or-later
// A process may open only so many files and connections at once (RLIMIT_NOFILE). Where none is left
// GLib aborts (g_wakeup_new()), and the id of a paid task could not be written down: so jobs take
// turns, and what a submit needs is held before it is announced.
#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <vector>

#include "core/policy.h"
#include "core/result.h"
#include "http/transport.h"
#include "job/gate.h"
#include "store/io.h"

namespace modelverse::job {

// What a new connection needs at most for a moment: two sockets (IPv6 and IPv4 are tried side by
// side), the resolver's, and two for GLib's own wake-ups in a TLS handshake.
inline constexpr std::size_t connection_descriptors = 5;

// `error_number`: EMFILE or ENFILE.
Error too_many_files(int error_number);

// Descriptors that nobody else can take meanwhile.
class SpareDescriptors {
 public:
  // Error: too_many_files.
  static Result<SpareDescriptors> take(std::size_t count);
  void give_back() { fds_.clear(); }

 private:
  std::vector<store::Fd> fds_;
};

// Can this process open so many more?
bool has_free_descriptors(std::size_t wanted);

// Repeats `call` while it fails with too_many_files, as often as `budget` says and until `stop`.
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

// Through which every job goes that has more to do than to read a clip that is kept: as many as the
// process may have files open for, a share for the application left aside.
Gate& job_gate();

// Through which every POST goes.
Gate& post_gate();

// The same, but that an exchange does not begin where a connection for it could not be opened.
std::unique_ptr<http::Transport> with_spare_descriptors(std::unique_ptr<http::Transport> transport);

}  // namespace modelverse::job
