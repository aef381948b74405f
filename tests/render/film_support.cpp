// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes the clips, and runs the main loop until the film has ended.
#include <gst/pbutils/pbutils.h>

#include <optional>

#include "film_test.h"
#include "render/film.h"
#include "support/pipeline.h"

namespace modelverse::render {

void FilmTest::SetUpTestSuite() {
  gst_init(nullptr, nullptr);
  gst_pb_utils_init();
}

std::string FilmTest::clip(const std::string& name, const std::string& pattern, int width,
                           int height, const std::string& sound, const std::string& encoder) const {
  const auto path = file(name);
  test_support::Pipeline pipeline(
      "videotestsrc num-buffers=60 pattern=" + pattern +
      " ! video/x-raw,width=" + std::to_string(width) + ",height=" + std::to_string(height) +
      ",framerate=30/1,format=I420 ! " + encoder +
      " ! mp4mux name=mux ! filesink location=" + path +
      (sound.empty() ? ""
                     : "  audiotestsrc num-buffers=200 samplesperbuffer=480 wave=" + sound +
                           " ! audio/x-raw,rate=48000,channels=2 ! avenc_aac ! mux."));
  EXPECT_TRUE(pipeline.run());
  return path;
}

std::string FilmTest::make(const std::string& path, const std::vector<std::string>& clips,
                           double transition) {
  auto* loop = g_main_loop_new(nullptr, FALSE);
  std::optional<std::string> problem;
  Film film({.path = path, .transition = transition, .stall = stall_},
            {.on_progress = [this](int, const std::string& text) { told_ = text; },
             .on_done =
                 [&](const std::string&) {
                   problem = "";
                   g_main_loop_quit(loop);
                 },
             .on_failed =
                 [&](const std::string& text) {
                   problem = text;
                   g_main_loop_quit(loop);
                 }});
  if (const auto started = film.start(clips); !started)
    problem = started.error().text;
  if (!problem)
    g_main_loop_run(loop);
  g_main_loop_unref(loop);
  return *problem;
}

}  // namespace modelverse::render
