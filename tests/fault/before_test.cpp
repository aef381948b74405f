// SPDX-License-Identifier: LGPL-2.1-or-later
// Before the submit: what is refused costs neither a request nor money.
#include <sys/stat.h>

#include <filesystem>

#include "fault/matrix.h"
#include "support/plain_png.h"

namespace test_support {
namespace {

class Before : public Matrix {};

TEST_P(Before, ends_as_the_matrix_says) {
  run_case();
}

// A setting as a C string, which need not be UTF-8.
std::function<void(Matrix&)> with(const char* property, const std::string& value) {
  return [=](Matrix& matrix) {
    matrix.on_element = [=](GstElement* element) {
      g_object_set(element, property, value.c_str(), nullptr);
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

void with_empty_variables(Matrix& matrix) {
  matrix.set_environment("MODELVERSE_API_KEY", "");
  matrix.set_environment("MODELVERSE_API_KEY_FILE", "");
}

void with_key_fifo(Matrix& matrix) {
  without_any_key(matrix);
  ASSERT_EQ(mkfifo(matrix.path_of("key").c_str(), 0600), 0);
  matrix.add_properties("api-key-file=" + matrix.path_of("key"));
}

// Mebibytes do not go on a command line, but applications have them.
void with_long_prompt(Matrix& matrix) {
  with("prompt", std::string(1 << 20, 'a'))(matrix);
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
    {.name = "a_key_with_letters_of_another_script",
     .expected = refused(resource_settings, {"key", "ASCII"}),
     .before = with("api-key",
                    "\xe2\x80\x9c"
                    "a-key\xe2\x80\x9d")},
    {.name = "a_prompt_that_no_record_can_hold",
     .expected = refused(resource_settings, {"prompt is too long", "131072"}),
     .before = with_long_prompt},
    {.name = "no_key",
     .expected =
         refused(resource_not_authorized, {"api-key", "MODELVERSE_API_KEY", "api-key-file"}),
     .before = without_any_key},
    {.name = "no_key_in_an_empty_variable",
     .expected = refused(resource_not_authorized, {"No API key", "MODELVERSE_API_KEY"}),
     .before = with_empty_variables},
    {.name = "a_key_file_that_is_not_there",
     .expected = refused(resource_not_authorized, {"api-key-file", "/no/such/key", "No such file"}),
     .properties = "api-key-file=/no/such/key",
     .before = without_any_key},
    {.name = "a_key_file_that_is_empty",
     .expected = refused(resource_not_authorized, {"api-key-file", "no key in its first line"}),
     .before = with_key_file("", 0600)},
    {.name = "a_key_file_that_is_a_pipe",
     .expected = refused(resource_not_authorized, {"api-key-file", "not a regular file"}),
     .before = with_key_fifo},
    {.name = "a_key_file_that_holds_something_else",
     .expected = refused(resource_not_authorized, {"api-key-file", "too long for a key"}),
     .before = with_key_file(std::string(10'000, 'k'), 0600)},
    {.name = "a_key_file_that_is_a_directory",
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
    {.name = "a_key_file_with_what_an_editor_adds",
     .expected = clip_arrives(),
     .emulator = {"--api-key", "a-key-of-the-file"},
     .before = with_key_file("\xef\xbb\xbf a-key-of-the-file \r\n", 0600)},
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

std::function<void(Matrix&)> with_png(int width, int height) {
  return with_picture_file(plain_png(width, height), "p.png");
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
    {.name = "a_directory",
     .expected = refused(resource_open_read, {"directory"}),
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
    {.name = "outside_the_aspect_that_the_model_takes",
     .expected = refused(resource_settings, {"4.00 times the shorter", "image-fit"}),
     .properties = "model=viduq2-pro prompt=x image-fit=none",
     .before = with_png(1000, 100)},
    {.name = "outside_the_aspect_and_cropped",
     .expected = {.left = Left::complete, .warning = "1000x100"},
     .properties = "model=viduq2-pro prompt=x",
     .before = with_png(1000, 100)},
    {.name = "smaller_than_the_model_takes",
     .expected = refused(resource_settings, {"300", "image-fit"}),
     .properties = "model=kling-v2-6 prompt=x image-fit=none",
     .before = with_png(200, 200)},
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

}  // namespace
}  // namespace test_support
