// SPDX-License-Identifier: LGPL-2.1-or-later
// What an accepted submit asks for.
#pragma once

#include <json-glib/json-glib.h>

#include <string>
#include <variant>

#include "emulator/encoded_picture.h"
#include "emulator/picture.h"

namespace emulator {

struct TaskRequest {
  std::string model;
  std::string prompt;
  EncodedPicture picture;
  int seconds = 4;
  int frame_rate = 30;
  Size size = {1280, 720};
  bool is_size_fixed = false;  // else a standing picture exchanges the sides
  // What the picture must be, in pixels; 0: anything.
  int min_side = 0;
  double max_aspect = 0;
  bool is_size_exact = true;     // the picture's size is the clip's, with --strict-size
  std::string external_task_id;  // the caller's own id of the task; empty: none
  std::string parameters;        // JSON text of the body's `parameters`, pictures masked
};

// The text says what is wrong with the body.
std::variant<TaskRequest, std::string> read_task_request(JsonObject* body,
                                                         bool is_any_model_accepted);

}  // namespace emulator
