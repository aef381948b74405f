// SPDX-License-Identifier: LGPL-2.1-or-later
// A record in the cache: what is read is written back the same, and what is salvaged of a broken
// one is a record.
#include "api/record_json.h"
#include "fuzz.h"

using namespace modelverse;

namespace {

void check_round_trip(const Record& record) {
  const auto text = api::encode_record(record);
  const auto again = api::decode_record(text);
  fuzz::require(again.ok() && api::encode_record(*again) == text);
  fuzz::require(again->task_id == record.task_id && again->state == record.state);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  if (const auto record = api::decode_record(text)) {
    check_round_trip(*record);
    return 0;
  } else {
    fuzz::require(record.error().code == ErrorCode::wrong_type && !record.error().debug.empty());
  }
  if (const auto salvaged = api::salvage_record(text))
    check_round_trip(*salvaged);
  return 0;
}
