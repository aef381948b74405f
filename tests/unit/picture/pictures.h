// SPDX-License-Identifier: LGPL-2.1-or-later
// Tiny pictures, made here or of fixtures/, and a directory to put them into.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "picture/facts.h"
#include "picture/picture.h"

namespace modelverse::picture {

inline void PrintTo(FrameSize size, std::ostream* out) {
  *out << to_text(size);
}

inline PictureBytes fixture(const std::string& name) {
  const char* directory = std::getenv("MODELVERSE_TEST_PICTURES");
  auto loaded = load_file(std::string(directory ? directory : ".") + "/" + name, {});
  EXPECT_TRUE(loaded.ok()) << name << ": " << (loaded ? "" : loaded.error().text);
  return loaded ? std::move(loaded).value() : PictureBytes{};
}

inline PictureRules frames(std::vector<FrameSize> sizes) {
  PictureRules rules;
  rules.frame_sizes = std::move(sizes);
  return rules;
}

inline PictureRules hd_frames() {
  return frames({{1280, 720}, {720, 1280}});
}

inline std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values)
    text += static_cast<char>(value);
  return text;
}

inline std::string little_endian(std::size_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i)
    text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

inline std::string jpeg_segment(int marker, const std::string& payload) {
  const auto length = static_cast<int>(payload.size()) + 2;
  return bytes({0xff, marker, length >> 8, length & 0xff}) + payload;
}

// SOI, APP0, an APP1 whose thumbnail has an end marker of its own, DQT, SOF0, DHT, SOS, data with
// a stuffed 0xff and a restart marker, EOI.
inline std::string jpeg() {
  return bytes({0xff, 0xd8}) + jpeg_segment(0xe0, std::string("JFIF\0\1\1\0\0\1\0\1\0\0", 14)) +
         jpeg_segment(0xe1, "Exif" + bytes({0xff, 0xd8, 0xff, 0xd9}) + "after") + bytes({0xff}) +
         jpeg_segment(0xdb, std::string(65, '\1')) + jpeg_segment(0xc0, std::string(9, '\1')) +
         jpeg_segment(0xc4, std::string(19, '\0')) + jpeg_segment(0xda, std::string(6, '\1')) +
         "scan" + bytes({0xff, 0x00}) + "more" + bytes({0xff, 0xd0}) + "rest" + bytes({0xff, 0xd9});
}

// EXIF that says nothing but how a picture is turned.
inline std::string exif_with(int orientation) {
  const std::string entry("\x12\x01\x03\x00\x01\x00\x00\x00", 8);
  return std::string("II*\0\x08\0\0\0\x01\0", 10) + entry + static_cast<char>(orientation) +
         std::string(7, '\0');
}

inline PictureBytes with_orientation(const PictureBytes& jpeg, int orientation) {
  const auto exif = std::string("Exif\0\0", 6) + exif_with(orientation);
  std::string bytes = jpeg.bytes;
  const auto length = static_cast<char>(exif.size() + 2);
  bytes.insert(2, std::string("\xff\xe1\0", 3) + length + exif);
  return {.media_type = jpeg.media_type, .bytes = bytes};
}

inline std::string png_chunk(const std::string& type, const std::string& payload) {
  return bytes({0, 0, 0, static_cast<int>(payload.size())}) + type + payload + "CRC!";
}

// The data holds the letters IEND, which must not be taken for the end.
inline std::string png() {
  return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", std::string(13, '\1')) +
         png_chunk("IDAT", "some IEND data") + png_chunk("IEND", "");
}

inline std::string webp() {
  const std::string payload = "WEBPVP8L" + bytes({4, 0, 0, 0}) + "data";
  return "RIFF" + bytes({static_cast<int>(payload.size()), 0, 0, 0}) + payload;
}

// One row of two pixels, which is padded to 8 bytes.
inline std::string bmp() {
  return "BM" + bytes({62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0}) +
         bytes({40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0}) + std::string(24, '\0') +
         std::string(8, '\1');
}

inline std::string heif(const std::string& major, const std::string& compatible) {
  return bytes({0, 0, 0, static_cast<int>(16 + compatible.size())}) + "ftyp" + major +
         std::string(4, '\0') + compatible + "more boxes, avif in them";
}

// A directory of its own for each test, gone at its end.
class Directory {
 public:
  Directory() {
    auto pattern = (std::filesystem::temp_directory_path() / "modelverse-test-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
      throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, std::string_view content) const {
    std::ofstream file(path_ / name, std::ios::binary);
    file << content;
    file.close();
    EXPECT_TRUE(file.good());
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace modelverse::picture
