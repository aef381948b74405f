// SPDX-License-Identifier: LGPL-2.1-or-later
// One run: checks the list, makes the clips, makes the film.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "render/clip_run.h"
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
  Session(Options options, ShotList list);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // All errors of the shots that can be found without a network call.
  std::vector<Problem> check();
  // Prints the plan. Submits nothing.
  void print_plan();
  // Makes clips and film; returns the exit status.
  int run();

 private:
  // What is known of a shot's request before this run.
  struct Planned {
    std::optional<Located> located;
    bool is_exact = false;  // located by the real first frame
  };
  struct Active {
    std::unique_ptr<ClipRun> run;
    Located located;
    unsigned retries = 0;
  };
  enum class Fate { done, failed };
  struct Ended {
    std::size_t shot;
    Fate fate;
    Failure failure;
  };

  const Shot& shot(std::size_t index) const { return list_.shots[index]; }
  bool makes_files() const { return !options_.directory.empty() || !options_.film.empty(); }
  std::string file_of(std::size_t index) const;
  std::string clip_of(std::size_t index) const;
  Result<ElementPtr> source_of(std::size_t index, GstSample* frame);
  Result<SamplePtr> first_frame(std::size_t index);
  Result<Located> locate_shot(std::size_t index, GstSample* frame);
  std::optional<Problem> check_settings(std::size_t index);
  std::optional<Problem> check_transition(std::size_t index, const Located& located) const;
  Problem attribute(std::size_t index, const Error& error);
  std::string error_without(std::size_t index, std::size_t setting);
  void look_up(std::size_t index);
  Event plan_event(std::size_t index) const;

  void begin(std::size_t index);
  ClipEvents events_of(std::size_t index);
  void end(const Ended& ended);
  void keep_clip(std::size_t index);
  void fail(std::size_t index, const Failure& failure);
  void watch_retries();
  void pump();
  void pump_soon();
  void interrupt();
  void after_clips();
  void begin_film();
  void finish(int status);
  Totals totals() const;
  std::string total_text() const;
  void remove_working_directory();
  static gboolean on_tick(gpointer self);
  static gboolean on_idle(gpointer self);

  Options options_;
  ShotList list_;
  std::vector<std::size_t> wanted_;
  std::string directory_;  // of the clips' files; empty: none
  bool is_directory_ours_ = false;
  std::vector<Planned> planned_;
  Schedule schedule_;
  std::unique_ptr<Report> report_;
  std::map<std::size_t, Active> active_;
  std::vector<Ended> ended_;
  std::map<std::size_t, std::string> clips_;  // of the finished shots
  std::unique_ptr<Film> film_;
  GMainLoop* loop_ = nullptr;
  guint tick_ = 0;
  guint idle_ = 0;
  std::size_t kept_ = 0;
  std::optional<Money> cost_;  // of what this run has submitted, where it is known
  gint64 begun_ = 0;
  bool is_finished_ = false;
  int status_ = 0;
};

}  // namespace modelverse::render
