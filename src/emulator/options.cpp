// SPDX-License-Identifier: LGPL-2.1-or-later
// GOption's tables.
#include "emulator/options.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "emulator/handles.h"

namespace emulator {
namespace {

// Sets the default, the first choice, if the option is not given.
bool is_choice(char*& text, std::initializer_list<const char*> choices) {
  if (!text)
    text = g_strdup(*choices.begin());
  return std::ranges::any_of(choices, [&](const char* one) { return g_str_equal(one, text); });
}

// "90" or "90~0.2"; keeps the value if there is no text.
bool read_generation_time(const char* text, GenerationTime& time) {
  if (!text)
    return true;
  char* end = nullptr;
  time.median = g_ascii_strtod(text, &end);
  bool is_good = end != text && time.median >= 0 && time.median <= 1e6;
  if (*end == '~') {
    const char* spread = end + 1;
    time.spread = g_ascii_strtod(spread, &end);
    is_good = is_good && end != spread && time.spread >= 0 && time.spread <= 3;
  }
  return is_good && *end == '\0';
}

std::string check(Options& options) {
  if (options.port < 0 || options.port > UINT16_MAX)
    return "--port: not a port";
  if (options.max_tasks < 0)
    return "--max-tasks: not a number of tasks";
  if (!(options.link_seconds >= 0 && options.link_seconds <= 1e9))
    return "--link-lifetime: not a time in seconds";
  if (options.seconds < 1 || options.seconds > 60)
    return "--duration: 1 to 60 seconds";
  if (!options.tls_certificate_file != !options.tls_key_file)
    return "--tls-certificate and --tls-key need each other";
  if (!is_choice(options.resolution, {"720p", "1080p"}))
    return "--resolution: 720p or 1080p";
  if (!is_choice(options.moov, {"last", "first", "fragmented"}))
    return "--moov: first, last or fragmented";
  if (!is_choice(options.auth, {"any", "raw", "bearer"}))
    return "--auth: raw, bearer or any";
  return {};
}

// clang-format off
void add_main_entries(GOptionContext* context, Options& to, char*& generation) {
  const GOptionEntry entries[] = {
      {"port", 0, 0, G_OPTION_ARG_INT, &to.port, "Port on 127.0.0.1 (0: any free port)", "N"},
      {"generation-time", 0, 0, G_OPTION_ARG_STRING, &generation,
       "Seconds to Success (3); 90~0.2: log-normal", "S[~SPREAD]"},
      {"max-tasks", 0, 0, G_OPTION_ARG_INT, &to.max_tasks,
       "Refuse submits (429) beyond N tasks", "N"},
      {"clip", 0, 0, G_OPTION_ARG_FILENAME, &to.clip_file, "Serve this file as every result",
       "FILE"},
      {"script", 0, 0, G_OPTION_ARG_FILENAME, &to.script_file, "Simulate these faults", "FILE"},
      {"help-script", 0, 0, G_OPTION_ARG_NONE, &to.help_script, "Describe the script's format",
       nullptr},
      {"log", 0, 0, G_OPTION_ARG_NONE, &to.log, "Log each request, without secrets", nullptr},
      {"version", 0, 0, G_OPTION_ARG_NONE, &to.version, "Print the version", nullptr},
      {}};
  g_option_context_add_main_entries(context, entries, nullptr);
}

void add_service_entries(GOptionContext* context, Options& to) {
  const GOptionEntry entries[] = {
      {"link-lifetime", 0, 0, G_OPTION_ARG_DOUBLE, &to.link_seconds,
       "Lifetime of a result link (3600), then 403", "SECONDS"},
      {"moov", 0, 0, G_OPTION_ARG_STRING, &to.moov, "Position of the MP4's index (last)",
       "first|last|fragmented"},
      {"api-key", 0, 0, G_OPTION_ARG_STRING, &to.api_key, "The only accepted key (any)", "KEY"},
      {"auth", 0, 0, G_OPTION_ARG_STRING, &to.auth, "Accepted form of the key (any)",
       "raw|bearer|any"},
      {"strict-size", 0, 0, G_OPTION_ARG_NONE, &to.strict_size,
       "Fail a picture of another size than the clip", nullptr},
      {"any-model", 0, 0, G_OPTION_ARG_NONE, &to.any_model,
       "Accept unknown models, with any fields", nullptr},
      {"tls-certificate", 0, 0, G_OPTION_ARG_FILENAME, &to.tls_certificate_file,
       "Serve https with this PEM file", "FILE"},
      {"tls-key", 0, 0, G_OPTION_ARG_FILENAME, &to.tls_key_file,
       "The certificate's key, a PEM file", "FILE"},
      {"plain-results", 0, 0, G_OPTION_ARG_NONE, &to.results_without_tls,
       "Use http for result links", nullptr},
      {"exit-with-stdin", 0, 0, G_OPTION_ARG_NONE, &to.exit_with_stdin,
       "Exit when standard input is closed", nullptr},
      {}};
  GOptionGroup* group = g_option_group_new("service", "Other behaviour of the service:",
                                           "Other behaviour of the service", nullptr, nullptr);
  g_option_group_add_entries(group, entries);
  g_option_context_add_group(context, group);
}

void add_clip_entries(GOptionContext* context, Options& to) {
  const GOptionEntry entries[] = {
      {"make-clip", 0, 0, G_OPTION_ARG_FILENAME, &to.make_clip,
       "Write a clip to this file and exit", "FILE"},
      {"picture", 0, 0, G_OPTION_ARG_FILENAME, &to.picture_file,
       "With --make-clip: its picture (a test picture)", "FILE"},
      {"prompt", 0, 0, G_OPTION_ARG_STRING, &to.prompt, "With --make-clip: its text", "TEXT"},
      {"duration", 0, 0, G_OPTION_ARG_INT, &to.seconds,
       "With --make-clip: its length (4)", "SECONDS"},
      {"resolution", 0, 0, G_OPTION_ARG_STRING, &to.resolution,
       "With --make-clip: its size (720p)", "720p|1080p"},
      {}};
  GOptionGroup* group =
      g_option_group_new("clip", "Make a clip:", "Make a clip without a service", nullptr, nullptr);
  g_option_group_add_entries(group, entries);
  g_option_context_add_group(context, group);
}
// clang-format on

}  // namespace

Options::~Options() {
  for (char* text : {moov, auth, api_key, script_file, clip_file, tls_certificate_file,
                     tls_key_file, make_clip, picture_file, prompt, resolution})
    g_free(text);
}

std::string read_options(int argc, char** argv, Options& options) {
  g_autoptr(GOptionContext) context = g_option_context_new(nullptr);
  g_option_context_set_summary(
      context,
      "A strict emulator of the video service, on loopback only. It prints the line\n"
      "MODELVERSE_BASE_URL=http://127.0.0.1:N when it is ready.");
  g_option_context_set_description(
      context, "Exit status: 0: ended by a signal; 1: cannot start; 2: wrong usage or script.");
  g_autofree char* generation = nullptr;
  add_main_entries(context, options, generation);
  add_service_entries(context, options);
  add_clip_entries(context, options);
  g_autoptr(GError) error = nullptr;
  if (!g_option_context_parse(context, &argc, &argv, &error))
    return error->message;
  if (argc > 1)
    return std::string("unexpected argument ") + argv[1];
  if (!read_generation_time(generation, options.generation))
    return "--generation-time: not a time in seconds, such as 90 or 90~0.2";
  return check(options);
}

}  // namespace emulator
