// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the key comes from.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "job/plan.h"

namespace modelverse::job {

namespace {

// A key is far shorter; a file that is longer holds something else.
constexpr std::size_t max_key_bytes = 4096;

std::string environment(const char* name) {
  const char* value = g_getenv(name);
  return value ? value : "";
}

Error unreadable(const std::string& path, int error) {
  return {.code = ErrorCode::not_authorized,
          .text = "The file named by api-key-file cannot be read: " + path,
          .debug = std::string("open: ") + g_strerror(error)};
}

Result<ApiKey> read_key_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return unreadable(path, errno);
  struct stat status = {};
  fstat(fd, &status);
  std::array<char, max_key_bytes> buffer;
  const auto got = read(fd, buffer.data(), buffer.size());
  const int error = errno;
  close(fd);
  if (got < 0)
    return unreadable(path, error);
  ApiKey key;
  key.value.assign(buffer.data(), static_cast<std::size_t>(got));
  key.value.resize(std::min(key.value.find_first_of("\r\n"), key.value.size()));
  if (S_ISREG(status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)))
    key.warning = "The key file can be read by other users of this machine: chmod 600 " + path;
  return key;
}

bool has_control_characters(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

}  // namespace

Result<ApiKey> find_api_key(const Settings& settings) {
  ApiKey key{.value = settings.api_key, .warning = {}};
  if (key.value.empty())
    key.value = environment("MODELVERSE_API_KEY");
  if (key.value.empty()) {
    const auto path = settings.api_key_file.empty() ? environment("MODELVERSE_API_KEY_FILE")
                                                    : settings.api_key_file;
    if (!path.empty()) {
      auto from_file = read_key_file(path);
      if (!from_file)
        return from_file;
      key = std::move(from_file).value();
    }
  }
  if (key.value.empty())
    return Error{.code = ErrorCode::not_authorized,
                 .text =
                     "No API key: set the environment variable MODELVERSE_API_KEY, or "
                     "api-key-file (MODELVERSE_API_KEY_FILE), or the api-key property.",
                 .debug = "no key in the property, the environment or a file"};
  if (has_control_characters(key.value))
    return Error{.code = ErrorCode::settings,
                 .text = "The API key holds control characters, so it cannot be sent.",
                 .debug = "control character in the key"};
  return key;
}

}  // namespace modelverse::job
