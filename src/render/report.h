// SPDX-License-Identifier: LGPL-2.1-or-later
// What the user is told while clips and film are made: lines on a terminal that stay in place, one
// line per event in a log, or one JSON object per line.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/money.h"

namespace modelverse::render {

struct Event {
  enum class Kind {
    plan,      // one shot of --dry-run
    start,     // its pipeline has started
    progress,  // of a phase
    accepted,  // the service has the task
    warning,
    waiting,  // started too early: waits for its turn again
    done,
    failed,
    skipped,  // the shot that it starts from failed
    limit,    // `number` clips at once from now on
    film,     // progress of the film
    film_done,
    film_failed,
    total,  // at the end
  };
  Kind kind = Kind::start;
  std::string shot = {};
  std::string text = {};
  std::string phase = {};          // submit, generate, download
  int percent = -1;                // negative: none
  std::string state = {};          // before this run: kept, resumable, to be made, unknown
  std::string path = {};           // of the clip or film
  std::string remedy = {};         // of a failure: what to do
  std::optional<Money> cost = {};  // nothing: unknown
  std::size_t number = 0;
  // Of a plan.
  std::string model = {};
  std::string size = {};
  int seconds = 0;
};

// Adds to a list: "1 made, 2 kept".
void add_item(std::string& list, const std::string& item);
// Adds to the text of a planned shot what is remarkable of it.
void add_note(Event& shot, const std::string& note);

// Shots by their fate.
struct Totals {
  std::size_t wanted = 0;
  std::size_t made = 0;  // by this run
  std::size_t kept = 0;  // before
  std::size_t active = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
  std::size_t submitting = 0;  // of the others: interrupted before the response
  std::optional<Money> cost;   // of what is submitted, where it is known
  double seconds_left = 0;     // estimate; 0: unknown

  std::size_t left() const { return wanted - made - kept - failed - skipped; }
};
// "3 shots: 1 made, 2 kept; submitted for about 2.40 CNY."
std::string summary_of(const Totals& totals, bool is_interrupted);

class Report {
 public:
  virtual ~Report() = default;
  virtual void tell(const Event& event) = 0;
  // Called some times a second, and at each change.
  virtual void update(const Totals&) {}
};

// On standard output.
std::unique_ptr<Report> make_terminal_report();
std::unique_ptr<Report> make_log_report();
std::unique_ptr<Report> make_json_report();
// By what standard output is.
std::unique_ptr<Report> make_report(bool is_json);

// "2.40 CNY", "unknown"
std::string cost_text(const std::optional<Money>& cost);
// "1:05", "2:03:20"
std::string time_text(double seconds);
// Writes on standard output, in one piece. If nobody reads it any more, the run is interrupted.
void print(const std::string& text);
// The event as a line of text, without a newline; empty: not told in a log.
std::string line_of(const Event& event);
// A line for each text: "bay and 2 more: warning: ...".
std::string warnings_as_text(const std::vector<Event>& warnings);
// A failed or skipped shot in the summary at the end, with the remedy; empty for others.
std::string summary_line_of(const Event& event);

}  // namespace modelverse::render
