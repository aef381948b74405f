// SPDX-License-Identifier: LGPL-2.1-or-later
// What the vendor's page of a model says, as a row of data.
#pragma once

#include <json-glib/json-glib.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace emulator {

enum class FieldKind { text, integer, number, truth, picture, any };

// How the page lets a picture be put.
struct Forms {
  bool url = true;
  bool data_uri = true;
  bool base64 = true;
  bool is_lower_case = false;  // of a data URI's type
};
inline constexpr Forms url_or_base64_of_any_kind = {true, true, true};
inline constexpr Forms url_or_data_uri = {true, true, false};
inline constexpr Forms url_or_lower_case_uri = {true, true, false, true};
inline constexpr Forms url_or_bare_base64 = {true, false, true};
inline constexpr Forms bare_base64_only = {false, false, true};

// One field. The path is dotted, from the body's root; the items of a list show as "content[]".
struct FieldRow {
  const char* path;
  FieldKind kind;
  bool is_required = false;            // where the object that holds it is there at all
  std::vector<const char*> texts;      // allowed values; empty: any
  std::vector<std::int64_t> integers;  // likewise
  std::int64_t least = INT64_MIN;
  std::int64_t most = INT64_MAX;
  long max_letters = 0;  // 0: any
  Forms forms;

  FieldRow required() const;
  FieldRow one_of(std::initializer_list<const char*> values) const;
  FieldRow one_of_numbers(std::initializer_list<std::int64_t> values) const;
  FieldRow between(std::int64_t from, std::int64_t to) const;
  FieldRow up_to(long letters) const;
};
FieldRow text(const char* path);
FieldRow integer(const char* path);
FieldRow number(const char* path);
FieldRow truth(const char* path);
FieldRow picture(const char* path, Forms forms);
FieldRow anything(const char* path);

struct PictureLimits {
  std::vector<const char*> types;  // "image/png", by the bytes; empty: any
  std::uint64_t max_bytes = 0;     // decoded; these are no limit at 0
  int min_side = 0;
  int max_aspect_percent = 0;  // 250: up to 2.5:1
};

inline constexpr std::int64_t int32_max = 2147483647;

struct SizeRow {
  const char* resolution;
  int long_side;
  int short_side;
};

struct ModelRow {
  const char* name;
  std::vector<FieldRow> fields;  // all that may be there, besides `model`
  // Where the emulator finds what it makes the clip from; empty: the model has no such field.
  const char* picture_path = "";
  const char* prompt_path = "input.prompt";
  const char* resolution_path = "parameters.resolution";
  const char* duration_path = "parameters.duration";
  const char* aspect_path = "";
  const char* default_resolution = "720p";
  int default_duration = 5;
  const char* default_aspect = "";  // empty: the picture's
  PictureLimits limits = {};
  std::uint64_t max_body_bytes = 0;
  std::vector<SizeRow> sizes = {};  // where they are not what the name says
  bool is_size_exact = false;       // the picture must have the clip's size
  // What the fields must be to each other: what is wrong, or nothing.
  std::string (*rule)(JsonObject* body) = nullptr;
};

const std::vector<ModelRow>& model_table();
// Its parts.
std::vector<ModelRow> sora_models();
std::vector<ModelRow> wan_models();
std::vector<ModelRow> vidu_models();
std::vector<ModelRow> hailuo_models();
std::vector<ModelRow> kling_models();
std::vector<ModelRow> veo_models();
std::vector<ModelRow> seedance_models();

}  // namespace emulator
