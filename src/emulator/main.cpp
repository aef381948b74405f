// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-emulator: a strict stand-in for the video service, on loopback only.
#include <glib-unix.h>
#include <glib/gstdio.h>

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

std::variant<Blob, std::string> read_file(const std::string& path) {
  char* data = nullptr;
  gsize size = 0;
  ErrorSlot error;
  if (!g_file_get_contents(path.c_str(), &data, &size, error.out()))
    return std::string(error.message());
  return adopt_blob(g_bytes_new_take(data, size));
}

int make_one_clip(const Options& options) {
  const MakeClip& wish = options.make_clip;
  auto picture = built_in_picture();
  if (!wish.picture_file.empty()) {
    const auto bytes = read_file(wish.picture_file);
    if (const auto* problem = std::get_if<std::string>(&bytes))
      return fail(*problem);
    picture = decode_picture(std::get<Blob>(bytes));
  }
  if (const auto* problem = std::get_if<std::string>(&picture))
    return fail(*problem);
  ClipPlan plan;
  // The sizes of the default model.
  const Size size = wish.resolution == "1080p" ? Size{1792, 1024} : Size{1280, 720};
  plan.size = turned_with(std::get<Picture>(picture), size);
  plan.seconds = wish.seconds;
  plan.prompt = wish.prompt;
  plan.layout = options.layout;
  const auto clip = make_clip(std::get<Picture>(picture), plan, {});
  if (const auto* problem = std::get_if<std::string>(&clip))
    return fail(*problem);
  const Blob& bytes = std::get<Blob>(clip);
  ErrorSlot error;
  if (!g_file_set_contents(wish.file.c_str(), reinterpret_cast<const char*>(blob_data(bytes)),
                           static_cast<gssize>(blob_size(bytes)), error.out()))
    return fail(error.message());
  return EXIT_SUCCESS;
}

gboolean on_signal(gpointer loop) {
  g_main_loop_quit(static_cast<GMainLoop*>(loop));
  return G_SOURCE_CONTINUE;
}

// Standard input ends with the process that holds its other end, however that one dies.
gboolean on_stdin(gint fd, GIOCondition, gpointer loop) {
  char ignored[256];
  if (read(fd, ignored, sizeof ignored) > 0)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit(static_cast<GMainLoop*>(loop));
  return G_SOURCE_REMOVE;
}

// Whoever reads the address may end the program at once.
void run_until_stopped(const Options& options, const std::string& base_url) {
  const MainLoopPtr loop(g_main_loop_new(nullptr, FALSE));
  g_unix_signal_add(SIGINT, on_signal, loop.get());
  g_unix_signal_add(SIGTERM, on_signal, loop.get());
  if (options.exit_with_stdin)
    g_unix_fd_add(STDIN_FILENO, static_cast<GIOCondition>(G_IO_IN | G_IO_HUP | G_IO_ERR), on_stdin,
                  loop.get());
  std::printf("MODELVERSE_BASE_URL=%s\n", base_url.c_str());
  std::fflush(stdout);
  g_main_loop_run(loop.get());
}

std::variant<Script, std::string> load_script(const std::string& path) {
  if (path.empty())
    return Script();
  const auto text = read_file(path);
  if (const auto* problem = std::get_if<std::string>(&text))
    return *problem;
  const Blob& bytes = std::get<Blob>(text);
  return Script::parse({reinterpret_cast<const char*>(blob_data(bytes)), blob_size(bytes)});
}

int serve(const Options& options) {
  auto script = load_script(options.script_file);
  if (const auto* problem = std::get_if<std::string>(&script))
    return fail("--script: " + *problem, usage_error);
  Blob fixed_clip;
  if (!options.clip_file.empty()) {
    auto bytes = read_file(options.clip_file);
    if (const auto* problem = std::get_if<std::string>(&bytes))
      return fail("--clip: " + *problem, usage_error);
    fixed_clip = std::get<Blob>(bytes);
  }
  Service service(options, std::get<Script>(std::move(script)), std::move(fixed_clip));
  Server server(options, service);
  if (const std::string problem = server.listen(); !problem.empty())
    return fail(problem);
  run_until_stopped(options, server.base_url());
  return EXIT_SUCCESS;
}

int run(int argc, char** argv) {
  const auto read = read_options(argc, argv);
  if (const auto* problem = std::get_if<std::string>(&read))
    return fail(*problem, usage_error);
  const Options& options = std::get<Options>(read);
  if (options.help_script) {
    std::fputs(script_help().c_str(), stdout);
    return EXIT_SUCCESS;
  }
  // A peer that leaves is an error of one write, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  ErrorSlot error;
  if (!gst_init_check(nullptr, nullptr, error.out()))
    return fail(error.message());
  return options.make_clip.file.empty() ? serve(options) : make_one_clip(options);
}

}  // namespace
}  // namespace emulator

int main(int argc, char** argv) {
  // Only how text is written, not how numbers are.
  std::setlocale(LC_CTYPE, "");
  try {
    return emulator::run(argc, argv);
  } catch (const std::exception& exception) {
    g_printerr("modelverse-emulator: %s\n", exception.what());
    return 1;
  }
}
