// SPDX-License-Identifier: LGPL-2.1-or-later
// What the command line can say.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace emulator {

// Where the MP4's index (`moov`) stands.
enum class Layout { moov_first, moov_last, fragmented };
// Which spelling of the Authorization header is taken.
enum class AuthRule { any, raw, bearer };

struct MakeClip {
  std::string file;  // empty: run the service instead
  std::string picture_file;
  std::string prompt;
  std::string resolution = "720p";
  int seconds = 4;
};

struct Options {
  std::uint16_t port = 0;
  double generation_seconds = 3;
  double link_seconds = 3600;
  Layout layout = Layout::moov_last;
  AuthRule auth = AuthRule::any;
  std::string api_key;
  std::string script_file;
  std::string clip_file;
  std::string tls_certificate_file;
  std::string tls_key_file;
  bool results_without_tls = false;
  bool strict_size = false;
  bool any_model = false;
  bool log = false;
  bool exit_with_stdin = false;
  bool help_script = false;
  MakeClip make_clip;
};

// Reads the command line; the string says what is wrong with it. `--help` prints and exits.
std::variant<Options, std::string> read_options(int argc, char** argv);

}  // namespace emulator
