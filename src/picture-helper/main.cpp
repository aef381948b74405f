// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-picture-helper reads one picture and writes one picture or error. Started by the
// plugin; see picture/helper_protocol.h.
#include <fcntl.h>
#include <gst/gst.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "picture-helper/change_picture.h"
#include "picture-helper/resource_limits.h"
#include "picture/helper_protocol.h"

using namespace modelverse;

namespace {

// False: the input ended early.
bool read_all(std::string& bytes) {
  std::size_t have = 0;
  while (have < bytes.size()) {
    const auto got = read(STDIN_FILENO, bytes.data() + have, bytes.size() - have);
    if (got == 0 || (got < 0 && errno != EINTR))
      return false;
    have += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  }
  return true;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  return true;
}

std::optional<picture::HelperRequest> read_request() {
  std::string start(picture::helper_prefix_bytes, '\0');
  if (!read_all(start))
    return {};
  const auto prefix = picture::read_helper_prefix(start);
  if (!prefix)
    return {};
  std::string head(prefix->head_bytes, '\0');
  std::string body(prefix->body_bytes, '\0');
  if (!read_all(head) || !read_all(body))
    return {};
  return picture::read_helper_request(head, std::move(body));
}

// For the conversion of pixels; no plugins are needed.
bool start_gstreamer() {
  setenv("GST_REGISTRY_DISABLE", "yes", 1);
  return gst_init_check(nullptr, nullptr, nullptr);
}

}  // namespace

int main() {
  picture::limit_process();
  // After a critical, a loader is in an undefined state.
  g_log_set_always_fatal(static_cast<GLogLevelFlags>(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL));
  // A decoder's output must not get into the response.
  const int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  auto request = read_request();
  if (!request) {
    std::fputs("modelverse-picture-helper is started by the ModelVerse plugin\n", stderr);
    return 2;
  }
  if (!start_gstreamer())
    return 1;
  const auto made = picture::change_picture(request->picture, request->change, request->rules);
  const auto start = picture::helper_response_start(made);
  const bool is_sent = write_all(out, start) && write_all(out, made ? made->bytes : "");
  // Exit at once: no cleanup is needed.
  _exit(is_sent ? 0 : 1);
}
