// SPDX-License-Identifier: LGPL-2.1-or-later
// What becomes of one picture, and what it takes: for measuring by hand and by quality_test.
//
// Usage: fit_picture PICTURE OUTPUT [WIDTHxHEIGHT[,WIDTHxHEIGHT...]|any [crop|pad|none
// [MAX-BYTES]]] Prints one line: milliseconds, and of them processor time of this process and of
// the helper; types, sizes, bytes; the peak of this process, and of the helper.
#include <gst/gst.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "picture/change.h"
#include "picture/facts.h"
#include "picture/picture.h"
#include "support/peak.h"

using namespace modelverse;
using test_support::peak_kib;

namespace {

PictureRules rules_of(const std::vector<std::string>& arguments) {
  PictureRules rules;
  if (arguments.size() > 3)
    rules.max_bytes = std::stoull(arguments[3]);
  std::istringstream frames(arguments[1] == "any" ? "" : arguments[1]);
  for (std::string frame; std::getline(frames, frame, ',');)
    rules.frame_sizes.push_back({std::stoi(frame), std::stoi(frame.substr(frame.find('x') + 1))});
  return rules;
}

ImageFit fit_of(const std::string& word) {
  return word == "none" ? ImageFit::none : word == "pad" ? ImageFit::pad : ImageFit::crop;
}

Result<PictureBytes> run(const PictureBytes& picture, const PictureRules& rules, ImageFit fit) {
  const auto decided = picture::decide_change(picture, rules, fit);
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
  std::vector<std::string> arguments(words + 1, words + count);
  if (arguments.size() < 2)
    return 2;
  const auto source = arguments[0];
  arguments.erase(arguments.begin());
  if (arguments.size() < 2)
    arguments.push_back("1280x720,720x1280");
  gst_init(nullptr, nullptr);
  const auto start = std::chrono::steady_clock::now();
  const auto loaded = picture::load_file(source, {});
  if (!loaded)
    return refuse(loaded.error());
  const auto made =
      run(*loaded, rules_of(arguments), fit_of(arguments.size() > 2 ? arguments[2] : "crop"));
  print_cost(start);
  if (!made)
    return refuse(made.error());
  std::ofstream(arguments[0], std::ios::binary) << made->bytes;
  std::printf("%s -> %s, %zu bytes\n", describe(*loaded).c_str(), describe(*made).c_str(),
              made->bytes.size());
  return 0;
}
