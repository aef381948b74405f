// SPDX-License-Identifier: LGPL-2.1-or-later
// The log and JSON forms, and the texts that all forms share.
#include "render/report.h"

#include <glib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <set>

#include "api/json_text.h"
#include "api/printable.h"
#include "core/value.h"
#include "glib/handles.h"
#include "glib/sentences.h"
#include "glib/text.h"
#include "render/interruption.h"

namespace modelverse::render {

namespace {

constexpr std::size_t longest_text = 1000;

const char* name_of(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::plan:
      return "plan";
    case Event::Kind::start:
      return "start";
    case Event::Kind::progress:
      return "progress";
    case Event::Kind::accepted:
      return "accepted";
    case Event::Kind::warning:
      return "warning";
    case Event::Kind::waiting:
      return "waiting";
    case Event::Kind::done:
      return "done";
    case Event::Kind::failed:
      return "failed";
    case Event::Kind::skipped:
      return "skipped";
    case Event::Kind::limit:
      return "limit";
    case Event::Kind::film:
      return "film";
    case Event::Kind::film_done:
      return "film-done";
    case Event::Kind::film_failed:
      return "film-failed";
    case Event::Kind::total:
      return "total";
  }
  return "";
}

void add(Object& object, const char* name, const std::string& text) {
  if (!text.empty())
    object.push_back({name, {text}});
}

Object object_of(const Event& event) {
  Object object = {{"event", {std::string(name_of(event.kind))}}};
  add(object, "id", event.shot);
  add(object, "phase", event.phase);
  if (event.percent >= 0)
    object.push_back({"percent", {std::int64_t{event.percent}}});
  add(object, "state", event.state);
  add(object, "model", event.model);
  add(object, "size", event.size);
  if (event.seconds > 0)
    object.push_back({"seconds", {std::int64_t{event.seconds}}});
  if (event.cost) {
    object.push_back({"cost", {event.cost->amount()}});
    add(object, "currency", event.cost->currency);
  }
  if (event.kind == Event::Kind::limit || event.kind == Event::Kind::total)
    object.push_back({"count", {static_cast<std::int64_t>(event.number)}});
  add(object, "path", event.path);
  add(object, "text", event.text);
  add(object, "remedy", event.remedy);
  return object;
}

class JsonReport : public Report {
 public:
  void tell(const Event& event) override { print(api::write_json(object_of(event)) + "\n"); }
};

// Of the many steps of a phase, the first is enough.
class LogReport : public Report {
 public:
  void tell(const Event& event) override {
    if (event.kind == Event::Kind::progress &&
        !begun_.insert(event.shot + "/" + event.phase).second)
      return;
    if (event.kind == Event::Kind::film && !begun_.insert("film").second)
      return;
    if (const auto line = summary_line_of(event); !line.empty())
      summary_ += line + "\n";
    if (event.kind == Event::Kind::total)
      print(summary_);
    if (const auto line = line_of(event); !line.empty())
      print(line + "\n");
  }

 private:
  std::set<std::string> begun_;
  std::string summary_;
};

std::string with_remedy(const std::string& text, const Event& event) {
  return event.remedy.empty() ? text : two_sentences(text, event.remedy);
}

std::string of_shot(const Event& event, const std::string& text) {
  return event.shot.empty() ? text : format_text(_("%s: %s"), event.shot.c_str(), text.c_str());
}

}  // namespace

std::string cost_text(const std::optional<Money>& cost) {
  return cost ? money_text(*cost) : C_("cost", "unknown");
}

std::string time_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::max(seconds, 0.0));
  constexpr std::int64_t minute = 60, hour = 3600;
  const CharPtr text(whole < hour ? g_strdup_printf("%d:%02d", static_cast<int>(whole / minute),
                                                    static_cast<int>(whole % minute))
                                  : g_strdup_printf("%d:%02d:%02d", static_cast<int>(whole / hour),
                                                    static_cast<int>(whole % hour / minute),
                                                    static_cast<int>(whole % minute)));
  return text.get();
}

std::string summary_of(const Totals& totals, bool is_interrupted) {
  std::string counts;
  add_item(counts, format_text(_("%zu made"), totals.made));
  add_item(counts, format_text(_("%zu kept"), totals.kept));
  if (totals.failed > 0)
    add_item(counts, format_text(_("%zu failed"), totals.failed));
  if (totals.skipped > 0)
    add_item(counts, format_text(_("%zu skipped"), totals.skipped));
  if (totals.left() > 0)
    add_item(counts, format_text(_("%zu left"), totals.left()));
  if (totals.submitting > 0)
    add_item(counts, format_text(_("%zu of them being submitted"), totals.submitting));
  auto text =
      format_text(g_dngettext(GETTEXT_PACKAGE, "%zu shot: %s", "%zu shots: %s", totals.wanted),
                  totals.wanted, counts.c_str());
  if (totals.cost)
    text =
        format_text(_("%s; submitted for about %s"), text.c_str(), cost_text(totals.cost).c_str());
  return format_text(is_interrupted ? _("Interrupted. %s. Run again to continue.") : _("%s."),
                     text.c_str());
}

void add_item(std::string& list, const std::string& item) {
  list = list.empty() ? item : format_text(_("%s, %s"), list.c_str(), item.c_str());
}

void add_note(Event& shot, const std::string& note) {
  shot.text = shot.text.empty() ? note : format_text(_("%s; %s"), shot.text.c_str(), note.c_str());
}

void print(const std::string& text) {
  const bool is_written = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
  if (!is_written && errno == EPIPE)
    interrupt();
}

std::string line_of(const Event& event) {
  const auto text = api::printable(event.text, longest_text);
  switch (event.kind) {
    case Event::Kind::plan:
    case Event::Kind::accepted:  // the submit's text says it
      return {};
    case Event::Kind::start:
      return of_shot(event, format_text(_("started (%s)"), _(event.state.c_str())));
    case Event::Kind::progress:
      return of_shot(event, text);
    case Event::Kind::warning:
      return of_shot(event, format_text(_("warning: %s"), text.c_str()));
    case Event::Kind::waiting:
      return of_shot(event, _("waits for its turn"));
    case Event::Kind::done:
      return of_shot(
          event, event.path.empty() ? _("done") : format_text(_("done, %s"), event.path.c_str()));
    case Event::Kind::failed:
      return of_shot(event, format_text(_("failed: %s"), text.c_str()));
    case Event::Kind::skipped:
      return of_shot(event, format_text(_("skipped: %s"), text.c_str()));
    case Event::Kind::limit:
    case Event::Kind::film:
    case Event::Kind::film_done:
    case Event::Kind::total:
      return text;
    case Event::Kind::film_failed:
      return format_text(_("film failed: %s"), with_remedy(text, event).c_str());
  }
  return {};
}

std::string summary_line_of(const Event& event) {
  const auto text = api::printable(event.text, longest_text);
  if (event.kind == Event::Kind::failed)
    return format_text(_("failed: %s: %s"), event.shot.c_str(), with_remedy(text, event).c_str());
  if (event.kind == Event::Kind::skipped)
    return format_text(_("skipped: %s (%s)"), event.shot.c_str(), text.c_str());
  return {};
}

std::string warnings_as_text(const std::vector<Event>& warnings) {
  std::string text;
  std::set<std::string> told;
  for (const auto& warning : warnings) {
    if (!told.insert(warning.text).second)
      continue;
    const auto others =
        std::count_if(warnings.begin(), warnings.end(),
                      [&](const Event& other) { return other.text == warning.text; }) -
        1;
    auto first = warning;
    if (others > 0)
      first.shot = format_text(_("%s and %d more"), first.shot.c_str(), static_cast<int>(others));
    text += line_of(first) + "\n";
  }
  return text;
}

std::unique_ptr<Report> make_log_report() {
  return std::make_unique<LogReport>();
}

std::unique_ptr<Report> make_json_report() {
  return std::make_unique<JsonReport>();
}

std::unique_ptr<Report> make_report(bool is_json) {
  if (is_json)
    return make_json_report();
  const char* terminal = g_getenv("TERM");
  const bool can_move = isatty(STDOUT_FILENO) && terminal && std::string_view(terminal) != "dumb";
  return can_move ? make_terminal_report() : make_log_report();
}

}  // namespace modelverse::render
