// SPDX-License-Identifier: LGPL-2.1-or-later
// The command line.
#pragma once

#include <glib.h>

#include <string>

namespace emulator {

// Where the MP4's index (`moov`) stands.
enum class Layout { moov_first, moov_last, fragmented };
// Which spelling of the Authorization header is taken.
enum class AuthRule { any, raw, bearer };

// As GOption writes them: a text that was not given is null.
struct Options {
  Options() = default;
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  ~Options();

  int port = 0;
  double generation_seconds = 3;
  double link_seconds = 3600;
  Layout layout = Layout::moov_last;
  AuthRule auth = AuthRule::any;
  char* api_key = nullptr;
  char* script_file = nullptr;
  char* clip_file = nullptr;
  char* tls_certificate_file = nullptr;
  char* tls_key_file = nullptr;
  gboolean results_without_tls = FALSE;
  gboolean strict_size = FALSE;
  gboolean any_model = FALSE;
  gboolean log = FALSE;
  gboolean exit_with_stdin = FALSE;
  gboolean help_script = FALSE;
  // With a file to make: that clip, and no service.
  char* make_clip = nullptr;
  char* picture_file = nullptr;
  char* prompt = nullptr;
  char* resolution = nullptr;
  int seconds = 4;
};

// What is wrong with the command line, or nothing. `--help` prints and exits.
std::string read_options(int argc, char** argv, Options& options);

}  // namespace emulator
