// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes a Record as text, and reads it strictly.
#include "api/record_json.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "api/json.h"
#include "api/json_text.h"
#include "api/printable.h"
#include "api/wire.h"
#include "glib/text.h"

namespace modelverse::api {
namespace {

// Limits for foreign files: every text of encode_record() must be readable.
constexpr JsonLimits record_limits{.max_bytes = 64u << 20, .max_depth = 4};
constexpr std::size_t member_count = 20;  // and the optional ones
constexpr const char* external_id_name = "external_task_id";
constexpr const char* proven_time_name = "proven_time";
constexpr const char* account_name = "account";
constexpr const char* cost_name = "cost";
constexpr const char* currency_name = "currency";
constexpr const char* ledger_name = "ledger";
constexpr const char* optional_members[] = {external_id_name, proven_time_name, account_name,
                                            cost_name,        currency_name,    ledger_name};

constexpr const char* state_name(RecordState state) {
  switch (state) {
    case RecordState::submitting:
      return "submitting";
    case RecordState::submitted:
      return "submitted";
    case RecordState::complete:
      return "complete";
  }
  return "submitting";
}

std::optional<RecordState> state_of(std::string_view name) {
  for (const auto state : {RecordState::submitting, RecordState::submitted, RecordState::complete})
    if (name == state_name(state))
      return state;
  return {};
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// An invalid byte in another text must not lose a task's id.
Value text_value(const std::string& text) {
  const CharPtr valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
  return {std::string(valid.get())};
}

// Sent in a request's header later: kept unchanged, or dropped.
Value header_value(const std::string& text) {
  return {is_printable(text) ? text : std::string()};
}

Value integer_value(std::uint64_t number) {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  return {static_cast<std::int64_t>(std::min(number, most))};
}

bool is_external_id(const std::string& text) {
  return text.size() <= max_task_id_bytes && is_printable(text);
}

// Reads members by name and keeps the first fault.
class Reader {
 public:
  explicit Reader(const Object& root) : root_(root) {}

  std::string text(const char* name) {
    auto value = find_string(&root_, name);
    if (!value)
      fail(name, "is missing or not a string");
    return std::move(value).value_or("");
  }
  // Written only if not empty.
  std::string optional_text(const char* name) { return has(name) ? text(name) : std::string(); }
  bool has(const std::string& name) const {
    return std::ranges::find(root_, name, &Member::name) != root_.end();
  }
  std::int64_t integer(const char* name, std::int64_t least, std::int64_t most) {
    const auto value = find_integer(&root_, name);
    if (!value)
      fail(name, "is missing or not an integer");
    else if (*value < least || *value > most)
      fail(name, "is out of range");
    return std::clamp(value.value_or(0), least, most);
  }
  double number(const char* name) {
    const auto value = find_number(&root_, name);
    if (!value)
      fail(name, "is missing or not a number");
    else if (*value < 0)
      fail(name, "is out of range");
    return value.value_or(0);
  }
  void fail(const char* name, const char* fault) {
    if (fault_.empty())
      fault_ = std::string(name) + " " + fault;
  }
  const std::string& fault() const { return fault_; }

 private:
  const Object& root_;
  std::string fault_;
};

constexpr auto int64_min = std::numeric_limits<std::int64_t>::min();
constexpr auto int64_max = std::numeric_limits<std::int64_t>::max();

Record read_members(Reader& reader) {
  reader.integer("version", record_version, record_version);
  const auto state = state_of(reader.text("state"));
  if (!state)
    reader.fail("state", "is unknown");
  Record record;
  record.state = state.value_or(RecordState::submitting);
  record.key = reader.text("key");
  record.origin = reader.text("origin");
  record.model = reader.text("model");
  record.prompt = reader.text("prompt");
  record.resolution = reader.text("resolution");
  record.duration =
      static_cast<int>(reader.integer("duration", 0, std::numeric_limits<int>::max()));
  record.take =
      static_cast<unsigned>(reader.integer("take", 0, std::numeric_limits<unsigned>::max()));
  record.url_index =
      static_cast<unsigned>(reader.integer("url_index", 0, std::numeric_limits<unsigned>::max()));
  record.task_id = reader.text("task_id");
  record.request_id = reader.text("request_id");
  record.external_id = reader.optional_text(external_id_name);
  if (reader.has(proven_time_name))
    record.proven_time = reader.integer(proven_time_name, 0, int64_max);
  record.account = reader.optional_text(account_name);
  if (reader.has(cost_name))
    record.cost = Money{micros_of(std::clamp(reader.number(cost_name), 0.0, largest_amount)),
                        reader.text(currency_name)};
  record.ledger = reader.optional_text(ledger_name);
  record.submit_time = reader.integer("submit_time", int64_min, int64_max);
  record.finish_time = reader.integer("finish_time", int64_min, int64_max);
  record.usage_seconds = reader.number("usage_seconds");
  record.size = static_cast<std::uint64_t>(reader.integer("size", 0, int64_max));
  record.sha256 = reader.text("sha256");
  record.clip_time = reader.integer("clip_time", 0, int64_max);
  record.etag = reader.text("etag");
  record.last_modified = reader.text("last_modified");
  return record;
}

void check_values(const Record& record, Reader& reader) {
  if (!is_sha256(record.key))
    reader.fail("key", "is not 64 hex digits");
  if (!record.sha256.empty() && !is_sha256(record.sha256))
    reader.fail("sha256", "is not 64 hex digits");
  if (!is_printable(record.etag))
    reader.fail("etag", "cannot stand in a header");
  if (!is_printable(record.last_modified))
    reader.fail("last_modified", "cannot stand in a header");
  if ((record.state == RecordState::submitting) != record.task_id.empty())
    reader.fail("task_id", "contradicts the state");
  if (!is_external_id(record.external_id))
    reader.fail(external_id_name, "is none");
  if (!record.account.empty() && !is_sha256(record.account))
    reader.fail(account_name, "is not 64 hex digits");
  if (record.cost && !is_currency(record.cost->currency))
    reader.fail(currency_name, "is none");
  const bool is_complete = record.state == RecordState::complete;
  if (is_complete && record.size == 0)
    reader.fail("size", "contradicts the state");
  if (!is_complete && !record.sha256.empty())
    reader.fail("sha256", "contradicts the state");
}

Error broken(const std::string& fault) {
  return {.code = ErrorCode::wrong_type,
          .text = _("A record in the cache cannot be read."),
          .debug = "decode_record: " + fault};
}

}  // namespace

std::string encode_record(const Record& record) {
  const double usage = record.usage_seconds;
  Object members{
      {"version", {std::int64_t{record_version}}},
      {"state", {std::string(state_name(record.state))}},
      {"key", text_value(record.key)},
      {"origin", text_value(record.origin)},
      {"model", text_value(record.model)},
      {"prompt", text_value(record.prompt)},
      {"resolution", text_value(record.resolution)},
      {"duration", {std::int64_t{record.duration}}},
      {"take", {std::int64_t{record.take}}},
      {"url_index", {std::int64_t{record.url_index}}},
      {"task_id", text_value(record.task_id)},
      {"request_id", text_value(record.request_id)},
      {"submit_time", {record.submit_time}},
      {"finish_time", {record.finish_time}},
      {"usage_seconds", {std::isfinite(usage) && usage > 0 ? usage : 0.0}},
      {"size", integer_value(record.size)},
      {"sha256", text_value(record.sha256)},
      {"clip_time", {std::max<std::int64_t>(record.clip_time, 0)}},
      {"etag", header_value(record.etag)},
      {"last_modified", header_value(record.last_modified)},
  };
  if (!record.external_id.empty())
    members.push_back({external_id_name, text_value(record.external_id)});
  if (record.proven_time > 0)
    members.push_back({proven_time_name, {record.proven_time}});
  if (!record.account.empty())
    members.push_back({account_name, text_value(record.account)});
  if (record.cost) {
    members.push_back({cost_name, {record.cost->amount()}});
    members.push_back({currency_name, text_value(record.cost->currency)});
  }
  if (!record.ledger.empty())
    members.push_back({ledger_name, text_value(record.ledger)});
  return write_json(members, JsonLayout::readable) + "\n";
}

Result<Record> decode_record(std::string_view text) {
  const auto document = read_json(text, record_limits);
  if (document.problem)
    return broken(document.problem);
  Reader reader(document.root);
  Record record = read_members(reader);
  check_values(record, reader);
  if (!reader.fault().empty())
    return broken(reader.fault());
  auto expected = member_count;
  for (const char* name : optional_members)
    expected += reader.has(name) ? 1 : 0;
  if (document.root.size() != expected || !document.repeated.empty())
    return broken("unknown or repeated members");
  return record;
}

std::optional<Record> salvage_record(std::string_view text) {
  const auto document = read_json(text, record_limits);
  if (document.problem)
    return {};
  Reader reader(document.root);
  Record record = read_members(reader);
  const bool was_begun = state_of(find_string(&document.root, "state").value_or("")).has_value();
  const bool has_task = !record.task_id.empty() && record.task_id.size() <= max_task_id_bytes;
  if (!is_sha256(record.key) || (!has_task && !was_begun))
    return {};
  record.clip_time = 0;
  record.etag.clear();
  record.last_modified.clear();
  if (!has_task)
    record.task_id.clear();
  if (!is_external_id(record.external_id))
    record.external_id.clear();
  if (!is_sha256(record.account))
    record.account.clear();
  if (record.cost && !is_currency(record.cost->currency))
    record.cost.reset();
  const bool is_complete = has_task && record.state == RecordState::complete && record.size > 0 &&
                           is_sha256(record.sha256);
  if (is_complete)
    return record;
  record.state = has_task ? RecordState::submitted : RecordState::submitting;
  record.size = 0;
  record.sha256.clear();
  return record;
}

}  // namespace modelverse::api
