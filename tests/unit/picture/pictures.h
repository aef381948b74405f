// SPDX-License-Identifier: LGPL-2.1-or-later
// Tiny pictures, made here, and a folder to put them into.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

namespace modelverse::picture {

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

// A folder of its own for each test, gone at its end.
class Folder {
 public:
  Folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "modelverse-test-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
      throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
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
