// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/task_list.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "api/json_text.h"
#include "api/printable.h"
#include "job/job.h"
#include "tool/units.h"

namespace modelverse::tool {

namespace {

constexpr std::size_t prompt_bytes = 48;
constexpr std::size_t whole_bytes = 64 << 10;

std::string word(const std::string& text) {
  return text.empty() ? "-" : api::printable(text, 200);
}

void sort(store::Listing& listing) {
  std::sort(listing.entries.begin(), listing.entries.end(), [](const auto& a, const auto& b) {
    return std::tie(b.last_used, a.record.key) < std::tie(a.last_used, b.record.key);
  });
  std::sort(listing.broken.begin(), listing.broken.end());
}

Value number(std::uint64_t value) {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  return {static_cast<std::int64_t>(std::min(value, most))};
}

Value path_of(const store::EntrySummary& entry, const std::string& cache_dir) {
  if (entry.record.state != RecordState::complete)
    return {nullptr};
  return {store::Cache(cache_dir).entry(entry.record.key)->clip_path()};
}

Value object_of(const std::optional<store::ClaimState>& claim) {
  if (!claim)
    return {nullptr};
  return {Object{{"owner", {claim->owner.id}},
                 {"host", {claim->owner.host}},
                 {"pid", {claim->owner.pid}},
                 {"age", {std::int64_t{claim->age.count()}}},
                 {"is-alive", {!claim->is_dead}}}};
}

// For programs: "render-07, pid 4711, 12s ago".
std::string claim_field(const store::ClaimState& claim) {
  return api::printable(store::shown_owner(claim.owner), 200) + ", " + show_age(claim.age.count()) +
         " ago" + (claim.is_dead ? ", ended" : "");
}

std::string claim_line(const std::string& key, const store::ClaimState& claim) {
  return format_text(claim.is_dead ? _("%s is claimed by %s, %s ago, ended.")
                                   : _("%s is claimed by %s, %s ago."),
                     key.substr(0, job::shown_key).c_str(),
                     api::printable(store::shown_owner(claim.owner), 200).c_str(),
                     show_age(claim.age.count()).c_str()) +
         "\n";
}

Object object_of(const store::EntrySummary& entry, const std::string& cache_dir, std::int64_t now) {
  const auto& record = entry.record;
  const auto age = std::max<std::int64_t>(now - entry.last_used, 0);
  return {
      {"key", {record.key}},
      {"status", {std::string(status_word(entry))}},
      {"task-id", {record.task_id}},
      {"request-id", {record.request_id}},
      {"model", {record.model}},
      {"prompt", {record.prompt}},
      {"resolution", {record.resolution}},
      {"duration", {std::int64_t{record.duration}}},
      {"take", {std::int64_t{record.take}}},
      {"url-index", {std::int64_t{record.url_index}}},
      {"base-url", {record.origin}},
      {"submit-time", {record.submit_time}},
      {"finish-time", {record.finish_time}},
      {"usage-seconds", {record.usage_seconds}},
      {"cost", record.cost ? Value{record.cost->amount()} : Value{nullptr}},
      {"currency", record.cost ? Value{record.cost->currency} : Value{nullptr}},
      {"bytes", number(entry.clip_bytes)},
      {"size", number(record.size)},
      {"sha256", {record.sha256}},
      {"last-used", {entry.last_used}},
      {"age", {age}},
      {"path", path_of(entry, cache_dir)},
      {"claim", object_of(entry.claim)},
  };
}

}  // namespace

const char* status_word(const store::EntrySummary& entry) {
  switch (entry.record.state) {
    case RecordState::submitting:
      return entry.is_locked     ? N_("submitting")
             : entry.is_recorded ? N_("unknown")
                                 : N_("abandoned");
    case RecordState::submitted:
      return entry.is_locked ? N_("running") : N_("unfinished");
    case RecordState::complete:
      return N_("complete");
  }
  return N_("unknown");
}

std::string tasks_as_text(store::Listing listing, std::int64_t now, std::size_t columns) {
  sort(listing);
  std::vector<Row> rows = {
      {_("KEY"), _("STATUS"), _("SIZE"), _("AGE"), _("COST"), _("MODEL"), _("TASK"), _("PROMPT")}};
  for (const auto& entry : listing.entries) {
    const auto& record = entry.record;
    rows.push_back({record.key.substr(0, job::shown_key), _(status_word(entry)),
                    show_size(entry.clip_bytes), show_age(now - entry.last_used),
                    record.cost ? money_text(*record.cost) : C_("cost", "unknown"),
                    word(record.model), word(record.task_id),
                    api::printable(record.prompt, prompt_bytes)});
  }
  for (const auto& key : listing.broken)
    rows.push_back({key.substr(0, job::shown_key), _(broken_word), "-", "-", "-", "-", "-", ""});
  constexpr std::size_t size = 2, age = 3, cost = 4, model = 5, task = 6, least_prompt = 20;
  constexpr std::size_t by_importance[] = {cost, age, size, model, task};
  leave_out(rows, columns, by_importance, least_prompt);
  auto text = as_table(rows, columns);
  for (const auto& entry : listing.entries) {
    if (entry.claim)
      text += claim_line(entry.record.key, *entry.claim);
  }
  return text;
}

std::string tasks_as_tsv(store::Listing listing) {
  sort(listing);
  std::string text =
      "key\tstatus\tbytes\tlast-used\tmodel\ttask-id\tprompt\tcost\tcurrency\tclaim\n";
  for (const auto& entry : listing.entries) {
    const auto& record = entry.record;
    text += record.key + "\t" + status_word(entry) + "\t" + std::to_string(entry.clip_bytes) +
            "\t" + std::to_string(entry.last_used) + "\t" +
            api::printable(record.model, whole_bytes) + "\t" +
            api::printable(record.task_id, whole_bytes) + "\t" +
            api::printable(record.prompt, whole_bytes) + "\t" +
            (record.cost ? amount_text(record.cost->micros) + "\t" + record.cost->currency : "\t") +
            "\t" + (entry.claim ? claim_field(*entry.claim) : "") + "\n";
  }
  for (const auto& key : listing.broken)
    text += key + "\t" + broken_word + "\t\t\t\t\t\t\t\t\n";
  return text;
}

std::string tasks_as_json(store::Listing listing, const std::string& cache_dir, std::int64_t now) {
  sort(listing);
  Array items;
  for (const auto& entry : listing.entries)
    items.push_back({object_of(entry, cache_dir, now)});
  for (const auto& key : listing.broken)
    items.push_back({Object{{"key", {key}}, {"status", {std::string(broken_word)}}}});
  return api::json_text(items);
}

}  // namespace modelverse::tool
