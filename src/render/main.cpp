// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-render: from a shot list to clips and a film.
#include <gst/gst.h>
#include <gst/pbutils/pbutils.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "glib/sentences.h"
#include "glib/text.h"
#include "render/cost_limits.h"
#include "render/destination.h"
#include "render/options.h"
#include "render/plan.h"
#include "render/plan_table.h"
#include "render/session.h"
#include "render/shot_element.h"
#include "render/shot_list.h"

namespace modelverse::render {

namespace {

constexpr int usage_error = 2;

int refuse(const std::string& problem) {
  g_printerr("modelverse-render: %s\n", problem.c_str());
  return usage_error;
}

int refuse(const std::vector<Problem>& problems, const std::string& file) {
  for (const auto& problem : problems)
    g_printerr("%s\n", describe(problem, file).c_str());
  return refuse(_("nothing was submitted"));
}

// In the order of their lines. A default may be wrong in each shot.
std::vector<Problem> all_of(std::vector<Problem> problems, const std::vector<Problem>& others) {
  for (const auto& other : others)
    if (std::find(problems.begin(), problems.end(), other) == problems.end())
      problems.push_back(other);
  std::stable_sort(problems.begin(), problems.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  return problems;
}

void print_plan(Plan& planned, const Options& options) {
  const auto plan = planned.look_up();
  auto warnings = planned.warnings();
  if (auto text = budget_warning(plan, options); !text.empty())
    warnings.push_back({.kind = Event::Kind::warning, .text = std::move(text)});
  if (!options.json)
    return print(plan_as_text(plan, warnings));
  const auto report = make_report(options.json);
  for (const auto& shot : plan)
    report->tell(shot);
  for (const auto& warning : warnings)
    report->tell(warning);
  report->tell(plan_total(plan));
}

Result<ShotList> read_list(const std::string& file) {
  ErrorSlot error;
  char* content = nullptr;
  gsize size = 0;
  if (!g_file_get_contents(file.c_str(), &content, &size, error.out()))
    return Error{.code = ErrorCode::open_read, .text = error.message(), .debug = {}};
  const CharPtr owner(content);
  const CharPtr path(g_canonicalize_filename(file.c_str(), nullptr));
  const CharPtr directory(g_path_get_dirname(path.get()));
  return read_shot_list({content, size}, directory.get());
}

int render(const Options& options) {
  if (const auto source = new_source(); !source)
    return refuse(source.error().text);
  const auto list = read_list(options.list);
  if (!list)
    return refuse(list.error().text);
  const auto wanted = shots_of_shard(list->shots, options.shard, options.shards);
  Plan plan(options, list->shots, wanted);
  if (const auto problems = all_of(list->problems, plan.check()); !problems.empty())
    return refuse(problems, options.list);
  if (options.is_dry_run) {
    print_plan(plan, options);
    return EXIT_SUCCESS;
  }
  const Destination destination(options.directory, options.film);
  if (const auto prepared = destination.prepare(list->shots); !prepared)
    return refuse(two_sentences(prepared.error().text, _("Nothing was submitted.")));
  return Session(options, list->shots, wanted, destination).run();
}

int run(int argc, char** argv) {
  std::setlocale(LC_ALL, "");
  bind_translations();
  textdomain(GETTEXT_PACKAGE);
  Options options;
  if (const auto problem = read_options(argc, argv, options); !problem.empty())
    return refuse(problem);
  if (options.version) {
    std::puts("modelverse-render " PACKAGE_VERSION);
    return EXIT_SUCCESS;
  }
  if (const auto completed = complete_limits(options); !completed)
    return refuse(two_sentences(completed.error().text, _("Nothing was submitted.")));
  gst_init(nullptr, nullptr);
  gst_pb_utils_init();
  return render(options);
}

}  // namespace

}  // namespace modelverse::render

int main(int argc, char** argv) {
  try {
    return modelverse::render::run(argc, argv);
  } catch (const std::exception& exception) {
    g_printerr("modelverse-render: %s\n", exception.what());
    return EXIT_FAILURE;
  }
}
