// SPDX-License-Identifier: LGPL-2.1-or-later
// modelverse-render: from a shot list to clips and a film.
#include <gst/gst.h>
#include <gst/pbutils/pbutils.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "render/options.h"
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
  return refuse("nothing was submitted");
}

int render(const Options& options) {
  ErrorSlot error;
  char* content = nullptr;
  gsize size = 0;
  if (!g_file_get_contents(options.list.c_str(), &content, &size, error.out()))
    return refuse(error.message());
  const CharPtr owner(content);
  const auto source = new_source();
  if (!source)
    return refuse(source.error().text);
  const CharPtr path(g_canonicalize_filename(options.list.c_str(), nullptr));
  const CharPtr directory(g_path_get_dirname(path.get()));
  auto list = read_shot_list({content, size}, directory.get(), [&](const std::string& name) {
    return is_shot_property(source->get(), name);
  });
  if (!list.problems.empty())
    return refuse(list.problems, options.list);
  Session session(options, std::move(list));
  if (const auto problems = session.check(); !problems.empty())
    return refuse(problems, options.list);
  if (!options.is_dry_run)
    return session.run();
  session.print_plan();
  return EXIT_SUCCESS;
}

int run(int argc, char** argv) {
  std::setlocale(LC_ALL, "");
  Options options;
  if (const auto problem = read_options(argc, argv, options); !problem.empty())
    return refuse(problem);
  if (options.version) {
    std::puts("modelverse-render " PACKAGE_VERSION);
    return EXIT_SUCCESS;
  }
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
