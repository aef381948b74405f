// SPDX-License-Identifier: LGPL-2.1-or-later
// An error as a value: a text for the user and fields for a program.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "core/money.h"

namespace modelverse {

// Closed set; gst/ maps each one to a GStreamer error domain and code.
enum class ErrorCode {
  settings,        // RESOURCE/SETTINGS: a property is missing, contradictory or out of range
  not_found,       // RESOURCE/NOT_FOUND: a file, a host, a task
  open_read,       // RESOURCE/OPEN_READ: it exists and cannot be read or reached
  not_authorized,  // RESOURCE/NOT_AUTHORIZED: no key, a refused key, no permission, no quota
  wrong_type,      // STREAM/WRONG_TYPE: not a picture, not an MP4
  read,            // RESOURCE/READ: the network or the service while polling or downloading
  write,           // RESOURCE/WRITE: the submit, or its outcome is not known
  open_write,      // RESOURCE/OPEN_WRITE: a task id or clip cannot be stored
  too_many_files,  // RESOURCE/OPEN_READ_WRITE: the process may open no more descriptors
  failed,          // STREAM/FAILED: the service could not or would not make the clip
  cancelled,       // by the application; never posted
};

// The phase of the job in which the error occurred. The names are those of the PROGRESS messages,
// plus `prepare` before them.
enum class Phase { prepare, submit, generate, download };

constexpr const char* phase_name(Phase phase) {
  switch (phase) {
    case Phase::prepare:
      return "prepare";
    case Phase::submit:
      return "submit";
    case Phase::generate:
      return "generate";
    case Phase::download:
      return "download";
  }
  return "prepare";
}

struct ErrorDetails {
  Phase phase = Phase::prepare;
  int http_status = 0;     // 0: no response
  std::string error_code;  // the service's own, such as "sensitive_check_error"
  std::string request_id;
  std::string task_id;
  int attempts = 0;
  std::optional<Money> cost;  // of the clip, where it is known
  std::string
      resume;  // the property to set, such as "task-id=abc", where the task may still finish
};

// Position in the sources. clang 14 has no std::source_location.
struct SourceLocation {
  const char* file = "";  // without directories, which name the build machine's paths
  const char* function = "";
  int line = 0;

  static constexpr SourceLocation current(const char* path = __builtin_FILE(),
                                          const char* function = __builtin_FUNCTION(),
                                          int line = __builtin_LINE()) {
    const char* file = path;
    for (const char* c = path; *c != '\0'; ++c) {
      if (*c == '/')
        file = c + 1;
    }
    return {.file = file, .function = function, .line = line};
  }
};

// Neither text may hold a key or the query of a result link: both are secrets.
struct Error {
  ErrorCode code = ErrorCode::failed;
  std::string text;   // cause and remedy, for the user
  std::string debug;  // the failed call and its error
  ErrorDetails details = {};
  // The property that it is about, such as "prompt". For a picture, the common start of its
  // properties' names: "image", "last-image", "reference-images[0]". Empty: no single property.
  std::string property = {};
  // Position of the braces that create the error: write `Error error{...}`; `Error error;` records
  // no position.
  SourceLocation origin = SourceLocation::current();
};

// Something that is set, or missing, makes the request or the job impossible.
inline Error settings_error(std::string text, std::string debug = {}, std::string property = {},
                            SourceLocation origin = SourceLocation::current()) {
  return {.code = ErrorCode::settings,
          .text = std::move(text),
          .debug = std::move(debug),
          .property = std::move(property),
          .origin = origin};
}

// The application has stopped what was under way.
inline Error cancelled_error(SourceLocation origin = SourceLocation::current()) {
  return {.code = ErrorCode::cancelled, .text = "Cancelled.", .debug = {}, .origin = origin};
}

}  // namespace modelverse
