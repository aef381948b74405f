// SPDX-License-Identifier: LGPL-2.1-or-later
// Building rows, and the table of all of them.
#include "emulator/model_row.h"

namespace emulator {
namespace {

FieldRow field(const char* path, FieldKind kind) {
  FieldRow row;
  row.path = path;
  row.kind = kind;
  return row;
}

}  // namespace

FieldRow FieldRow::required() const {
  FieldRow row = *this;
  row.is_required = true;
  return row;
}

FieldRow FieldRow::one_of(std::initializer_list<const char*> values) const {
  FieldRow row = *this;
  row.texts = values;
  return row;
}

FieldRow FieldRow::one_of_numbers(std::initializer_list<std::int64_t> values) const {
  FieldRow row = *this;
  row.integers = values;
  return row;
}

FieldRow FieldRow::between(std::int64_t from, std::int64_t to) const {
  FieldRow row = *this;
  row.least = from;
  row.most = to;
  return row;
}

FieldRow FieldRow::up_to(long letters) const {
  FieldRow row = *this;
  row.max_letters = letters;
  return row;
}

FieldRow text(const char* path) {
  return field(path, FieldKind::text);
}

FieldRow integer(const char* path) {
  return field(path, FieldKind::integer);
}

FieldRow number(const char* path) {
  return field(path, FieldKind::number);
}

FieldRow truth(const char* path) {
  return field(path, FieldKind::truth);
}

FieldRow picture(const char* path, Forms forms) {
  FieldRow row = field(path, FieldKind::picture);
  row.forms = forms;
  return row;
}

FieldRow anything(const char* path) {
  return field(path, FieldKind::any);
}

const std::vector<ModelRow>& model_table() {
  static const std::vector<ModelRow> table = [] {
    std::vector<ModelRow> all;
    for (const auto& part : {sora_models(), wan_models(), vidu_models(), hailuo_models(),
                             kling_models(), veo_models(), seedance_models()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return table;
}

}  // namespace emulator
