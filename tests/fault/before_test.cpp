// SPDX-License-Identifier: LGPL-2.1-or-later
// Before the submit: what is refused costs neither a request nor money, and what the cache holds
// that cannot be used. tests/unit has the tables of all settings, pictures and records.
#include <fstream>

#include "fault/matrix.h"

namespace test_support {
namespace {

std::function<void(Matrix&)> with_picture_file(std::string content, std::string name = "p.jpg") {
  return [=](Matrix& matrix) {
    matrix.write_file(name, content);
    matrix.add_properties("image-path=" + matrix.path_of(name));
  };
}

void without_any_key(Matrix& matrix) {
  matrix.set_environment("MODELVERSE_API_KEY", nullptr);
}

std::function<void(Matrix&)> with_key_file(const std::string& content, int mode) {
  return [=](Matrix& matrix) {
    without_any_key(matrix);
    matrix.write_file("key", content, mode);
    matrix.add_properties("api-key-file=" + matrix.path_of("key"));
  };
}

const Case settings_cases[] = {
    {.name = "no_picture_source",
     .expected = refused(resource_settings, {"image-path", "image-uri"}),
     .has_picture = false},
    {.name = "a_clip_that_costs_more_than_it_may",
     .expected = refused(resource_settings, {"8.56 CNY", "max-cost is 8.50"}),
     .properties = "max-cost=8.5"},
    {.name = "no_key",
     .expected =
         refused(resource_not_authorized, {"api-key", "MODELVERSE_API_KEY", "api-key-file"}),
     .before = without_any_key},
    {.name = "a_key_file_that_others_can_read_is_warned_of",
     .expected = {.left = Left::complete, .warning = "chmod 600"},
     .before = with_key_file("a-key-of-the-file\n", 0644)},
};
INSTANTIATE_TEST_SUITE_P(BeforeSettings, Matrix, testing::ValuesIn(settings_cases), name_of);

void with_truncated_picture(Matrix& matrix) {
  auto bytes = file_content(matrix.sample());
  bytes.resize(bytes.size() / 2);
  with_picture_file(bytes)(matrix);
}

const Case picture_cases[] = {
    {.name = "missing",
     .expected = refused(resource_not_found, {"/no/such.jpg"}),
     .properties = "image-path=/no/such.jpg"},
    {.name = "truncated",
     .expected = refused(stream_wrong_type, {"truncated"}),
     .before = with_truncated_picture},
};
INSTANTIATE_TEST_SUITE_P(BeforePicture, Matrix, testing::ValuesIn(picture_cases), name_of);

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

void with_damaged_clip(Matrix& matrix) {
  matrix.run_once("");
  std::fstream clip(matrix.entry_path("clip.mp4"), std::ios::in | std::ios::out);
  clip.seekp(5000) << "other bytes";
}

const Expected set_aside_and_used = {.submits = 0,
                                     .left = Left::complete,
                                     .warning = "resumed",
                                     .also_left = {"record.json.broken-1"}};

const Case cache_cases[] = {
    {.name = "a_record_that_is_not_json",
     .expected = set_aside_and_used,
     .before = with_record_text("garbage")},
    {.name = "a_record_of_a_later_version",
     .expected = set_aside_and_used,
     .before = with_record_edit("\"version\" : 1", "\"version\" : 2")},
    {.name = "a_clip_of_other_bytes_is_fetched_again",
     .expected = {.submits = 0, .left = Left::complete, .warning = "downloaded again"},
     .before = with_damaged_clip},
};
INSTANTIATE_TEST_SUITE_P(BeforeCache, Matrix, testing::ValuesIn(cache_cases), name_of);

}  // namespace
}  // namespace test_support
