// SPDX-License-Identifier: LGPL-2.1-or-later
// One run: makes the clips, then the film.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "render/clip_run.h"
#include "render/destination.h"
#include "render/film.h"
#include "render/lookup.h"
#include "render/options.h"
#include "render/report.h"
#include "render/schedule.h"
#include "render/shot_element.h"
#include "render/shot_list.h"

namespace modelverse::render {

class Session {
 public:
  // `wanted`: indices of the shots to make; contains the shots those start from. All of these must
  // outlive this.
  Session(const Options& options, const std::vector<Shot>& shots,
          const std::vector<std::size_t>& wanted, const Destination& destination);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Returns the exit status.
  int run();

 private:
  struct Active {
    std::unique_ptr<ClipRun> run;
    unsigned retries = 0;
  };
  struct Ended {
    std::size_t shot;
    std::optional<Failure> failure;  // nothing: the clip is there
  };

  // Clips.
  void begin(std::size_t index);
  ClipEvents events_of(std::size_t index);
  void accept(std::size_t index, const std::string& task_id);
  // `submit`: its task, or its entry. Returns its estimate if it was not counted before.
  std::optional<Money> count_cost(const Located& located, const std::string& submit);
  void end(const Ended& ended);
  void keep_clip(std::size_t index);
  void fail(std::size_t index, const Failure& failure);
  void watch_retries();
  // The main loop.
  void pump();
  void pump_soon();
  void stop();
  static gboolean on_tick(gpointer self);
  static gboolean on_idle(gpointer self);
  // The film and the end.
  void after_clips();
  void begin_film();
  FilmEvents film_events();
  void finish(int status);
  Totals totals() const;
  // Of what this run has submitted; nothing: unknown, or in several currencies.
  std::optional<Money> cost() const;

  const Options& options_;
  const std::vector<Shot>& shots_;
  const std::vector<std::size_t>& wanted_;
  const Destination& destination_;
  Schedule schedule_;
  std::unique_ptr<Report> report_;
  std::map<std::size_t, Located> located_;  // of the shots that were begun, before that
  std::map<std::size_t, Active> active_;
  std::vector<Ended> ended_;
  std::map<std::size_t, std::string> clips_;  // of the finished shots
  std::set<std::string> submitted_;  // by this run: tasks, or entries if the outcome is unknown
  std::vector<Money> costs_;         // of these, where they are known
  std::size_t kept_ = 0;             // finished shots that were kept before
  std::size_t submitting_ = 0;       // when the run was interrupted
  std::unique_ptr<Film> film_;
  GMainLoop* loop_ = nullptr;
  guint tick_ = 0;
  guint idle_ = 0;
  gint64 begun_ = 0;
  gint64 made_at_ = 0;  // the latest clip
  bool is_finished_ = false;
  int status_ = 0;
};

}  // namespace modelverse::render
