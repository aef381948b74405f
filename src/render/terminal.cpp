// SPDX-License-Identifier: LGPL-2.1-or-later
// The form for a terminal: a line for each active shot and one for the total, drawn in place.
#include <glib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "api/printable.h"
#include "glib/columns.h"
#include "glib/sentences.h"
#include "glib/text.h"
#include "render/report.h"

namespace modelverse::render {

namespace {

constexpr std::size_t most_name = 20;
constexpr std::size_t bar_columns = 10;
// In a narrower terminal the text needs the bar's place.
constexpr std::size_t least_columns_for_bar = 60;
// What is left of a text with less says nothing.
constexpr std::size_t least_text = 10;
constexpr const char* clear_below = "\x1b[J";

struct Size {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

Size terminal_size() {
  struct winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
    return {};
  return {size.ws_col, size.ws_row};
}

std::string repeated(const char* text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i)
    all += text;
  return all;
}

// Three phases as one bar: most of the time is the generation's.
int whole_percent(const std::string& phase, int percent) {
  constexpr int submit_share = 5, generate_share = 85;
  if (phase == "submit")
    return percent * submit_share / 100;
  if (phase == "generate")
    return submit_share + percent * generate_share / 100;
  return submit_share + generate_share + percent * (100 - submit_share - generate_share) / 100;
}

class TerminalReport : public Report {
 public:
  TerminalReport() : is_utf8_(g_get_charset(nullptr) != FALSE) {}
  ~TerminalReport() override { print(erasure()); }

  void tell(const Event& event) override {
    switch (event.kind) {
      case Event::Kind::start:
        active_.push_back({event.shot, _("Starting"), 0, {}});
        break;
      case Event::Kind::progress:
        change(event);
        break;
      case Event::Kind::accepted:
        set_cost(event);
        break;
      case Event::Kind::waiting:
      case Event::Kind::done:
      case Event::Kind::skipped:
      case Event::Kind::failed:
        std::erase_if(active_, [&](const Line& line) { return line.shot == event.shot; });
        break;
      case Event::Kind::limit:
        notice_ = event.text;
        break;
      case Event::Kind::film:
        film_ = {_("film"), event.text, event.percent, {}};
        break;
      default:
        break;
    }
    keep_for_the_end(event);
  }

  void update(const Totals& totals) override {
    std::vector<std::string> lines;
    const auto size = terminal_size();
    // The total and the cursor have a row each.
    const auto most = std::max<std::size_t>(size.rows, 2) - 2;
    for (std::size_t i = 0; i < std::min(active_.size(), most); ++i)
      lines.push_back(line_text(active_[i], size.columns));
    if (film_.percent >= 0)
      lines.push_back(line_text(film_, size.columns));
    const auto hidden = active_.size() - std::min(active_.size(), most);
    lines.push_back(cut_to(total_text(totals, hidden), size.columns - 1));
    draw(lines);
  }

 private:
  struct Line {
    std::string shot;
    std::string text;
    int percent = -1;
    std::optional<Money> cost;
  };

  void change(const Event& event) {
    for (auto& line : active_) {
      if (line.shot != event.shot)
        continue;
      line.text = event.text;
      line.percent = std::max(line.percent, whole_percent(event.phase, event.percent));
    }
  }

  void set_cost(const Event& event) {
    for (auto& line : active_)
      if (line.shot == event.shot)
        line.cost = event.cost;
  }

  // Lines that are printed at the end.
  void keep_for_the_end(const Event& event) {
    switch (event.kind) {
      case Event::Kind::failed:
      case Event::Kind::skipped:
        summary_.push_back(summary_line_of(event));
        break;
      case Event::Kind::warning:
        warnings_.push_back(event);
        break;
      case Event::Kind::film_done:
      case Event::Kind::film_failed:
        last_.push_back(line_of(event));
        break;
      case Event::Kind::total:
        finish(event);
        break;
      default:
        break;
    }
  }

  void finish(const Event& event) {
    auto text = erasure() + warnings_as_text(warnings_);
    for (const auto* lines : {&last_, &summary_})
      for (const auto& line : *lines)
        text += line + "\n";
    print(text + line_of(event) + "\n");
    is_finished_ = true;
  }

  std::string bar(int percent) const {
    const auto full = static_cast<std::size_t>(std::clamp(percent, 0, 100)) * bar_columns / 100;
    return repeated(is_utf8_ ? "█" : "#", full) +
           repeated(is_utf8_ ? "░" : ".", bar_columns - full);
  }

  std::string head_of(const Line& line, std::size_t columns) const {
    std::size_t name = 4;
    for (const auto& one : active_)
      name = std::max(name, std::min({columns_of(one.shot), most_name, columns / 4}));
    const auto percent = std::to_string(std::max(line.percent, 0)) + " %";
    return fill_to(line.shot, name) + "  " +
           (columns < least_columns_for_bar ? "" : bar(line.percent) + " ") +
           std::string(5 - std::min<std::size_t>(percent.size(), 5), ' ') + percent + "  ";
  }

  std::string line_text(const Line& line, std::size_t columns) const {
    const auto head = head_of(line, columns);
    auto cost = line.cost ? "  " + cost_text(line.cost) : "";
    const auto left = columns - 1 - std::min(columns - 1, columns_of(head));
    if (left < columns_of(cost) + least_text)
      cost.clear();
    return cut_to(head + cut_to(api::printable(line.text), left - columns_of(cost)) + cost,
                  columns - 1);
  }

  std::string total_text(const Totals& totals, std::size_t hidden) const {
    auto text = format_text(_("%zu of %zu made"), totals.made + totals.kept, totals.wanted);
    add_item(text, hidden > 0 ? format_text(_("%zu active (%zu not shown)"), totals.active, hidden)
                              : format_text(_("%zu active"), totals.active));
    if (totals.failed > 0)
      add_item(text, format_text(_("%zu failed"), totals.failed));
    if (totals.skipped > 0)
      add_item(text, format_text(_("%zu skipped"), totals.skipped));
    if (totals.seconds_left > 0)
      add_item(text, format_text(_("about %s left"), time_text(totals.seconds_left).c_str()));
    if (totals.cost)
      add_item(text, cost_text(totals.cost));
    return notice_.empty() ? text : two_sentences(text, notice_);
  }

  // The text that erases what is drawn. A narrower terminal has wrapped the lines.
  std::string erasure() {
    if (is_finished_ || drawn_.empty())
      return {};
    const auto columns = terminal_size().columns;
    std::size_t rows = 0;
    for (const auto width : drawn_)
      rows += std::max<std::size_t>((width + columns - 1) / columns, 1);
    drawn_.clear();
    return "\x1b[" + std::to_string(rows) + "A\r" + clear_below;
  }

  void draw(const std::vector<std::string>& lines) {
    if (is_finished_)
      return;
    auto text = erasure();
    for (const auto& line : lines) {
      text += line + "\n";
      drawn_.push_back(columns_of(line));
    }
    print(text);
  }

  bool is_utf8_;
  std::vector<Line> active_;
  Line film_;
  std::string notice_;
  std::vector<Event> warnings_;
  std::vector<std::string> last_;
  std::vector<std::string> summary_;
  std::vector<std::size_t> drawn_;  // columns of each line
  bool is_finished_ = false;
};

}  // namespace

std::unique_ptr<Report> make_terminal_report() {
  return std::make_unique<TerminalReport>();
}

}  // namespace modelverse::render
