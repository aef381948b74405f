// SPDX-License-Identifier: LGPL-2.1-or-later
// Before the submit: what is refused costs neither a request nor money.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "fault/matrix.h"

namespace test_support {
namespace {

class Before : public Matrix {};

TEST_P(Before, ends_as_the_matrix_says) {
  run_case();
}

// A setting as a C string, which need not be UTF-8.
std::function<void(Matrix&)> with(const char* property, const char* value) {
  return [=](Matrix& matrix) {
    matrix.on_element = [=](GstElement* element) {
      g_object_set(element, property, value, nullptr);
    };
  };
}

std::function<void(Matrix&)> with_picture_file(std::string content, std::string name = "p.jpg") {
  return [=](Matrix& matrix) {
    matrix.write_file(name, content);
    matrix.add_properties("image-path=" + matrix.path_of(name));
  };
}

std::function<void(Matrix&)> with_environment(std::string name, const char* value) {
  return [=](Matrix& matrix) { matrix.set_environment(name, value); };
}

void without_any_key(Matrix& matrix) {
  matrix.set_environment("MODELVERSE_API_KEY", nullptr);
}

std::function<void(Matrix&)> with_key_file(const char* content, int mode) {
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
    {.name = "two_picture_sources",
     .expected = refused(resource_settings, {"image-path", "image-uri"}),
     .properties = "image-uri=https://pictures.example/a.jpg"},
    {.name = "a_duration_that_the_model_has_not",
     .expected = refused(resource_settings, {"duration", "4, 8, 12"}),
     .properties = "duration=5"},
    {.name = "a_resolution_that_the_model_has_not",
     .expected = refused(resource_settings, {"resolution", "720p, 1080p"}),
     .properties = "resolution=4k"},
    {.name = "a_prompt_that_is_not_utf8",
     .expected = refused(resource_settings, {"prompt", "UTF-8"}),
     .before = with("prompt", "caf\xe9")},
    {.name = "a_task_id_that_is_not_utf8",
     .expected = refused(resource_settings, {"task-id", "UTF-8"}),
     .has_picture = false,
     .before = with("task-id", "t\xe9")},
    {.name = "a_key_with_control_characters",
     .expected = refused(resource_settings, {"key", "control characters"}),
     .before = with("api-key", "a\nb")},
    {.name = "no_key",
     .expected =
         refused(resource_not_authorized, {"api-key", "MODELVERSE_API_KEY", "api-key-file"}),
     .before = without_any_key},
    {.name = "a_key_file_that_is_not_there",
     .expected = refused(resource_not_authorized, {"api-key-file", "/no/such/key"}),
     .properties = "api-key-file=/no/such/key",
     .before = without_any_key},
    {.name = "a_key_file_that_is_empty",
     .expected = refused(resource_not_authorized, {"api-key-file"}),
     .before = with_key_file("", 0600)},
    {.name = "a_key_file_that_is_a_folder",
     .expected = refused(resource_not_authorized, {"api-key-file"}),
     .properties = "api-key-file=/",
     .before = without_any_key},
    {.name = "plain_http_to_another_host",
     .expected = refused(resource_settings, {"http", "allow-http"}),
     .properties = "base-url=http://192.0.2.1"},
    {.name = "plain_http_to_another_host_from_the_environment",
     .expected = refused(resource_settings, {"http", "allow-http"}),
     .properties = "base-url=\"\"",
     .before = with_environment("MODELVERSE_BASE_URL", "http://192.0.2.1")},
    {.name = "a_base_url_of_another_scheme",
     .expected = refused(resource_settings, {"base-url", "https"}),
     .properties = "base-url=ftp://127.0.0.1"},
    {.name = "a_base_url_with_a_password",
     .expected = refused(resource_settings, {"base-url"}),
     .properties = "base-url=https://user:word@127.0.0.1"},
    {.name = "a_base_url_with_a_query",
     .expected = refused(resource_settings, {"base-url"}),
     .properties = "base-url=https://127.0.0.1/?a=b"},
    {.name = "a_key_file_that_others_can_read_is_warned_of",
     .expected = {.left = Left::complete, .warning = "chmod 600"},
     .before = with_key_file("a-key-of-the-file\n", 0644)},
    {.name = "a_key_file_of_the_owner_alone_is_not",
     .expected = clip_arrives(),
     .before = with_key_file("a-key-of-the-file\r\nanother line", 0600)},
};
INSTANTIATE_TEST_SUITE_P(Settings, Before, testing::ValuesIn(settings_cases),
                         [](const auto& shown) { return shown.param.name; });

// As root every mode can be read: reading this file fails for everybody.
constexpr const char* unreadable_file = "/proc/self/mem";

void with_fifo(Matrix& matrix) {
  ASSERT_EQ(mkfifo(matrix.path_of("fifo").c_str(), 0600), 0);
  matrix.add_properties("image-path=" + matrix.path_of("fifo"));
}

void with_truncated_picture(Matrix& matrix) {
  auto bytes = file_content(matrix.sample());
  bytes.resize(bytes.size() / 2);
  with_picture_file(bytes)(matrix);
}

void with_lying_extension(Matrix& matrix) {
  with_picture_file(file_content(matrix.sample()), "p.txt")(matrix);
}

void with_huge_picture(Matrix& matrix) {
  with_picture_file("\xff\xd8\xff")(matrix);
  std::filesystem::resize_file(matrix.path_of("p.jpg"), (64 << 20) + 1);
}

const Case picture_cases[] = {
    {.name = "missing",
     .expected = refused(resource_not_found, {"/no/such.jpg"}),
     .properties = "image-path=/no/such.jpg"},
    {.name = "below_a_file",
     .expected = refused(resource_not_found, {"/dev/null/a.jpg"}),
     .properties = "image-path=/dev/null/a.jpg"},
    {.name = "unreadable",
     .expected = refused(resource_open_read, {unreadable_file}),
     .properties = std::string("image-path=") + unreadable_file},
    {.name = "a_folder",
     .expected = refused(resource_open_read, {"folder"}),
     .properties = "image-path=/"},
    {.name = "a_fifo", .expected = refused(resource_open_read, {"FIFO"}), .before = with_fifo},
    {.name = "a_device",
     .expected = refused(resource_open_read, {"device"}),
     .properties = "image-path=/dev/zero"},
    {.name = "empty",
     .expected = refused(stream_wrong_type, {"empty"}),
     .before = with_picture_file("")},
    {.name = "truncated",
     .expected = refused(stream_wrong_type, {"truncated"}),
     .before = with_truncated_picture},
    {.name = "not_a_picture",
     .expected = refused(stream_wrong_type, {"not a picture"}),
     .before = with_picture_file("just words")},
    {.name = "markup_by_the_name_of_a_picture",
     .expected = refused(stream_wrong_type, {"not a picture"}),
     .before = with_picture_file("<html></html>", "p.png")},
    {.name = "a_picture_by_another_name_is_fine",
     .expected = clip_arrives(),
     .before = with_lying_extension},
    {.name = "larger_than_any_service_takes",
     .expected = refused(resource_settings, {"64 MiB"}),
     .before = with_huge_picture},
    {.name = "a_data_uri_that_is_not_base64",
     .expected = refused(stream_wrong_type, {"Base64"}),
     .properties = "image-uri=\"data:image/png;base64,a\\\\b\"",
     .has_picture = false},
    {.name = "a_data_uri_without_data",
     .expected = refused(resource_settings, {"comma"}),
     .properties = "image-uri=data:image/png",
     .has_picture = false},
    {.name = "a_uri_of_an_unknown_scheme",
     .expected = refused(resource_settings, {"gopher"}),
     .properties = "image-uri=gopher://127.0.0.1/a.jpg",
     .has_picture = false},
    {.name = "a_file_uri_of_another_host",
     .expected = refused(resource_settings, {"another host"}),
     .properties = "image-uri=file://elsewhere/a.jpg",
     .has_picture = false},
};
INSTANTIATE_TEST_SUITE_P(Picture, Before, testing::ValuesIn(picture_cases),
                         [](const auto& shown) { return shown.param.name; });

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

void with_record_folder(const std::string& path) {
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

const Case cache_cases[] = {
    {.name = "a_record_that_is_not_json",
     .expected = set_aside,
     .before = with_record_text("garbage")},
    {.name = "a_record_that_is_empty", .expected = set_aside, .before = with_record_text("")},
    {.name = "a_record_of_another_entry",
     .expected = set_aside,
     .before = with_record_edit("\"key\" : \"", "\"key\" : \"0123")},
    {.name = "a_record_of_a_later_version",
     .expected = set_aside,
     .before = with_record_edit("\"version\" : 1", "\"version\" : 2")},
    {.name = "a_record_that_is_huge",
     .expected = set_aside,
     .before = with_record_text(std::string(4 << 20, ' '))},
    {.name = "a_record_that_is_a_folder",
     .expected = set_aside,
     .before = with_record(with_record_folder)},
    {.name = "a_clip_of_other_bytes_is_fetched_again",
     .expected = {.submits = 0, .left = Left::complete, .warning = "fetched again"},
     .before = with_damaged_clip},
    {.name = "a_clip_that_was_cut_is_fetched_again",
     .expected = {.submits = 0, .left = Left::complete, .warning = "fetched again"},
     .before = with_shortened_clip},
};
INSTANTIATE_TEST_SUITE_P(Cache, Before, testing::ValuesIn(cache_cases),
                         [](const auto& shown) { return shown.param.name; });

}  // namespace
}  // namespace test_support
