// SPDX-License-Identifier: LGPL-2.1-or-later
// HEIFs of any items, and coded pictures' headers of any size.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/picture_rules.h"

namespace modelverse::picture {

inline std::string number(std::uint32_t value, int size) {
  std::string text;
  for (int shift = (size - 1) * 8; shift >= 0; shift -= 8)
    text += static_cast<char>(value >> shift & 0xff);
  return text;
}

inline std::string length_of(const std::string& text, int size) {
  return number(static_cast<std::uint32_t>(text.size()), size);
}

inline std::string box(const std::string& type, const std::string& payload) {
  return number(static_cast<std::uint32_t>(payload.size()) + 8, 4) + type + payload;
}

inline std::string full_box(const std::string& type, const std::string& payload) {
  return box(type, number(0, 4) + payload);
}

inline std::string extent(std::uint32_t width, std::uint32_t height) {
  return full_box("ispe", number(width, 4) + number(height, 4));
}

// "101" and the like; filled up with zeros.
inline std::string packed(std::string bits) {
  bits.append((8 - bits.size() % 8) % 8, '0');
  std::string bytes;
  for (std::size_t i = 0; i < bits.size(); i += 8)
    bytes += static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2));
  return bytes;
}

inline std::string bits_of(std::uint32_t value, int count) {
  std::string bits;
  for (int i = count - 1; i >= 0; --i)
    bits += (value >> i & 1) != 0 ? '1' : '0';
  return bits;
}

inline std::string exp_golomb(std::uint32_t value) {
  int length = 1;
  while ((value + 1) >> length != 0)
    ++length;
  return std::string(static_cast<std::size_t>(length - 1), '0') + bits_of(value + 1, length);
}

// Of H.265, with one layer; a depth of 10 bits is 2 more than 8.
inline std::string hevc_sequence(FrameSize size, std::uint32_t bits_beyond_8 = 0) {
  const auto width = static_cast<std::uint32_t>(size.width);
  const auto height = static_cast<std::uint32_t>(size.height);
  return "\x42\1" + packed(std::string(8 + 96, '0') + exp_golomb(0) + exp_golomb(1) +
                           exp_golomb(width) + exp_golomb(height) + "0" +
                           exp_golomb(bits_beyond_8) + exp_golomb(bits_beyond_8) + "1");
}

inline std::string hevc_config(const std::string& nal) {
  return box("hvcC", std::string(22, '\1') + number(1, 1) + number(33, 1) + number(1, 2) +
                         length_of(nal, 2) + nal);
}

// Of a NAL unit type: the first slice of a picture, of which no more is there.
inline std::string hevc_picture(std::uint32_t type = 20) {
  const auto nal = number(type << 1, 1) + "\1\x80rest";
  return length_of(nal, 4) + nal;
}

inline std::string av1_unit(std::uint32_t type, const std::string& payload) {
  return number(type << 3 | 2, 1) + length_of(payload, 1) + payload;
}

struct Av1Header {
  FrameSize size;
  bool is_one_still = true;
  bool is_deep = false;
  std::string more_before_size;  // bits, where it is not one still
};

inline std::string av1_sequence(const Av1Header& header) {
  const auto start = header.is_one_still ? "00011" + bits_of(0, 5)
                                         : "00000" + (header.more_before_size.empty()
                                                          ? "00" + bits_of(0, 5) + bits_of(0, 17)
                                                          : header.more_before_size);
  const auto sizes = bits_of(15, 4) + bits_of(15, 4) +
                     bits_of(static_cast<std::uint32_t>(header.size.width) - 1, 16) +
                     bits_of(static_cast<std::uint32_t>(header.size.height) - 1, 16);
  // No frame ids, no tools, no order; screen content and motion in whole pixels as frames say.
  const std::string tools = header.is_one_still ? "000"
                                                : "0000"
                                                  "0000"
                                                  "0"
                                                  "11";
  return av1_unit(1, packed(start + sizes + tools + "000" + (header.is_deep ? "1" : "0") + "1"));
}

inline std::string av1_config(const std::string& units = "") {
  return box("av1C", std::string(4, '\1') + units);
}

struct MadeItem {
  std::string type;
  std::string data;
  std::vector<std::string> properties;
};

struct MadeReference {
  std::string type;
  std::uint32_t from = 0;
  std::vector<std::uint32_t> to;
};

inline std::string references_box(const std::vector<MadeReference>& references) {
  std::string all;
  for (const auto& reference : references) {
    auto payload =
        number(reference.from, 2) + number(static_cast<std::uint32_t>(reference.to.size()), 2);
    for (const auto id : reference.to)
      payload += number(id, 2);
    all += box(reference.type, payload);
  }
  return references.empty() ? "" : full_box("iref", all);
}

// The items' ids count from 1, which is the primary one. Their data is in the meta box itself.
inline std::string made_heif(const std::string& brand, const std::vector<MadeItem>& items,
                             const std::vector<MadeReference>& references = {}) {
  std::string idat;
  std::string infos;
  std::string places;
  std::string properties;
  std::string associations;
  std::uint32_t id = 0;
  std::uint32_t place = 0;
  for (const auto& item : items) {
    ++id;
    infos += box("infe", number(2, 1) + number(0, 3) + number(id, 2) + number(0, 2) + item.type +
                             std::string(1, '\0'));
    places += number(id, 2) + number(1, 2) + number(0, 2) + number(1, 2) + length_of(idat, 4) +
              length_of(item.data, 4);
    idat += item.data;
    associations += number(id, 2) + number(static_cast<std::uint32_t>(item.properties.size()), 1);
    for (const auto& property : item.properties) {
      properties += property;
      associations += number(++place, 1);
    }
  }
  const auto count = number(id, 2);
  return box("ftyp", brand + number(0, 4) + brand + "mif1") +
         full_box("meta", full_box("hdlr", number(0, 4) + "pict" + std::string(13, '\0')) +
                              full_box("pitm", number(1, 2)) + full_box("iinf", count + infos) +
                              box("iprp", box("ipco", properties) +
                                              full_box("ipma", number(id, 4) + associations)) +
                              box("iloc", number(1, 1) + number(0, 3) + number(0x4400, 2) + count +
                                              places) +
                              references_box(references) + box("idat", idat));
}

}  // namespace modelverse::picture
