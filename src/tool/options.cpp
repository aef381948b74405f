// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tool/options.h"

#include <glib.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <sstream>
#include <string_view>

#include "glib/columns.h"
#include "glib/handles.h"
#include "glib/text.h"
#include "tool/units.h"

namespace modelverse::tool {

namespace {

using OptionContextPtr = std::unique_ptr<GOptionContext, Freer<g_option_context_free>>;

struct Command {
  const char* name;
  const char* help;
  const char* arguments = "";
  std::size_t least_names = 0;
  std::size_t most_names = 0;
};
constexpr Command commands[] = {
    {"list", N_("the tasks and clips in the cache, the last used first")},
    {"path", N_("prints the path of an entry's finished clip"), " ENTRY", 1, 1},
    {"remove", N_("removes entries, with their clips"), " ENTRY...", 1, 10'000},
    {"prune", N_("removes finished clips, the least recently used first")},
    {"costs", N_("what was submitted, and its estimated cost")},
    {"models", N_("the known models and prices, and those of your models.json")},
};

struct Option {
  const char* name;
  const char* commands;  // that accept it, with a space on each side; --help names them
  const char* help;
  const char* value = nullptr;    // placeholder of its value; null: a flag
  bool Options::*flag = nullptr;  // if it is a flag
};
constexpr Option all_options[] = {
    {"cache-dir", " list path remove prune costs ", N_("the cache directory"), "DIR"},
    {"json", " list costs ", N_("for programs, as JSON"), nullptr, &Options::json},
    {"tsv", " list ", N_("for programs, separated by tabs"), nullptr, &Options::tsv},
    {"force", " remove ", N_("also what cannot be restored"), nullptr, &Options::force},
    {"max-size", " prune ", N_("until the rest takes at most SIZE, such as 2G"), "SIZE"},
    {"older-than", " prune ", N_("clips not used for AGE, such as 12h, 30d"), "AGE"},
    {"dry-run", " prune ", N_("only report what would be removed"), nullptr, &Options::dry_run},
    {"by", " costs ", N_("instead of month; several: day,model"), "day|month|model"},
    {"since", " costs ", N_("only from this day (UTC) on, such as 2026-11-30"), "DAY"},
    {"markdown", " models ", N_("as a Markdown table"), nullptr, &Options::markdown},
    {"rows", " models ", N_("as a template for a models.json"), nullptr, &Options::rows},
    {"version", "", N_("prints the version"), nullptr, &Options::version},
    {"help", "", N_("prints this"), nullptr, &Options::help},
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
    return format_text(_("%s needs a key or a task, see --help"), options.command.c_str());
  if (options.names.size() > command.most_names)
    return format_text(_("unexpected argument %s"), options.names[command.most_names].c_str());
  return {};
}

std::string check_together(const Options& options) {
  if (options.json && options.tsv)
    return _("--json or --tsv, not both");
  if (options.markdown && options.rows)
    return _("--markdown or --rows, not both");
  if (options.command == "prune" && !options.max_size && !options.older_than)
    return _("prune needs --max-size, --older-than or both");
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
    return format_text(_("--by=%s is not day, month, model, or some of these, such as day,model"),
                       by.c_str());
  const auto since = given.value("since");
  if (since && !is_day_or_month(*since))
    return format_text(_("--since=%s is not a day or a month, such as 2026-11-30 or 2026-11"),
                       since->c_str());
  options.costs.since = since.value_or("");
  const auto size = given.value("max-size");
  if (size && !(options.max_size = read_size(*size)))
    return format_text(_("--max-size=%s is not a size, such as 500M or 2G"), size->c_str());
  const auto age = given.value("older-than");
  if (age && !(options.older_than = read_age(*age)))
    return format_text(_("--older-than=%s is not an age, such as 12h or 30d"), age->c_str());
  return {};
}

std::string check(const Given& given, const Options& options) {
  const auto* command = std::find_if(std::begin(commands), std::end(commands),
                                     [&](const auto& one) { return one.name == options.command; });
  if (command == std::end(commands))
    return options.command.empty()
               ? _("no command, see --help")
               : format_text(_("no such command: %s, see --help"), options.command.c_str());
  if (const auto name = foreign_option(given, options.command); !name.empty())
    return format_text(_("--%s does not apply to %s"), name.c_str(), options.command.c_str());
  if (auto problem = check_names(options, *command); !problem.empty())
    return problem;
  return check_together(options);
}

}  // namespace

std::string help_text() {
  constexpr std::size_t command_columns = 17, option_columns = 21;
  std::string text = _("Usage: modelverse-tasks COMMAND [OPTION...] [ENTRY...]");
  text += std::string("\n") +
          _("Lists, finds and removes the cached tasks and clips, and sums up their cost.") +
          "\n\n";
  for (const auto& one : commands)
    text +=
        "  " + fill_to(std::string(one.name) + one.arguments, command_columns) + _(one.help) + "\n";
  text += "\n";
  for (const auto& option : all_options)
    text += "  " + fill_to(with_value(option), option_columns) + taken_by(option) + _(option.help) +
            "\n";
  return text +
         _("ENTRY is a key, the beginning of a key, or a task id. See modelverse-tasks(1).") + "\n";
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
