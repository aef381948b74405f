// SPDX-License-Identifier: LGPL-2.1-or-later
// The models as rows of data, and the strict reading of a submit's body against them.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "emulator/handles.h"
#include "emulator/picture_text.h"

namespace emulator {

enum class FieldKind { text, integer, picture };

struct FieldRow {
  const char* path;  // dotted, from the body's root
  FieldKind kind;
  bool is_required = false;
  std::vector<const char*> texts;      // allowed values; empty: any
  std::vector<std::int64_t> integers;  // likewise
};

struct SizeRow {
  const char* resolution;
  int long_side;
  int short_side;
};

struct ModelRow {
  const char* name;
  std::vector<FieldRow> fields;  // all that may be there, besides `model`
  // Where the emulator finds what it makes the clip from; empty: the model has no such field.
  const char* picture_path;
  const char* prompt_path;
  const char* resolution_path;
  const char* duration_path;
  const char* default_resolution;
  int default_duration;
  std::vector<SizeRow> sizes;
};

// A submit that was accepted.
struct Order {
  std::string model;
  std::string prompt;
  PictureText picture;
  int seconds = 4;
  int long_side = 1280;  // the picture's orientation decides which is the width
  int short_side = 720;
  std::string parameters;  // JSON text of the body's `parameters`
};

struct Refusal {
  int status = 400;
  std::string code = "param_error";
  std::string message;
};

const std::vector<ModelRow>& model_table();
std::variant<Order, Refusal> read_order(JsonObject* body, bool is_any_model_accepted);
// The resolution's row of the default model.
SizeRow size_of(const std::string& resolution);

}  // namespace emulator
