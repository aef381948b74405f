// SPDX-License-Identifier: LGPL-2.1-or-later
// The strict reading of a submit's body against its model's row.
#pragma once

#include <json-glib/json-glib.h>

#include <string>
#include <variant>

#include "emulator/encoded_picture.h"
#include "emulator/handles.h"
#include "emulator/model_row.h"

namespace emulator {

// A submit that was accepted.
struct TaskRequest {
  std::string model;
  std::string prompt;
  EncodedPicture picture;
  int seconds = 4;
  int long_side = 1280;  // the picture's orientation decides which is the width
  int short_side = 720;
  int width = 0;  // not 0: exactly this, whatever the picture
  int height = 0;
  PictureLimits limits;
  bool is_size_exact = true;
  std::string external_task_id;  // the caller's own id of the task; empty: none
  std::string parameters;        // JSON text of the body's `parameters`, pictures masked
};

struct RequestError {
  int status = 400;
  std::string code = "param_error";
  std::string message;
};

std::variant<TaskRequest, RequestError> read_task_request(JsonObject* body,
                                                          std::uint64_t body_bytes,
                                                          bool is_any_model_accepted);
// The resolution's row of the default model.
SizeRow size_of(const std::string& resolution);

}  // namespace emulator
