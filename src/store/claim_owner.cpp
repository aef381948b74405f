// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads /proc and writes a key file.
#include "store/claim_owner.h"

#include <glib.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <sstream>

#include "glib/file.h"
#include "glib/handles.h"
#include "glib/random.h"
#include "store/io.h"

namespace modelverse::store {
namespace {

using KeyFilePtr = std::unique_ptr<GKeyFile, Freer<g_key_file_unref>>;

constexpr const char* group = "claim";
constexpr std::size_t limit = 4096;  // bytes of a file

constexpr std::pair<const char*, std::string ClaimOwner::*> texts[] = {
    {"owner", &ClaimOwner::id},
    {"host", &ClaimOwner::host},
    {"machine", &ClaimOwner::machine},
    {"boot", &ClaimOwner::boot},
    {"pid-namespace", &ClaimOwner::pid_namespace},
    {"start", &ClaimOwner::start}};

std::string content_of(const std::string& path) {
  const Fd fd = open_for_reading(path);
  return fd ? read_file(fd.get(), limit).value_or("") : std::string();
}

// machine-id(5) is not to be shown to others as it is.
std::string hash_of(const std::string& text) {
  if (text.empty())
    return {};
  const CharPtr hash(g_compute_checksum_for_string(G_CHECKSUM_SHA256, text.c_str(), -1));
  return std::string(hash.get()).substr(0, 16);
}

std::string boot_id() {
  return content_of("/proc/sys/kernel/random/boot_id");
}

// Images of machines are copied with their id: the host's name tells such copies apart. Containers
// often have no id.
std::string machine_hash() {
  const std::string id = content_of("/etc/machine-id");
  return hash_of((id.empty() ? boot_id() : id) + g_get_host_name());
}

std::string pid_namespace() {
  std::array<char, 64> name = {};
  const ssize_t size = ::readlink("/proc/self/ns/pid", name.data(), name.size());
  return size > 0 ? std::string(name.data(), static_cast<std::size_t>(size)) : std::string();
}

struct ProcessState {
  char state = '?';
  std::string start;  // empty: there is no such process, or /proc does not show it
};

// See proc(5). The name of the program, in parentheses, may have any characters.
ProcessState process_state(std::int64_t pid) {
  constexpr int fields_before_start = 18;  // between the state and the start
  const std::string text = content_of("/proc/" + std::to_string(pid) + "/stat");
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos)
    return {};
  std::istringstream fields(text.substr(name_end + 1));
  ProcessState found;
  fields >> found.state;
  for (int i = 0; i < fields_before_start; ++i)
    fields >> found.start;
  fields >> found.start;
  return found;
}

bool has_ended(const ClaimOwner& owner) {
  const ProcessState now = process_state(owner.pid);
  if (now.start.empty())
    return ::kill(static_cast<pid_t>(owner.pid), 0) != 0 && errno == ESRCH;
  return now.start != owner.start || now.state == 'Z' || now.state == 'X';
}

}  // namespace

ClaimOwner this_process(std::chrono::seconds lease) {
  const pid_t pid = ::getpid();
  return {.id = random_hex(16),
          .host = g_get_host_name(),
          .pid = pid,
          .lease = lease,
          .machine = machine_hash(),
          .boot = hash_of(boot_id()),
          .pid_namespace = pid_namespace(),
          .start = process_state(pid).start};
}

std::string encode_owner(const ClaimOwner& owner) {
  const KeyFilePtr file(g_key_file_new());
  for (const auto& [key, member] : texts)
    g_key_file_set_string(file.get(), group, key, (owner.*member).c_str());
  g_key_file_set_int64(file.get(), group, "pid", owner.pid);
  g_key_file_set_int64(file.get(), group, "lease", owner.lease.count());
  const CharPtr text(g_key_file_to_data(file.get(), nullptr, nullptr));
  return text.get();
}

ClaimOwner decode_owner(const std::string& text) {
  ClaimOwner owner;
  const KeyFilePtr file(g_key_file_new());
  if (!g_key_file_load_from_data(file.get(), text.data(), text.size(), G_KEY_FILE_NONE, nullptr))
    return owner;
  for (const auto& [key, member] : texts) {
    const CharPtr value(g_key_file_get_string(file.get(), group, key, nullptr));
    if (value)
      owner.*member = value.get();
  }
  owner.pid = g_key_file_get_int64(file.get(), group, "pid", nullptr);
  const auto lease = g_key_file_get_int64(file.get(), group, "lease", nullptr);
  if (lease > 0 && lease < std::chrono::seconds(std::chrono::hours(24 * 365)).count())
    owner.lease = std::chrono::seconds(lease);
  return owner;
}

Life life_of(const ClaimOwner& owner) {
  const ClaimOwner here = this_process(owner.lease);
  if (owner.machine != here.machine || owner.machine.empty() || owner.boot.empty())
    return Life::unknown;
  if (owner.boot != here.boot)
    return Life::ended;
  if (owner.pid_namespace != here.pid_namespace || owner.pid <= 0)
    return Life::unknown;
  return has_ended(owner) ? Life::ended : Life::running;
}

std::string shown_owner(const ClaimOwner& owner) {
  return owner.id.empty() ? "an unknown host" : owner.host + ", pid " + std::to_string(owner.pid);
}

}  // namespace modelverse::store
