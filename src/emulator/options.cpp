// SPDX-License-Identifier: LGPL-2.1-or-later
// The command line.
#include "emulator/options.h"

#include <array>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "emulator/handles.h"

namespace emulator {
namespace {

using OptionContextPtr = std::unique_ptr<GOptionContext, Release<g_option_context_free>>;

// What GOption writes to, before it is checked.
struct Raw {
  int port = 0;
  int duration = 4;
  double generation = 3;
  double link_lifetime = 3600;
  char* texts[11] = {};
  gboolean flags[6] = {};

  Raw() = default;
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;
  ~Raw() {
    for (char* text : texts)
      g_free(text);
  }
};
enum Text {
  moov,
  auth,
  key,
  script,
  clip,
  certificate,
  tls_key,
  make,
  picture,
  prompt,
  resolution
};
enum Flag { strict_size, any_model, plain_results, log_requests, with_stdin, help_script };

GOptionEntry file_option(const char* name, char** place, const char* help) {
  return {name, 0, 0, G_OPTION_ARG_FILENAME, place, help, "FILE"};
}

GOptionEntry text_option(const char* name, char** place, const char* help, const char* unit) {
  return {name, 0, 0, G_OPTION_ARG_STRING, place, help, unit};
}

GOptionEntry flag_option(const char* name, gboolean* place, const char* help) {
  return {name, 0, 0, G_OPTION_ARG_NONE, place, help, nullptr};
}

void add_service_options(GOptionContext* context, Raw& raw) {
  const std::array entries = {
      GOptionEntry{"port", 0, 0, G_OPTION_ARG_INT, &raw.port, "API port on 127.0.0.1 (0: any free)",
                   "N"},
      GOptionEntry{"generation-time", 0, 0, G_OPTION_ARG_DOUBLE, &raw.generation,
                   "Seconds from submit to Success, the first fifth Pending (default 3)",
                   "SECONDS"},
      GOptionEntry{"link-lifetime", 0, 0, G_OPTION_ARG_DOUBLE, &raw.link_lifetime,
                   "Seconds that a result link lives, then 403 (default 3600)", "SECONDS"},
      file_option("script", &raw.texts[script], "Faults and variants to play, see --help-script"),
      text_option("moov", &raw.texts[moov], "Where the MP4's index stands (default last)",
                  "first|last|fragmented"),
      file_option("clip", &raw.texts[clip], "Serve this file as every result"),
      text_option("api-key", &raw.texts[key], "The one good key (default: any)", "KEY"),
      text_option("auth", &raw.texts[auth], "How the key has to be sent (default any)",
                  "raw|bearer|any"),
      flag_option(
          "strict-size", &raw.flags[strict_size],
          "Fail a picture that has not exactly the clip's size, where the model wants that"),
      flag_option("any-model", &raw.flags[any_model],
                  "Accept unknown models with any fields, 1280x720"),
      file_option("tls-certificate", &raw.texts[certificate], "Serve https with this PEM file"),
      file_option("tls-key", &raw.texts[tls_key], "The certificate's key, a PEM file"),
      flag_option("plain-results", &raw.flags[plain_results],
                  "Result links stay http where the API is https"),
      flag_option("log", &raw.flags[log_requests], "One line a request on stderr, no secrets"),
      flag_option("exit-with-stdin", &raw.flags[with_stdin], "End when standard input ends"),
      flag_option("help-script", &raw.flags[help_script], "Describe the script's format"),
      GOptionEntry{},
  };
  g_option_context_add_main_entries(context, entries.data(), nullptr);
}

void add_clip_options(GOptionContext* context, Raw& raw) {
  const std::array entries = {
      file_option("make-clip", &raw.texts[make], "Write a clip to this file and exit"),
      file_option("picture", &raw.texts[picture],
                  "With --make-clip: its picture (default: a test"
                  " picture)"),
      text_option("prompt", &raw.texts[prompt], "With --make-clip: the text in it", "TEXT"),
      GOptionEntry{"duration", 0, 0, G_OPTION_ARG_INT, &raw.duration,
                   "With --make-clip: its length in seconds (default 4)", "SECONDS"},
      text_option("resolution", &raw.texts[resolution], "With --make-clip: its size (default 720p)",
                  "720p|1080p"),
      GOptionEntry{},
  };
  GOptionGroup* group =
      g_option_group_new("clip", "Make a clip:", "Make a clip without a service", nullptr, nullptr);
  g_option_group_add_entries(group, entries.data());
  g_option_context_add_group(context, group);
}

template <typename T, std::size_t n>
std::optional<T> choose(const char* text, const std::pair<const char*, T> (&choices)[n], T unset) {
  if (!text)
    return unset;
  for (const auto& [name, value] : choices) {
    if (std::string_view(text) == name)
      return value;
  }
  return {};
}

std::string text_of(const Raw& raw, Text which) {
  return raw.texts[which] ? raw.texts[which] : "";
}

std::string problem_of(const Raw& raw) {
  if (raw.port < 0 || raw.port > std::numeric_limits<std::uint16_t>::max())
    return "--port: not a port";
  if (!(raw.generation >= 0 && raw.generation <= 1e6))
    return "--generation-time: not a time in seconds";
  if (!(raw.link_lifetime >= 0 && raw.link_lifetime <= 1e9))
    return "--link-lifetime: not a time in seconds";
  if (raw.duration < 1 || raw.duration > 60)
    return "--duration: 1 to 60 seconds";
  if (!raw.texts[certificate] != !raw.texts[tls_key])
    return "--tls-certificate and --tls-key need each other";
  if (raw.texts[resolution] && text_of(raw, resolution) != "720p" &&
      text_of(raw, resolution) != "1080p")
    return "--resolution: 720p or 1080p";
  return {};
}

std::variant<Options, std::string> checked(const Raw& raw) {
  if (std::string problem = problem_of(raw); !problem.empty())
    return problem;
  const auto layout = choose<Layout>(raw.texts[moov],
                                     {{"first", Layout::moov_first},
                                      {"last", Layout::moov_last},
                                      {"fragmented", Layout::fragmented}},
                                     Layout::moov_last);
  if (!layout)
    return "--moov: first, last or fragmented";
  const auto auth_rule = choose<AuthRule>(
      raw.texts[auth],
      {{"any", AuthRule::any}, {"raw", AuthRule::raw}, {"bearer", AuthRule::bearer}},
      AuthRule::any);
  if (!auth_rule)
    return "--auth: raw, bearer or any";
  Options options;
  options.port = static_cast<std::uint16_t>(raw.port);
  options.generation_seconds = raw.generation;
  options.link_seconds = raw.link_lifetime;
  options.layout = *layout;
  options.auth = *auth_rule;
  options.api_key = text_of(raw, key);
  options.script_file = text_of(raw, script);
  options.clip_file = text_of(raw, clip);
  options.tls_certificate_file = text_of(raw, certificate);
  options.tls_key_file = text_of(raw, tls_key);
  options.strict_size = raw.flags[strict_size];
  options.any_model = raw.flags[any_model];
  options.results_without_tls = raw.flags[plain_results];
  options.log = raw.flags[log_requests];
  options.exit_with_stdin = raw.flags[with_stdin];
  options.help_script = raw.flags[help_script];
  options.make_clip = {text_of(raw, make), text_of(raw, picture), text_of(raw, prompt),
                       raw.texts[resolution] ? raw.texts[resolution] : "720p", raw.duration};
  return options;
}

}  // namespace

std::variant<Options, std::string> read_options(int argc, char** argv) {
  OptionContextPtr context(g_option_context_new(nullptr));
  g_option_context_set_summary(
      context.get(),
      "A strict stand-in for the video service, on loopback only. It prints the line\n"
      "MODELVERSE_BASE_URL=http://127.0.0.1:N when it is ready. What it received is at\n"
      "GET /requests and GET /tasks; POST /script plays a new script, POST /reset forgets.");
  Raw raw;
  add_service_options(context.get(), raw);
  add_clip_options(context.get(), raw);
  ErrorSlot error;
  if (!g_option_context_parse(context.get(), &argc, &argv, error.out()))
    return std::string(error.message());
  if (argc > 1)
    return std::string("unexpected argument ") + argv[1];
  return checked(raw);
}

}  // namespace emulator
