// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-tasks: shows what the elements keep and know. Touches no network, changes nothing.
#include <glib.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>

#include "api/models_text.h"
#include "glib/handles.h"
#include "job/models.h"
#include "store/cache.h"
#include "tool/task_list.h"

namespace modelverse::tool {

namespace {

constexpr int usage_error = 2;
constexpr const char* description =
    "Commands:\n"
    "  list    the tasks and clips in the cache, the last used first\n"
    "  models  the models that are known, with those of your own models.json\n"
    "\n"
    "STATUS is one of: complete; unfinished (the task is picked up by the same request, or by\n"
    "task-id=TASK); unknown (nobody knows if the submit was accepted; resubmit=true submits\n"
    "again); running or submitting while an element works on it.\n"
    "A * marks what is sent where nothing is set.\n"
    "\n"
    "Environment: MODELVERSE_CACHE_DIR, MODELVERSE_MODELS_FILE.";

using OptionContextPtr = std::unique_ptr<GOptionContext, Freer<g_option_context_free>>;

struct Options {
  CharPtr cache_dir;
  bool tsv = false;
  bool markdown = false;
  bool rows = false;
  bool version = false;
  std::string command;
};

int fail(const std::string& problem, int code = EXIT_FAILURE) {
  g_printerr("modelverse-tasks: %s\n", problem.c_str());
  return code;
}

int write(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  return std::fflush(stdout) == 0 ? EXIT_SUCCESS : fail("the output cannot be written");
}

// What is wrong with the command line, or nothing.
std::string read_options(int argc, char** argv, Options& options) {
  char* cache_dir = nullptr;
  gboolean flags[4] = {};
  const GOptionEntry entries[] = {
      {"cache-dir", 0, 0, G_OPTION_ARG_FILENAME, &cache_dir,
       "list: the cache to look into, as the property of the elements", "DIR"},
      {"tsv", 0, 0, G_OPTION_ARG_NONE, &flags[0],
       "list: for programs: whole fields, a tab between them", nullptr},
      {"markdown", 0, 0, G_OPTION_ARG_NONE, &flags[1],
       "models: those that are compiled in, as a table of Markdown", nullptr},
      {"rows", 0, 0, G_OPTION_ARG_NONE, &flags[2],
       "models: the rows that are compiled in, to copy from into a models.json", nullptr},
      {"version", 0, 0, G_OPTION_ARG_NONE, &flags[3], "Print the version", nullptr},
      {}};
  OptionContextPtr context(g_option_context_new("list|models"));
  g_option_context_set_summary(context.get(),
                               "Shows the tasks and clips that modelversesrc keeps, and the "
                               "models that it knows.");
  g_option_context_set_description(context.get(), description);
  g_option_context_add_main_entries(context.get(), entries, nullptr);
  ErrorSlot error;
  if (!g_option_context_parse(context.get(), &argc, &argv, error.out()))
    return error.message();
  options.cache_dir.reset(cache_dir);
  options.tsv = flags[0];
  options.markdown = flags[1];
  options.rows = flags[2];
  options.version = flags[3];
  options.command = argc > 1 ? argv[1] : "";
  return argc > 2 ? std::string("unexpected argument ") + argv[2] : "";
}

// Each option belongs to one command.
std::string check_options(const Options& options) {
  const bool is_list = options.command == "list";
  if (!is_list && options.command != "models")
    return options.command.empty() ? "no command, see --help"
                                   : "no such command: " + options.command + ", see --help";
  if (!is_list && (options.cache_dir || options.tsv))
    return "--cache-dir and --tsv are for list";
  if (is_list && (options.markdown || options.rows))
    return "--markdown and --rows are for models";
  return options.markdown && options.rows ? "--markdown or --rows, not both" : "";
}

int list(const Options& options) {
  const auto folder =
      store::resolve_cache_dir(options.cache_dir ? options.cache_dir.get() : std::string());
  const auto entries = store::Cache(folder).list();
  if (options.tsv)
    return write(tasks_as_tsv(entries));
  if (entries.empty()) {
    g_printerr("There is no task in %s.\n", folder.c_str());
    return EXIT_SUCCESS;
  }
  return write(tasks_as_text(entries));
}

int models(const Options& options) {
  if (options.markdown)
    return write(api::models_as_markdown(api::Models::built_in().rows()));
  if (options.rows)
    return write(api::Models::built_in_text());
  const auto known = job::load_models();
  if (!known)
    return fail(known.error().text);
  return write(api::models_as_text(known.value()->rows()));
}

int run(int argc, char** argv) {
  std::setlocale(LC_ALL, "");
  Options options;
  if (const auto problem = read_options(argc, argv, options); !problem.empty())
    return fail(problem, usage_error);
  if (options.version)
    return write("modelverse-tasks " PACKAGE_VERSION "\n");
  if (const auto problem = check_options(options); !problem.empty())
    return fail(problem, usage_error);
  return options.command == "list" ? list(options) : models(options);
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
