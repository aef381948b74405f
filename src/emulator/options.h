// SPDX-License-Identifier: LGPL-2.1-or-later
// The command line.
#pragma once

#include <glib.h>

#include <string>

namespace emulator {

// Of each task drawn from a log-normal distribution; always the median without a spread.
struct GenerationTime {
  double median = 3;  // s
  double spread = 0;  // standard deviation of the logarithm
};

// Written by GOption: an unset string is null, unless it is one of a few choices.
struct Options {
  Options() = default;
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  ~Options();

  int port = 0;
  GenerationTime generation;
  int max_tasks = 0;  // 0: no limit
  double link_seconds = 3600;
  char* moov = nullptr;  // first, last or fragmented
  char* auth = nullptr;  // raw, bearer or any
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
  gboolean version = FALSE;
  // If set: makes this clip and starts no service.
  char* make_clip = nullptr;
  char* picture_file = nullptr;
  char* prompt = nullptr;
  char* resolution = nullptr;  // 720p or 1080p
  int seconds = 4;
};

// Returns the error in the command line, or nothing. `--help` prints and exits.
std::string read_options(int argc, char** argv, Options& options);

}  // namespace emulator
