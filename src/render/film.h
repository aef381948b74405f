// SPDX-License-Identifier: LGPL-2.1-or-later
// The film of all clips: their streams copied, or re-encoded through GStreamer Editing Services.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "render/clip_chain.h"
#include "render/film_facts.h"

namespace modelverse::render {

struct FilmOptions {
  std::string path;
  double transition = 0;  // s
  // Without a frame and a byte for so long, the film fails: an encoder needs seconds for a frame.
  std::chrono::seconds stall = std::chrono::minutes(2);
};

struct FilmEvents {
  std::function<void(int percent, const std::string& text)> on_progress;
  std::function<void(const std::string& text)> on_done;
  std::function<void(const std::string& text)> on_failed;
};

// Writes beside the file, and renames at the end. Runs on the default main context; removes what is
// unfinished when it is destroyed. A process re-encodes at most one film: in a later one, gesdemux
// of GES 1.22 sometimes waits for ever for its discoverer.
class Film {
 public:
  Film(FilmOptions options, FilmEvents events);
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
  std::string problem_of(GstMessage* error) const;
  bool is_stalled();
  void fail(const std::string& text);
  void abandon();
  void finish();

  FilmOptions options_;
  FilmEvents events_;
  std::string unfinished_;
  std::string index_last_;  // the muxer's, before it puts the index first
  std::string timeline_;
  std::string verb_;
  GstClockTime length_ = 0;
  struct Clock;
  std::unique_ptr<Clock> clock_;
  goffset written_ = 0;
  // Both outlive the pipeline's threads.
  std::unique_ptr<ClipChain> chain_;
  Pipeline pipeline_;
  guint watch_ = 0;
  guint timer_ = 0;
};

}  // namespace modelverse::render
