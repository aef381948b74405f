// SPDX-License-Identifier: LGPL-2.1-or-later
// The request of an accepted submit.
#pragma once

#include <json-glib/json-glib.h>

#include <string>
#include <variant>

#include "emulator/clip_encoder.h"
#include "emulator/encoded_picture.h"

namespace emulator {

struct TaskRequest {
  std::string model;
  EncodedPicture picture;
  ClipPlan clip;
  bool is_size_fixed = false;  // else a portrait picture exchanges the sides
  // Limits of the picture, in pixels; 0: no limit.
  int min_side = 0;
  double max_aspect = 0;
  bool is_size_exact = true;     // with --strict-size, the picture must have the clip's size
  std::string external_task_id;  // the caller's own id of the task; empty: none
  std::shared_ptr<JsonNode> parameters;  // of the body, pictures masked; or null
};

// The text is the error of the body.
std::variant<TaskRequest, std::string> read_task_request(JsonObject* body,
                                                         bool is_any_model_accepted);

}  // namespace emulator
