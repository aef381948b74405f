// SPDX-License-Identifier: LGPL-2.1-or-later
// Before the submit: what the cache holds that cannot be used.
#include <filesystem>
#include <fstream>

#include "fault/matrix.h"

namespace test_support {
namespace {

class BeforeCache : public Matrix {};

TEST_P(BeforeCache, ends_as_the_matrix_says) {
  run_case();
}

// A run that ended after its submit; then `spoil` gets at its record.
std::function<void(Matrix&)> with_record(std::function<void(const std::string& path)> spoil) {
  return [=](Matrix& matrix) {
    matrix.run_once(on_poll(R"("status":403)", for_ever));
    spoil(matrix.entry_path("record.json"));
  };
}

std::function<void(Matrix&)> with_record_text(const std::string& text) {
  return with_record([=](const std::string& path) { std::ofstream(path) << text; });
}

std::function<void(Matrix&)> with_record_edit(const std::string& from, const std::string& to) {
  return with_record([=](const std::string& path) {
    auto text = file_content(path);
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    std::ofstream(path) << text.replace(at, from.size(), to);
  });
}

void with_record_directory(const std::string& path) {
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
}

void with_damaged_clip(Matrix& matrix) {
  matrix.run_once("");
  std::fstream clip(matrix.entry_path("clip.mp4"), std::ios::in | std::ios::out);
  clip.seekp(5000) << "other bytes";
}

void with_shortened_clip(Matrix& matrix) {
  matrix.run_once("");
  std::filesystem::resize_file(matrix.entry_path("clip.mp4"), 5000);
}

const Expected set_aside = {
    .left = Left::complete, .warning = "set aside", .also_left = {"record.json.broken-1"}};

const Expected set_aside_and_used = {.submits = 0,
                                     .left = Left::complete,
                                     .warning = "resumed",
                                     .also_left = {"record.json.broken-1"}};

const Case cache_cases[] = {
    {.name = "a_record_that_is_not_json",
     .expected = set_aside,
     .before = with_record_text("garbage")},
    {.name = "a_record_that_is_empty", .expected = set_aside, .before = with_record_text("")},
    {.name = "a_record_of_another_entry",
     .expected = set_aside,
     .before = with_record_edit("\"key\" : \"", "\"key\" : \"0123")},
    {.name = "a_record_of_a_later_version",
     .expected = set_aside_and_used,
     .before = with_record_edit("\"version\" : 1", "\"version\" : 2")},
    {.name = "a_record_that_is_huge",
     .expected = set_aside,
     .before = with_record_text(std::string(4 << 20, ' '))},
    {.name = "a_record_that_is_a_directory",
     .expected = set_aside,
     .before = with_record(with_record_directory)},
    {.name = "a_clip_of_other_bytes_is_fetched_again",
     .expected = {.submits = 0, .left = Left::complete, .warning = "downloaded again"},
     .before = with_damaged_clip},
    {.name = "a_clip_that_was_cut_is_fetched_again",
     .expected = {.submits = 0, .left = Left::complete, .warning = "downloaded again"},
     .before = with_shortened_clip},
};
INSTANTIATE_TEST_SUITE_P(All, BeforeCache, testing::ValuesIn(cache_cases),
                         [](const auto& shown) { return shown.param.name; });

}  // namespace
}  // namespace test_support
