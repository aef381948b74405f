// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-tasks: lists, finds and removes the cache entries of the elements, sums up what was
// submitted, and lists the known models. Uses the network only to ask for the task of a submit that
// is to be removed.
#include <glib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <utility>

#include "api/models.h"
#include "glib/text.h"
#include "job/user_models.h"
#include "store/cache.h"
#include "store/io.h"
#include "tool/choice.h"
#include "tool/costs.h"
#include "tool/model_list.h"
#include "tool/options.h"
#include "tool/removal.h"
#include "tool/task_list.h"
#include "tool/units.h"

namespace modelverse::tool {

namespace {

constexpr int usage_error = 2;

int fail(const std::string& problem, int code = EXIT_FAILURE) {
  g_printerr("modelverse-tasks: %s\n", problem.c_str());
  return code;
}

int write(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  return std::fflush(stdout) == 0 ? EXIT_SUCCESS : fail(_("the output cannot be written"));
}

std::int64_t now() {
  return g_get_real_time() / G_USEC_PER_SEC;
}

store::Cache cache_of(const Options& options) {
  return store::Cache(store::resolve_cache_dir(options.cache_dir));
}

// A missing directory counts as empty.
std::string why_not_readable(const store::Cache& cache) {
  const auto read = store::each_name(cache.directory(), [](const char*) {});
  return read ? "" : read.error().text;
}

std::size_t terminal_columns() {
  struct winsize size = {};
  if (!isatty(STDOUT_FILENO))
    return any_width;
  const bool is_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : 80;
}

// `table` draws it in so many columns.
template <typename Table>
std::string as_wide_as_the_terminal(const char* command, const Table& table) {
  const auto all = table(any_width), text = table(terminal_columns());
  if (text == all)
    return all;
  return text +
         format_text(
             _("Shortened to the terminal: `modelverse-tasks %s | less -S` shows everything."),
             command) +
         "\n";
}

int list(const Options& options) {
  const auto cache = cache_of(options);
  if (const auto problem = why_not_readable(cache); !problem.empty())
    return fail(problem);
  const auto entries = in_order(cache.list());
  if (options.json)
    return write(tasks_as_json(entries, cache.directory(), now()));
  if (options.tsv)
    return write(tasks_as_tsv(entries));
  if (entries.empty()) {
    g_printerr("%s\n", format_text(_("No tasks in %s."), cache.directory().c_str()).c_str());
    return EXIT_SUCCESS;
  }
  return write(as_wide_as_the_terminal(
      "list", [&](std::size_t columns) { return tasks_as_text(entries, now(), columns); }));
}

int path(const Options& options) {
  const auto cache = cache_of(options);
  const auto choice = choose(cache.list(), options.names.front());
  if (!choice)
    return fail(choice.error().text);
  const auto& record = choice->record;
  if (record.state != RecordState::complete)
    return fail(format_text(_("%s has no finished clip: it is %s"), record.key.c_str(),
                            _(status_word(*choice))));
  // The caller is about to use the clip: this updates the time of last use for eviction.
  const auto entry = cache.entry(record.key);
  if (const auto clip = entry->open_clip(record); !clip)
    return fail(clip.error().text);
  return write(entry->clip_path() + "\n");
}

int remove(const Options& options) {
  const auto cache = cache_of(options);
  const auto entries = cache.list();
  int code = EXIT_SUCCESS;
  for (const auto& name : options.names) {
    const auto choice = choose(entries, name);
    const auto removed = choice ? remove_entry(cache, *choice, options.force) : choice.error();
    if ((removed ? write(*removed + "\n") : fail(removed.error().text)) != EXIT_SUCCESS)
      code = EXIT_FAILURE;
  }
  return code;
}

std::string pruned_text(std::size_t count, std::uint64_t bytes, bool is_trial) {
  const auto clips = format_text(
      is_trial ? g_dngettext(GETTEXT_PACKAGE, "%zu clip would be removed",
                             "%zu clips would be removed", count)
               : g_dngettext(GETTEXT_PACKAGE, "%zu clip removed", "%zu clips removed", count),
      count);
  return bytes > 0 ? format_text(_("%s, %s."), clips.c_str(), show_size(bytes).c_str())
                   : format_text(_("%s."), clips.c_str());
}

int prune(const Options& options) {
  const auto cache = cache_of(options);
  if (const auto problem = why_not_readable(cache); !problem.empty())
    return fail(problem);
  store::EvictionRule rule{.max_bytes = options.max_size, .is_trial = options.dry_run};
  if (options.older_than)
    rule.used_before = now() - *options.older_than;
  auto entries = in_order(cache.list());
  const auto gone = cache.evict(rule);
  std::erase_if(entries, [&](const store::EntrySummary& entry) {
    return std::find(gone.begin(), gone.end(), entry.record.key) == gone.end();
  });
  std::uint64_t bytes = 0;
  for (const auto& entry : entries)
    bytes += entry.clip_bytes;
  const auto table = gone.empty() ? "" : tasks_as_text(entries, now(), terminal_columns());
  return write(table + pruned_text(gone.size(), bytes, options.dry_run) + "\n");
}

int costs(const Options& options) {
  const store::Ledger ledger(store::resolve_cache_dir(options.cache_dir));
  ledger.fold(now());
  const auto account = ledger.read();
  if (!account)
    return fail(account.error().text);
  for (const auto& [day, path] : account->damaged)
    if (is_in(options.costs, day))
      (void)fail(format_text(_("damaged, counted as a submit of unknown cost: %s"), path.c_str()));
  if (options.json)
    return write(costs_as_json(*account, options.costs));
  const auto text = costs_as_text(*account, options.costs);
  if (const auto& since = options.costs.since; text.empty())
    g_printerr("%s\n",
               since.empty()
                   ? _("No submits are recorded.")
                   : format_text(_("No submits are recorded from %s on."), since.c_str()).c_str());
  return write(text);
}

int models(const Options& options) {
  if (options.markdown)
    return write(models_as_markdown(api::Models::built_in().rows()));
  if (options.rows)
    return write(api::Models::built_in_text());
  const auto known = job::load_models();
  if (!known)
    return fail(known.error().text);
  return write(as_wide_as_the_terminal("models", [&](std::size_t columns) {
    return models_as_text(known.value()->rows(), columns);
  }));
}

int run(int argc, char** argv) {
  std::setlocale(LC_ALL, "");
  bind_translations();
  textdomain(GETTEXT_PACKAGE);
  Options options;
  if (const auto problem = read_options(argc, argv, options); !problem.empty())
    return fail(problem, usage_error);
  if (options.help)
    return write(help_text());
  if (options.version)
    return write("modelverse-tasks " PACKAGE_VERSION "\n");
  constexpr std::pair<const char*, int (*)(const Options&)> commands[] = {
      {"list", list},   {"path", path},   {"remove", remove},
      {"prune", prune}, {"costs", costs}, {"models", models}};
  for (const auto& [name, command] : commands) {
    if (options.command == name)
      return command(options);
  }
  return usage_error;
}

}  // namespace

}  // namespace modelverse::tool

int main(int argc, char** argv) {
  try {
    return modelverse::tool::run(argc, argv);
  } catch (const std::exception& exception) {
    g_printerr("modelverse-tasks: %s\n", exception.what());
    return EXIT_FAILURE;
  }
}
