// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/task_list.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "api/json_text.h"
#include "api/printable.h"
#include "glib/text.h"
#include "job/job.h"
#include "tool/units.h"

namespace modelverse::tool {

namespace {

constexpr std::size_t prompt_bytes = 48;
constexpr std::size_t whole_bytes = 64 << 10;

std::string word(const std::string& text) {
  return text.empty() ? "-" : api::printable(text, 200);
}

bool is_broken(const store::EntrySummary& entry) {
  return entry.kind == store::EntrySummary::Kind::broken;
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
  if (is_broken(entry))
    return {{"key", {record.key}}, {"status", {std::string(status_word(entry))}}};
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

Row row_of(const store::EntrySummary& entry, std::int64_t now) {
  const auto& record = entry.record;
  const auto key = record.key.substr(0, job::shown_key);
  if (is_broken(entry))
    return {key, _(status_word(entry)), "-", "-", "-", "-", "-", ""};
  return {key,
          _(status_word(entry)),
          show_size(entry.clip_bytes),
          show_age(now - entry.last_used),
          record.cost ? money_text(*record.cost) : C_("cost", "unknown"),
          word(record.model),
          word(record.task_id),
          api::printable(record.prompt, prompt_bytes)};
}

}  // namespace

const char* status_word(const store::EntrySummary& entry) {
  if (is_broken(entry))
    return N_("broken");
  switch (entry.record.state) {
    case RecordState::submitting:
      return entry.is_locked                                     ? N_("submitting")
             : entry.kind == store::EntrySummary::Kind::recorded ? N_("unknown")
                                                                 : N_("abandoned");
    case RecordState::submitted:
      return entry.is_locked ? N_("running") : N_("unfinished");
    case RecordState::complete:
      return N_("complete");
  }
  return N_("unknown");
}

Entries in_order(Entries entries) {
  std::ranges::sort(entries, [](const auto& a, const auto& b) {
    if (is_broken(a) != is_broken(b))
      return is_broken(b);
    return std::tie(b.last_used, a.record.key) < std::tie(a.last_used, b.record.key);
  });
  return entries;
}

std::string tasks_as_text(const Entries& entries, std::int64_t now, std::size_t columns) {
  std::vector<Row> rows = {
      {_("KEY"), _("STATUS"), _("SIZE"), _("AGE"), _("COST"), _("MODEL"), _("TASK"), _("PROMPT")}};
  for (const auto& entry : entries)
    rows.push_back(row_of(entry, now));
  constexpr std::size_t size = 2, age = 3, cost = 4, model = 5, task = 6, least_prompt = 20;
  constexpr std::size_t by_importance[] = {cost, age, size, model, task};
  leave_out(rows, columns, by_importance, least_prompt);
  auto text = as_table(rows, columns);
  for (const auto& entry : entries) {
    if (entry.claim)
      text += claim_line(entry.record.key, *entry.claim);
  }
  return text;
}

std::string tasks_as_tsv(const Entries& entries) {
  std::string text =
      "key\tstatus\tbytes\tlast-used\tmodel\ttask-id\tprompt\tcost\tcurrency\tclaim\n";
  for (const auto& entry : entries) {
    const auto& record = entry.record;
    text += record.key + "\t" + status_word(entry);
    if (is_broken(entry)) {
      text += "\t\t\t\t\t\t\t\t\n";
      continue;
    }
    text += "\t" + std::to_string(entry.clip_bytes) + "\t" + std::to_string(entry.last_used) +
            "\t" + api::printable(record.model, whole_bytes) + "\t" +
            api::printable(record.task_id, whole_bytes) + "\t" +
            api::printable(record.prompt, whole_bytes) + "\t" +
            (record.cost ? amount_text(record.cost->micros) + "\t" + record.cost->currency : "\t") +
            "\t" + (entry.claim ? claim_field(*entry.claim) : "") + "\n";
  }
  return text;
}

std::string tasks_as_json(const Entries& entries, const std::string& cache_dir, std::int64_t now) {
  Array items;
  for (const auto& entry : entries)
    items.push_back({object_of(entry, cache_dir, now)});
  return api::json_text(items);
}

}  // namespace modelverse::tool
