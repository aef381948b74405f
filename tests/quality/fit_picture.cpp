// SPDX-License-Identifier: LGPL-2.1-or-later
// What becomes of one picture, and what it takes: for measuring by hand and by quality_test.
//
// Usage: fit_picture PICTURE OUTPUT [WIDTHxHEIGHT[,WIDTHxHEIGHT...]|any [crop|pad|none
// [MAX-BYTES]]] Prints one line: types, sizes, bytes, milliseconds of CPU, and by how much the
// process grew at its peak.
#include <gst/gst.h>

#include <cstdio>
#include <ctime>
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

int refuse(const Error& error) {
  std::printf("refused: %s [%s], peak %ld MiB\n", error.text.c_str(), error.debug.c_str(),
              peak_kib() / 1024);
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
  const auto before = peak_kib();
  const auto start = std::clock();
  const auto loaded = picture::load_file(source, {});
  if (!loaded)
    return refuse(loaded.error());
  const auto made =
      run(*loaded, rules_of(arguments), fit_of(arguments.size() > 2 ? arguments[2] : "crop"));
  std::printf("%ld ms, ", (std::clock() - start) * 1000 / CLOCKS_PER_SEC);
  if (!made)
    return refuse(made.error());
  std::ofstream(arguments[0], std::ios::binary) << made->bytes;
  std::printf("%s -> %s, %zu bytes, peak %ld MiB, of it %ld before\n", describe(*loaded).c_str(),
              describe(*made).c_str(), made->bytes.size(), peak_kib() / 1024, before / 1024);
  return 0;
}
