// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <glib.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "picture/picture.h"
#include "pictures.h"
#include "support/descriptors.h"

namespace modelverse::picture {
namespace {

Error error_of(const std::string& path, std::stop_token stop = {}) {
  auto loaded = load_file(path, stop);
  EXPECT_FALSE(loaded.ok());
  if (loaded.ok())
    return {};
  EXPECT_FALSE(loaded.error().text.empty());
  EXPECT_EQ(loaded.error().debug.empty(), loaded.error().code == ErrorCode::cancelled);
  EXPECT_EQ(loaded.error().details.phase, Phase::prepare);
  return loaded.error();
}

bool has(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

TEST(LoadFile, reads_every_type_as_it_is) {
  const Directory directory;
  const std::pair<std::string, std::string> pictures[] = {
      {"image/jpeg", jpeg()},
      {"image/png", png()},
      {"image/webp", webp()},
      {"image/gif", "GIF89a..."},
      {"image/bmp", bmp()},
      {"image/tiff", std::string("II*\0....", 8)},
      {"image/heic", heif("heic", "mif1heic")},
      {"image/avif", heif("avif", "mif1")},
      {"image/jpeg", jpeg() + std::string(1 << 20, '\1')},
  };
  for (const auto& [type, content] : pictures) {
    const auto loaded = load_file(directory.write("picture", content), {});
    ASSERT_TRUE(loaded.ok()) << type << loaded.error().text;
    EXPECT_EQ(loaded->media_type, type);
    EXPECT_EQ(loaded->bytes, content);
  }
}

TEST(LoadFile, believes_the_bytes_and_not_the_extension) {
  const Directory directory;
  const auto loaded = load_file(directory.write("photo.jpg", png()), {});
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->media_type, "image/png");
  EXPECT_EQ(error_of(directory.write("text.png", "this is a text")).code, ErrorCode::wrong_type);
}

TEST(LoadFile, follows_a_link) {
  const Directory directory;
  std::filesystem::create_symlink(directory.write("photo.png", png()), directory.path("link"));
  EXPECT_TRUE(load_file(directory.path("link"), {}).ok());
}

TEST(LoadFile, says_that_a_file_is_missing) {
  const Directory directory;
  const auto error = error_of(directory.path("no-such-file.jpg"));
  EXPECT_EQ(error.code, ErrorCode::not_found);
  EXPECT_TRUE(has(error.text, "no-such-file.jpg"));
  EXPECT_TRUE(has(error.debug, "open"));
  EXPECT_EQ(error_of("").code, ErrorCode::not_found);
  EXPECT_NE(error_of("file:///a.jpg").text.find("use image-uri"), std::string::npos);
  EXPECT_NE(error_of("~/a.jpg").text.find("$HOME"), std::string::npos);
  EXPECT_EQ(error_of(directory.write("file", png()) + "/below").code, ErrorCode::not_found);
}

TEST(LoadFile, shows_a_name_that_is_not_utf8_as_text_that_is) {
  const Directory directory;
  const auto error = error_of(directory.path("caf\xe9.jpg"));
  EXPECT_TRUE(g_utf8_validate(error.text.c_str(), -1, nullptr));
  EXPECT_TRUE(has(error.text, "caf"));
}

TEST(LoadFile, names_what_is_there_in_place_of_a_file) {
  const Directory directory;
  const auto error = error_of(directory.path(""));
  EXPECT_EQ(error.code, ErrorCode::open_read);
  EXPECT_TRUE(has(error.text, "a directory"));
  const auto device = error_of("/dev/null");
  EXPECT_EQ(device.code, ErrorCode::open_read);
  EXPECT_TRUE(has(device.text, "a device"));
}

TEST(LoadFile, does_not_wait_for_the_writer_of_a_fifo) {
  const Directory directory;
  ASSERT_EQ(mkfifo(directory.path("fifo").c_str(), 0600), 0);
  const auto error = error_of(directory.path("fifo"));
  EXPECT_EQ(error.code, ErrorCode::open_read);
  EXPECT_TRUE(has(error.text, "a FIFO"));
}

TEST(LoadFile, says_that_a_file_may_not_be_read) {
  if (geteuid() == 0)
    GTEST_SKIP() << "root may read every file";
  const Directory directory;
  const auto path = directory.write("secret.png", png());
  ASSERT_EQ(chmod(path.c_str(), 0), 0);
  const auto error = error_of(path);
  EXPECT_EQ(error.code, ErrorCode::open_read);
  EXPECT_TRUE(has(error.text, "secret.png"));
}

TEST(LoadFile, refuses_what_is_empty_or_truncated) {
  const Directory directory;
  const auto empty = error_of(directory.write("empty.png", ""));
  EXPECT_EQ(empty.code, ErrorCode::wrong_type);
  EXPECT_TRUE(has(empty.text, "empty"));
  for (const auto& picture : {jpeg(), png(), webp()}) {
    const auto error = error_of(directory.write("cut", picture.substr(0, picture.size() - 2)));
    EXPECT_EQ(error.code, ErrorCode::wrong_type);
    EXPECT_TRUE(has(error.text, "truncated"));
  }
}

TEST(LoadFile, refuses_a_large_file_before_it_reads_it) {
  const Directory directory;
  const auto path = directory.write("large.png", png());
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40);
  const auto error = error_of(path);
  EXPECT_EQ(error.code, ErrorCode::settings);
  EXPECT_TRUE(has(error.text, "64 MiB"));
  EXPECT_TRUE(has(error.debug, "fstat"));
}

TEST(LoadFile, takes_a_file_of_the_largest_size_and_not_one_byte_more) {
  const Directory directory;
  const auto path = directory.write("large.png", png());
  std::filesystem::resize_file(path, max_picture_bytes);
  EXPECT_TRUE(load_file(path, {}).ok());
  std::filesystem::resize_file(path, max_picture_bytes + 1);
  EXPECT_EQ(error_of(path).code, ErrorCode::settings);
}

TEST(LoadFile, is_cancelled_by_its_token) {
  const Directory directory;
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(error_of(directory.write("photo.png", png()), stop.get_token()).code,
            ErrorCode::cancelled);
}

TEST(LoadFile, leaves_no_file_open) {
  const Directory directory;
  const auto path = directory.write("photo.png", png());
  const auto before = test_support::open_descriptors();
  EXPECT_TRUE(load_file(path, {}).ok());
  error_of(directory.path(""));
  error_of(directory.write("empty", ""));
  EXPECT_EQ(test_support::open_descriptors(), before);
}

}  // namespace
}  // namespace modelverse::picture
