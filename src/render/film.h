// SPDX-License-Identifier: LGPL-2.1-or-later
// The film of all clips: their streams copied, or re-encoded through GStreamer Editing Services.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "render/clip_chain.h"
#include "render/film_facts.h"

namespace modelverse::render {

struct FilmEvents {
  std::function<void(int percent, const std::string& text)> on_progress;
  std::function<void(const std::string& text)> on_done;
  std::function<void(const std::string& text)> on_failed;
};

// Writes beside the file, and renames at the end. Runs on the default main context; removes what is
// unfinished when it is destroyed.
class Film {
 public:
  Film(std::string path, double transition, FilmEvents events);
  ~Film();
  Film(const Film&) = delete;
  Film& operator=(const Film&) = delete;

  // Errors: a clip that cannot be used, a missing plugin.
  Status start(const std::vector<std::string>& clips);

 private:
  Status begin(const std::vector<ClipFacts>& clips);
  Result<Pipeline> copying(const std::vector<ClipFacts>& clips);
  Result<Pipeline> encoding(const std::vector<ClipFacts>& clips, const FilmFormat& format);
  static gboolean on_message(GstBus* bus, GstMessage* message, gpointer self);
  static gboolean on_tick(gpointer self);
  void handle(GstMessage* message);
  void fail(const std::string& text);
  void abandon();
  void finish();

  std::string path_;
  double transition_;
  FilmEvents events_;
  std::string unfinished_;
  std::string timeline_;
  std::string verb_;
  GstClockTime length_ = 0;
  struct Clock;
  std::unique_ptr<Clock> clock_;
  // Both outlive the pipeline's threads.
  std::unique_ptr<ClipChain> chain_;
  Pipeline pipeline_;
  guint watch_ = 0;
  guint timer_ = 0;
};

}  // namespace modelverse::render
