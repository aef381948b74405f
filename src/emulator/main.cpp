// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-emulator: a strict emulator of the video service, on loopback only.
#include <glib-unix.h>
#include <sys/resource.h>

#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "emulator/clip_encoder.h"
#include "emulator/server.h"

namespace emulator {
namespace {

constexpr int usage_error = 2;

int fail(const std::string& problem, int code = EXIT_FAILURE) {
  g_printerr("modelverse-emulator: %s\n", problem.c_str());
  return code;
}

// Null without a path; the text is the error.
std::string read_file(const char* path, Blob& bytes) {
  char* data = nullptr;
  gsize size = 0;
  g_autoptr(GError) error = nullptr;
  if (path && !g_file_get_contents(path, &data, &size, &error))
    return error->message;
  bytes = path ? adopt_blob(g_bytes_new_take(data, size)) : Blob();
  return {};
}

int make_one_clip(const Options& options) {
  Blob bytes;
  if (const std::string problem = read_file(options.picture_file, bytes); !problem.empty())
    return fail(problem);
  const auto picture = bytes ? decode_picture(bytes) : built_in_picture();
  if (const auto* problem = std::get_if<std::string>(&picture))
    return fail(*problem);
  ClipPlan plan;
  // The sizes of the default model.
  const bool is_large = g_str_equal(options.resolution, "1080p");
  plan.size =
      turned_with(std::get<Picture>(picture), is_large ? Size{1792, 1024} : Size{1280, 720});
  plan.seconds = options.seconds;
  plan.prompt = options.prompt ? options.prompt : "";
  const auto clip = make_clip(std::get<Picture>(picture), plan, options.moov, {});
  if (const auto* problem = std::get_if<std::string>(&clip))
    return fail(*problem);
  const Blob& made = std::get<Blob>(clip);
  g_autoptr(GError) error = nullptr;
  if (!g_file_set_contents(options.make_clip, reinterpret_cast<const char*>(blob_data(made)),
                           static_cast<gssize>(blob_size(made)), &error))
    return fail(error->message);
  return EXIT_SUCCESS;
}

gboolean on_signal(gpointer loop) {
  g_main_loop_quit(static_cast<GMainLoop*>(loop));
  return G_SOURCE_CONTINUE;
}

// Standard input ends when the process at its other end exits, for any reason.
gboolean on_stdin(gint fd, GIOCondition, gpointer loop) {
  char ignored[256];
  if (read(fd, ignored, sizeof ignored) > 0)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit(static_cast<GMainLoop*>(loop));
  return G_SOURCE_REMOVE;
}

// libsoup before 3.3 keeps the descriptor of an idle connection that the client has closed, and
// every version that of a stalled response. Without a free one, it would not accept connections any
// more.
void raise_descriptor_limit() {
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Signal handlers are installed before the address is printed: its reader may send a signal at
// once.
void run_until_stopped(const Options& options, const std::string& base_url) {
  g_autoptr(GMainLoop) loop = g_main_loop_new(nullptr, FALSE);
  g_unix_signal_add(SIGINT, on_signal, loop);
  g_unix_signal_add(SIGTERM, on_signal, loop);
  if (options.exit_with_stdin)
    g_unix_fd_add(STDIN_FILENO, static_cast<GIOCondition>(G_IO_IN | G_IO_HUP | G_IO_ERR), on_stdin,
                  loop);
  std::printf("MODELVERSE_BASE_URL=%s\n", base_url.c_str());
  std::fflush(stdout);
  g_main_loop_run(loop);
}

int serve(const Options& options) {
  Blob text;
  Blob clip;
  std::string problem = read_file(options.script_file, text);
  auto script =
      text ? Script::parse({reinterpret_cast<const char*>(blob_data(text)), blob_size(text)})
           : Script();
  if (const auto* wrong = std::get_if<std::string>(&script))
    problem = *wrong;
  if (!problem.empty())
    return fail("--script: " + problem, usage_error);
  if (problem = read_file(options.clip_file, clip); !problem.empty())
    return fail("--clip: " + problem, usage_error);
  Service service(options, std::get<Script>(std::move(script)), std::move(clip));
  Server server(options, service);
  if (problem = server.listen(); !problem.empty())
    return fail(problem);
  run_until_stopped(options, server.base_url());
  return EXIT_SUCCESS;
}

int run(int argc, char** argv) {
  Options options;
  if (const std::string problem = read_options(argc, argv, options); !problem.empty())
    return fail(problem, usage_error);
  if (options.version) {
    std::puts("modelverse-emulator " PACKAGE_VERSION);
    return EXIT_SUCCESS;
  }
  if (options.help_script) {
    std::fputs(script_help().c_str(), stdout);
    return EXIT_SUCCESS;
  }
  // A closed connection must fail a write, not raise SIGPIPE.
  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  g_autoptr(GError) error = nullptr;
  if (!gst_init_check(nullptr, nullptr, &error))
    return fail(error->message);
  return options.make_clip ? make_one_clip(options) : serve(options);
}

}  // namespace
}  // namespace emulator

int main(int argc, char** argv) {
  // Only the encoding of text, not the format of numbers.
  std::setlocale(LC_CTYPE, "");
  try {
    return emulator::run(argc, argv);
  } catch (const std::exception& exception) {
    g_printerr("modelverse-emulator: %s\n", exception.what());
    return 1;
  }
}
