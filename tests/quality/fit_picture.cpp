// SPDX-License-Identifier: LGPL-2.1-or-later
// What becomes of one picture for a frame of 1280x720, and what it takes, for BENCHMARKS.md.
//
// Usage: fit_picture PICTURE OUTPUT
// Prints one line: milliseconds, and of them processor time of this process and of the helper; the
// peak of both; types, sizes, bytes.
#include <gst/gst.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

#include "picture/change.h"
#include "picture/facts.h"
#include "picture/picture.h"
#include "support/peak.h"

using namespace modelverse;
using test_support::peak_kib;

namespace {

Result<PictureBytes> fit(const PictureBytes& picture) {
  PictureRules rules;
  rules.frame_sizes = {{1280, 720}};
  const auto decided = picture::decide_change(picture, rules, ImageFit::crop);
  if (!decided)
    return decided.error();
  if (!decided->change)
    return picture;
  return picture::apply_change(picture, *decided->change, rules, {});
}

std::string describe(const PictureBytes& picture) {
  const auto facts = picture::inspect(picture);
  return picture.media_type + " " + (facts ? picture::to_text(facts->shown()) : "unknown");
}

long processor_ms(const rusage& usage) {
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

void print_cost(std::chrono::steady_clock::time_point start) {
  rusage own = {};
  rusage helper = {};
  getrusage(RUSAGE_SELF, &own);
  getrusage(RUSAGE_CHILDREN, &helper);
  const auto taken = std::chrono::steady_clock::now() - start;
  std::printf(
      "%ld ms (%ld and %ld of processor), peak %ld and %ld MiB: ",
      static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(taken).count()),
      processor_ms(own), processor_ms(helper), peak_kib() / 1024, helper.ru_maxrss / 1024);
}

int refuse(const Error& error) {
  std::printf("refused: %s [%s]\n", error.text.c_str(), error.debug.c_str());
  return 1;
}

}  // namespace

int main(int count, char** words) {
  if (count != 3)
    return 2;
  gst_init(nullptr, nullptr);
  const auto start = std::chrono::steady_clock::now();
  const auto loaded = picture::load_file(words[1], {});
  if (!loaded)
    return refuse(loaded.error());
  const auto made = fit(*loaded);
  print_cost(start);
  if (!made)
    return refuse(made.error());
  std::ofstream(words[2], std::ios::binary) << made->bytes;
  std::printf("%s -> %s, %zu bytes\n", describe(*loaded).c_str(), describe(*made).c_str(),
              made->bytes.size());
  return 0;
}
