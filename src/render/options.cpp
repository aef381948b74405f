// SPDX-License-Identifier: LGPL-2.1-or-later
// Parses the command line.
#include "render/options.h"

#include <glib.h>

#include <charconv>
#include <cmath>
#include <memory>

#include "glib/handles.h"
#include "glib/text.h"

namespace modelverse::render {

namespace {

constexpr const char* summary =
    N_("Makes all clips of a shot list, and on request one film of them. Run it again\n"
       "after an interruption: it continues, and nothing is paid twice.");
constexpr const char* description =
    N_("Exit status: 0: all made; 1: a shot or the film failed; 2: wrong usage or list.\n"
       "The list is described in modelverse-render(1).");

using OptionContextPtr = std::unique_ptr<GOptionContext, Freer<g_option_context_free>>;

// What GOption fills in.
struct Given {
  char* directory = nullptr;
  char* film = nullptr;
  char* shard = nullptr;
  char* max_cost = nullptr;
  char* daily_budget = nullptr;
  gboolean dry_run = FALSE;
  gboolean json = FALSE;
  gboolean version = FALSE;
  Given() = default;
  Given(const Given&) = delete;
  Given& operator=(const Given&) = delete;
  ~Given() {
    for (char* text : {directory, film, shard, max_cost, daily_budget})
      g_free(text);
  }
};

bool read_count(std::string_view text, std::size_t& number) {
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end && number > 0;
}

bool read_shard(std::string_view text, Options& options) {
  const auto slash = text.find('/');
  return slash != std::string_view::npos && read_count(text.substr(0, slash), options.shard) &&
         read_count(text.substr(slash + 1), options.shards) && options.shard <= options.shards;
}

// clang-format off
void add_entries(GOptionContext* context, Given& given, Options& options) {
  const GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &given.directory,
       _("Put the clip of each shot here, as ID.mp4"), "DIRECTORY"},
      {"film", 0, 0, G_OPTION_ARG_FILENAME, &given.film,
       _("Make one film of all clips, .mp4 or .webm"), "FILE"},
      {"transition", 0, 0, G_OPTION_ARG_DOUBLE, &options.transition,
       _("Cross-fade between the clips of the film"), "SECONDS"},
      {"jobs", 0, 0, G_OPTION_ARG_INT, &options.jobs, _("Make so many clips at once (4)"), "N"},
      {"shard", 0, 0, G_OPTION_ARG_STRING, &given.shard,
       _("Make every Nth shot from the Kth on"), "K/N"},
      {"dry-run", 0, 0, G_OPTION_ARG_NONE, &given.dry_run,
       _("Print states and costs, submit nothing"), nullptr},
      {"max-cost", 0, 0, G_OPTION_ARG_STRING, &given.max_cost,
       _("Refuse a clip that costs more, or unknown"), "COST"},
      {"daily-budget", 0, 0, G_OPTION_ARG_STRING, &given.daily_budget,
       _("Limit of the costs of 24 hours"), "COST"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &given.json,
       _("Print each event as a line of JSON"), nullptr},
      {"version", 0, 0, G_OPTION_ARG_NONE, &given.version, _("Print the version"), nullptr},
      {}};
  g_option_context_add_main_entries(context, entries, nullptr);
  // They are translated, and a placeholder must not be because a heading has the same text.
  g_option_group_set_translate_func(g_option_context_get_main_group(context), nullptr, nullptr,
                                    nullptr);
}
// clang-format on

std::string text_of(const char* text) {
  return text ? text : "";
}

bool is_amount(double value) {
  return std::isfinite(value) && value >= 0;
}

// An empty text, as of an unset variable of a shell, is no limit of 0.
bool read_amount(const char* text, double& amount) {
  if (!text)
    return true;
  char* end = nullptr;
  amount = g_ascii_strtod(text, &end);
  return end != text && *end == '\0' && is_amount(amount);
}

std::string check(const Options& options) {
  constexpr int most_jobs = 1000;
  constexpr double longest_transition = 10;
  if (options.jobs < 1 || options.jobs > most_jobs)
    return _("--jobs: 1 to 1000");
  if (!is_amount(options.transition) || options.transition > longest_transition)
    return _("--transition: 0 to 10 seconds");
  if (options.transition > 0 && options.film.empty())
    return _("--transition needs --film");
  if (!options.film.empty() && !options.film.ends_with(".mp4") && !options.film.ends_with(".webm"))
    return _("--film: the name must end in .mp4 or .webm");
  if (!options.film.empty() && options.shards > 1)
    return _(
        "--film needs the clips of all shots: run it without --shard when the shards are done");
  return {};
}

}  // namespace

std::string read_options(int argc, char** argv, Options& options) {
  Given given;
  const OptionContextPtr context(g_option_context_new("SHOTS.json"));
  g_option_context_set_summary(context.get(), _(summary));
  g_option_context_set_description(context.get(), _(description));
  add_entries(context.get(), given, options);
  ErrorSlot error;
  if (!g_option_context_parse(context.get(), &argc, &argv, error.out()))
    return error.message();
  options.directory = text_of(given.directory);
  options.film = text_of(given.film);
  options.is_dry_run = given.dry_run != FALSE;
  options.json = given.json != FALSE;
  options.version = given.version != FALSE;
  if (options.version)
    return {};
  for (const char* path : {given.directory, given.film})
    if (path && !*path)
      return _("-o, --film: the name is empty");
  if (!read_amount(given.max_cost, options.max_cost) ||
      !read_amount(given.daily_budget, options.daily_budget))
    return _("--max-cost, --daily-budget: an amount of money, such as 5.5");
  if (given.shard && !read_shard(given.shard, options))
    return format_text(_("--shard=%s is not K/N, such as 1/3"), given.shard);
  // GLib keeps the "--" separator in front of arguments that begin with a dash.
  const int first = argc > 1 && std::string_view(argv[1]) == "--" ? 2 : 1;
  if (argc != first + 1)
    return argc <= first ? _("no shot list, see --help")
                         : format_text(_("unexpected argument %s"), argv[first + 1]);
  options.list = argv[first];
  return check(options);
}

}  // namespace modelverse::render
