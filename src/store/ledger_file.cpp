// SPDX-License-Identifier: LGPL-2.1-or-later
// GLib's key files: JSON takes three times as long to read, and `modelverse-tasks costs` reads ten
// thousand.
#include "store/ledger_file.h"

#include <glib.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "glib/handles.h"
#include "glib/random.h"
#include "glib/text.h"

namespace modelverse::store {
namespace {

using KeyFilePtr = std::unique_ptr<GKeyFile, Freer<g_key_file_unref>>;
using TimePtr = std::unique_ptr<GDateTime, Freer<g_date_time_unref>>;

constexpr const char* submit_group = "submit";
constexpr std::int64_t latest_time = 999'999'999'999;  // of the names' 12 digits

const char* outcome_name(SubmitOutcome outcome) {
  switch (outcome) {
    case SubmitOutcome::accepted:
      return "accepted";
    case SubmitOutcome::refused:
      return "refused";
    case SubmitOutcome::unknown:
      return "unknown";
  }
  return "unknown";
}

Error no_key_file() {
  return {.code = ErrorCode::wrong_type,
          .text = _("A file of the ledger is damaged: it is not a key file."),
          .debug = "ledger: no key file"};
}

Error invalid_member(const std::string& name) {
  return {.code = ErrorCode::wrong_type,
          .text = format_text(_("A file of the ledger is damaged: %s is missing or invalid."),
                              name.c_str()),
          .debug = "ledger: " + name + " is missing or invalid"};
}

// Keeps the first member that is missing or invalid.
class GroupReader {
 public:
  GroupReader(GKeyFile* file, const char* group) : file_(file), group_(group) {}

  std::string text(const char* name) {
    const CharPtr value(g_key_file_get_string(file_, group_, name, nullptr));
    if (!value)
      fail(name);
    return value ? value.get() : "";
  }
  std::string currency(const char* name) {
    auto value = text(name);
    if (!is_currency(value))
      fail(name);
    return value;
  }
  // A missing member is 0.
  double number(const char* name, double most) {
    if (!g_key_file_has_key(file_, group_, name, nullptr))
      return 0;
    ErrorSlot error;
    const double value = g_key_file_get_double(file_, group_, name, error.out());
    if (error.get() || !(value >= 0 && value <= most))
      fail(name);
    return value;
  }
  std::int64_t integer(const char* name, std::int64_t most) {
    ErrorSlot error;
    const auto value = g_key_file_get_int64(file_, group_, name, error.out());
    if (error.get() || value < 0 || value > most)
      fail(name);
    return value;
  }
  void fail(const char* name) {
    if (fault_.empty())
      fault_ = name;
  }
  const std::string& fault() const { return fault_; }

 private:
  GKeyFile* file_;
  const char* group_;
  std::string fault_;
};

std::string text_of(const KeyFilePtr& file) {
  const CharPtr text(g_key_file_to_data(file.get(), nullptr, nullptr));
  return text.get();
}

void set_text(const KeyFilePtr& file, const char* group, const char* name,
              const std::string& text) {
  const CharPtr valid(g_utf8_make_valid(text.c_str(), static_cast<gssize>(text.size())));
  g_key_file_set_string(file.get(), group, name, valid.get());
}

void set_money(const KeyFilePtr& file, const char* group, const Money& cost) {
  g_key_file_set_value(file.get(), group, "cost", amount_text(cost.micros).c_str());
  set_text(file, group, "currency", cost.currency);
}

SubmitOutcome read_outcome(GroupReader& reader) {
  const auto name = reader.text("outcome");
  for (const auto outcome :
       {SubmitOutcome::accepted, SubmitOutcome::refused, SubmitOutcome::unknown})
    if (name == outcome_name(outcome))
      return outcome;
  reader.fail("outcome");
  return SubmitOutcome::unknown;
}

std::string formatted(std::int64_t time, const char* format) {
  const TimePtr date(g_date_time_new_from_unix_utc(std::clamp<std::int64_t>(time, 0, latest_time)));
  // GLib's dates end with the year 9999.
  const CharPtr text(date ? g_date_time_format(date.get(), format) : g_strdup("9999-12"));
  return text.get();
}

bool are_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string encode_entry(const LedgerEntry& entry) {
  const KeyFilePtr file(g_key_file_new());
  g_key_file_set_integer(file.get(), submit_group, "version", 1);
  g_key_file_set_int64(file.get(), submit_group, "time", entry.time);
  set_text(file, submit_group, "key", entry.key);
  set_text(file, submit_group, "model", entry.model);
  if (entry.cost)
    set_money(file, submit_group, *entry.cost);
  if (entry.usage_seconds > 0 && std::isfinite(entry.usage_seconds))
    g_key_file_set_double(file.get(), submit_group, "usage-seconds", entry.usage_seconds);
  set_text(file, submit_group, "task-id", entry.task_id);
  // The last: without it the file was cut.
  g_key_file_set_string(file.get(), submit_group, "outcome", outcome_name(entry.outcome));
  return text_of(file);
}

Result<LedgerEntry> decode_entry(const std::string& text) {
  const KeyFilePtr file(g_key_file_new());
  if (!g_key_file_load_from_data(file.get(), text.data(), text.size(), G_KEY_FILE_NONE, nullptr))
    return no_key_file();
  GroupReader reader(file.get(), submit_group);
  LedgerEntry entry;
  if (reader.integer("version", 1) != 1)
    reader.fail("version");
  entry.time = reader.integer("time", latest_time);
  entry.key = reader.text("key");
  entry.model = reader.text("model");
  if (g_key_file_has_key(file.get(), submit_group, "cost", nullptr))
    entry.cost =
        Money{micros_of(reader.number("cost", largest_amount)), reader.currency("currency")};
  entry.usage_seconds = reader.number("usage-seconds", G_MAXDOUBLE);
  entry.task_id = reader.text("task-id");
  entry.outcome = read_outcome(reader);
  if (!reader.fault().empty())
    return invalid_member(reader.fault());
  return entry;
}

std::string encode_sums(const std::vector<LedgerSum>& sums) {
  const KeyFilePtr file(g_key_file_new());
  int number = 0;
  for (const auto& sum : sums) {
    const auto group = "sum " + std::to_string(++number);
    set_text(file, group.c_str(), "model", sum.model);
    set_text(file, group.c_str(), "currency", sum.currency);
    g_key_file_set_int64(file.get(), group.c_str(), "micros", sum.micros);
    g_key_file_set_uint64(file.get(), group.c_str(), "submits", sum.submits);
    g_key_file_set_uint64(file.get(), group.c_str(), "submits-unknown", sum.submits_unknown);
    g_key_file_set_uint64(file.get(), group.c_str(), "submits-without-cost",
                          sum.submits_without_cost);
  }
  return text_of(file);
}

Result<std::vector<LedgerSum>> decode_sums(const std::string& text) {
  const KeyFilePtr file(g_key_file_new());
  if (!g_key_file_load_from_data(file.get(), text.data(), text.size(), G_KEY_FILE_NONE, nullptr))
    return no_key_file();
  std::vector<LedgerSum> sums;
  gsize count = 0;
  const std::unique_ptr<char*, Freer<g_strfreev>> groups(g_key_file_get_groups(file.get(), &count));
  for (gsize i = 0; i < count; ++i) {
    GroupReader reader(file.get(), groups.get()[i]);
    LedgerSum sum{reader.text("model"), reader.text("currency")};
    if (!sum.currency.empty() && !is_currency(sum.currency))
      reader.fail("currency");
    sum.micros = reader.integer("micros", G_MAXINT64);
    const auto number = [&](const char* name) {
      return static_cast<std::uint64_t>(reader.integer(name, G_MAXINT64));
    };
    sum.submits = number("submits");
    sum.submits_unknown = number("submits-unknown");
    sum.submits_without_cost = number("submits-without-cost");
    if (!reader.fault().empty())
      return invalid_member(reader.fault());
    sums.push_back(std::move(sum));
  }
  return sums;
}

void add_submit(std::vector<LedgerSum>& sums, const LedgerEntry& entry) {
  if (entry.outcome == SubmitOutcome::refused)
    return;
  const auto currency = entry.cost ? entry.cost->currency : "";
  auto sum = std::find_if(sums.begin(), sums.end(), [&](const LedgerSum& one) {
    return one.model == entry.model && one.currency == currency;
  });
  if (sum == sums.end())
    sum = sums.insert(sums.end(), {entry.model, currency});
  sum->micros = add_micros(sum->micros, entry.cost ? entry.cost->micros : 0);
  ++sum->submits;
  sum->submits_unknown += entry.outcome == SubmitOutcome::unknown ? 1 : 0;
  sum->submits_without_cost += entry.cost ? 0 : 1;
}

std::string month_of(std::int64_t time) {
  return formatted(time, "%Y-%m");
}

std::string day_of(std::int64_t time) {
  return formatted(time, "%Y-%m-%d");
}

bool is_month(std::string_view name) {
  return name.size() == 7 && name[4] == '-' && are_digits(name.substr(0, 4)) &&
         are_digits(name.substr(5));
}

std::string new_submit_name(const LedgerEntry& entry) {
  const CharPtr time(g_strdup_printf("%012" G_GINT64_FORMAT "-",
                                     gint64{std::clamp<std::int64_t>(entry.time, 0, latest_time)}));
  const auto name = time.get() + random_hex(8);
  return entry.cost ? name + "-" + std::to_string(entry.cost->micros) + entry.cost->currency : name;
}

// Without allocations: the names of ten thousand files are read before a submit.
std::optional<SubmitName> parse_submit_name(const char* name) {
  constexpr const char* digits = "0123456789";
  constexpr std::size_t time_length = 12, random_length = 16;
  const char* random = name + time_length + 1;
  if (std::strspn(name, digits) != time_length || name[time_length] != '-' ||
      std::strspn(random, "0123456789abcdef") != random_length)
    return {};
  SubmitName read{.time = g_ascii_strtoll(name, nullptr, 10),
                  .random = g_ascii_strtoull(random, nullptr, 16)};
  const char* const end = name + std::strcspn(name, ".");
  read.submit = {name, end};
  read.suffix = end;
  const char* const amount = random + random_length + 1;
  if (end <= amount || amount[-1] != '-')
    return read;
  const std::string_view currency(amount + std::strspn(amount, digits), end);
  const auto micros = g_ascii_strtoll(amount, nullptr, 10);
  if (currency.data() == amount || !is_currency(currency) || micros > micros_of(largest_amount))
    return read;
  read.micros = micros;
  read.currency = currency;
  return read;
}

}  // namespace modelverse::store
