// SPDX-License-Identifier: LGPL-2.1-or-later
// A record in the cache: what is read is written back the same.
#include "api/record_json.h"
#include "fuzz.h"

using namespace modelverse;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto record = api::decode_record(fuzz::text_of(data, size));
  if (!record) {
    fuzz::require(record.error().code == ErrorCode::wrong_type && !record.error().debug.empty());
    return 0;
  }
  const auto text = api::encode_record(*record);
  const auto again = api::decode_record(text);
  fuzz::require(again.ok() && api::encode_record(*again) == text);
  fuzz::require(again->task_id == record->task_id && again->state == record->state);
  return 0;
}
