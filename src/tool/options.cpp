// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/options.h"

#include <glib.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <sstream>
#include <string_view>

#include "glib/handles.h"
#include "tool/units.h"

namespace modelverse::tool {

namespace {

constexpr const char* usage =
    "Usage: modelverse-tasks COMMAND [OPTION...] [ENTRY...]\n"
    "Lists, finds and removes the cached tasks and clips, and sums up their cost.\n"
    "\n"
    "  list             the tasks and clips in the cache, the last used first\n"
    "  path ENTRY       prints the path of an entry's finished clip\n"
    "  remove ENTRY...  removes entries, with their clips\n"
    "  prune            removes finished clips, the least recently used first\n"
    "  costs            what was submitted, and its estimated cost\n"
    "  models           the known models and prices, and those of your models.json\n"
    "\n";
constexpr const char* hints =
    "ENTRY is a key, the beginning of a key, or a task id. See modelverse-tasks(1).\n";

using OptionContextPtr = std::unique_ptr<GOptionContext, Freer<g_option_context_free>>;

struct Command {
  std::string_view name;
  std::size_t least_names = 0;
  std::size_t most_names = 0;
};
constexpr Command commands[] = {{"list"},  {"path", 1, 1}, {"remove", 1, 10'000},
                                {"prune"}, {"costs"},      {"models"}};

struct Option {
  const char* name;
  const char* commands;  // that accept it, with a space on each side; --help names them
  const char* help;
  const char* value = nullptr;    // placeholder of its value; null: a flag
  bool Options::*flag = nullptr;  // if it is a flag
};
constexpr Option all_options[] = {
    {"cache-dir", " list path remove prune costs ", "the cache directory", "DIR"},
    {"json", " list costs ", "for programs, as JSON", nullptr, &Options::json},
    {"tsv", " list ", "for programs, separated by tabs", nullptr, &Options::tsv},
    {"force", " remove ", "also what cannot be restored", nullptr, &Options::force},
    {"max-size", " prune ", "until the rest takes at most SIZE, such as 2G", "SIZE"},
    {"older-than", " prune ", "clips not used for AGE, such as 12h, 30d", "AGE"},
    {"dry-run", " prune ", "only report what would be removed", nullptr, &Options::dry_run},
    {"by", " costs ", "instead of month; several: day,model", "day|month|model"},
    {"since", " costs ", "only from this day (UTC) on, such as 2026-11-30", "DAY"},
    {"markdown", " models ", "as a Markdown table", nullptr, &Options::markdown},
    {"rows", " models ", "as a template for a models.json", nullptr, &Options::rows},
    {"version", "", "prints the version", nullptr, &Options::version},
    {"help", "", "prints this", nullptr, &Options::help},
};
constexpr std::size_t option_count = std::size(all_options);

// The given options, in the order of all_options.
struct Given {
  std::array<char*, option_count> values = {};
  std::array<gboolean, option_count> flags = {};
  Given() = default;
  Given(const Given&) = delete;
  Given& operator=(const Given&) = delete;
  ~Given() {
    for (char* value : values)
      g_free(value);
  }
  std::optional<std::string> value(std::string_view name) const {
    for (std::size_t i = 0; i < option_count; ++i)
      if (all_options[i].name == name && values[i])
        return values[i];
    return {};
  }
};

std::vector<GOptionEntry> entries_for(Given& given) {
  std::vector<GOptionEntry> entries;
  for (std::size_t i = 0; i < option_count; ++i) {
    const auto& option = all_options[i];
    GOptionEntry entry = {
        .long_name = option.name, .arg = G_OPTION_ARG_NONE, .arg_data = &given.flags[i]};
    if (option.flag == &Options::help)
      entry.short_name = 'h';
    if (option.value) {
      entry.arg = G_OPTION_ARG_FILENAME;
      entry.arg_data = &given.values[i];
    }
    entries.push_back(entry);
  }
  entries.push_back({});
  return entries;
}

std::string with_value(const Option& option) {
  const auto name = std::string("--") + option.name;
  return option.value ? name + "=" + option.value : name;
}

// " list costs " as "list, costs: ".
std::string taken_by(const Option& option) {
  std::istringstream words(option.commands);
  std::string text;
  for (std::string word; words >> word;)
    text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "" : text + ": ";
}

// The first given option that does not apply to the command, or empty.
std::string foreign_option(const Given& given, const std::string& command) {
  for (std::size_t i = 0; i < option_count; ++i) {
    const std::string_view takers = all_options[i].commands;
    if ((given.flags[i] || given.values[i]) &&
        takers.find(" " + command + " ") == std::string_view::npos)
      return all_options[i].name;
  }
  return {};
}

std::string check_names(const Options& options, const Command& command) {
  if (options.names.size() < command.least_names)
    return options.command + " needs a key or a task, see --help";
  if (options.names.size() > command.most_names)
    return "unexpected argument " + options.names[command.most_names];
  return {};
}

std::string check_together(const Options& options) {
  if (options.json && options.tsv)
    return "--json or --tsv, not both";
  if (options.markdown && options.rows)
    return "--markdown or --rows, not both";
  if (options.command == "prune" && !options.max_size && !options.older_than)
    return "prune needs --max-size, --older-than or both";
  return {};
}

std::string read_values(const Given& given, Options& options) {
  for (std::size_t i = 0; i < option_count; ++i)
    if (all_options[i].flag)
      options.*all_options[i].flag = given.flags[i];
  options.cache_dir = given.value("cache-dir").value_or("");
  const auto by = given.value("by").value_or("month");
  options.costs.by = read_costs_by(by);
  if (options.costs.by.empty())
    return "--by=" + by + " is not day, month, model, or some of these, such as day,model";
  const auto since = given.value("since");
  if (since && !is_day_or_month(*since))
    return "--since=" + *since + " is not a day or a month, such as 2026-11-30 or 2026-11";
  options.costs.since = since.value_or("");
  const auto size = given.value("max-size");
  if (size && !(options.max_size = read_size(*size)))
    return "--max-size=" + *size + " is not a size, such as 500M or 2G";
  const auto age = given.value("older-than");
  if (age && !(options.older_than = read_age(*age)))
    return "--older-than=" + *age + " is not an age, such as 12h or 30d";
  return {};
}

std::string check(const Given& given, const Options& options) {
  const auto* command = std::find_if(std::begin(commands), std::end(commands),
                                     [&](const auto& one) { return one.name == options.command; });
  if (command == std::end(commands))
    return options.command.empty() ? "no command, see --help"
                                   : "no such command: " + options.command + ", see --help";
  if (const auto name = foreign_option(given, options.command); !name.empty())
    return "--" + name + " does not apply to " + options.command;
  if (auto problem = check_names(options, *command); !problem.empty())
    return problem;
  return check_together(options);
}

}  // namespace

std::string help_text() {
  constexpr std::size_t column = 23;
  std::string text = usage;
  for (const auto& option : all_options) {
    auto line = "  " + with_value(option);
    line.resize(std::max(column, line.size() + 1), ' ');
    text += line + taken_by(option) + option.help + "\n";
  }
  return text + hints;
}

std::string read_options(int argc, char** argv, Options& options) {
  Given given;
  const auto entries = entries_for(given);
  OptionContextPtr context(g_option_context_new(nullptr));
  // GLib's own help does not fit a screen.
  g_option_context_set_help_enabled(context.get(), FALSE);
  g_option_context_add_main_entries(context.get(), entries.data(), nullptr);
  ErrorSlot error;
  if (!g_option_context_parse(context.get(), &argc, &argv, error.out()))
    return error.message();
  std::vector<std::string> rest(argv + std::min(argc, 1), argv + argc);
  // GLib keeps the "--" separator in front of arguments that begin with a dash.
  if (const auto separator = std::find(rest.begin(), rest.end(), "--"); separator != rest.end())
    rest.erase(separator);
  if (!rest.empty()) {
    options.command = rest.front();
    options.names.assign(rest.begin() + 1, rest.end());
  }
  if (auto problem = read_values(given, options); !problem.empty())
    return problem;
  return options.version || options.help ? "" : check(given, options);
}

}  // namespace modelverse::tool
