// SPDX-License-Identifier: LGPL-2.1-or-later
// MP4 or not, and where its index stands, from the first bytes.
#include "job/mp4_probe.h"

#include <gtest/gtest.h>

#include <string>

namespace modelverse::job {
namespace {

std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
    text += static_cast<char>(value >> shift & 0xff);
  return text;
}

std::string box(const std::string& type, const std::string& payload) {
  return number(payload.size() + 8, 4) + type + payload;
}

std::string wide_box(const std::string& type, const std::string& payload) {
  return number(1, 4) + type + number(payload.size() + 16, 8) + payload;
}

Mp4Layout probe(const std::string& text) {
  return probe_mp4(std::as_bytes(std::span(text)));
}

const std::string start = box("ftyp", "isomABCDisom");

struct LayoutCase {
  const char* name;
  std::string head;
  Mp4Layout layout;
};

class Layout : public testing::TestWithParam<LayoutCase> {};

TEST_P(Layout, is_told_by_the_boxes) {
  EXPECT_EQ(probe(GetParam().head), GetParam().layout);
}

INSTANTIATE_TEST_SUITE_P(
    All, Layout,
    testing::Values(
        LayoutCase{"index_first", start + box("moov", "m") + box("mdat", "d"),
                   Mp4Layout::index_first},
        LayoutCase{"index_last", start + box("mdat", "d") + box("moov", "m"),
                   Mp4Layout::index_last},
        LayoutCase{"fragment", start + box("sidx", "s") + box("moof", "m"), Mp4Layout::index_first},
        LayoutCase{"free_between", start + box("free", std::string(900, '\0')) + box("moov", "m"),
                   Mp4Layout::index_first},
        LayoutCase{"wide_media", start + wide_box("mdat", "d"), Mp4Layout::index_last},
        LayoutCase{"wide_free", start + wide_box("free", "f") + box("moov", "m"),
                   Mp4Layout::index_first},
        LayoutCase{"wide_start", wide_box("ftyp", "isomABCD") + box("moov", "m"),
                   Mp4Layout::index_first},
        LayoutCase{"to_the_end", start + number(0, 4) + "free" + "rest", Mp4Layout::index_last},
        LayoutCase{"less_than_a_header", start + number(7, 4) + "free" + "rest",
                   Mp4Layout::index_last},
        LayoutCase{"size_overflows", start + number(1, 4) + "free" + number(UINT64_MAX, 8),
                   Mp4Layout::index_last},
        LayoutCase{"only_the_start", start, Mp4Layout::need_more},
        LayoutCase{"empty", "", Mp4Layout::need_more},
        LayoutCase{"html", "<!DOCTYPE html><html>", Mp4Layout::not_mp4},
        LayoutCase{"json", R"({"error": "no"})", Mp4Layout::not_mp4},
        LayoutCase{"zeros", std::string(64, '\0'), Mp4Layout::not_mp4},
        LayoutCase{"start_too_small", number(8, 4) + "ftyp" + "isomABCD", Mp4Layout::not_mp4},
        LayoutCase{"start_too_large", number(5000, 4) + "ftyp" + "isomABCD", Mp4Layout::not_mp4}),
    [](const auto& shown) { return shown.param.name; });

TEST(Probe, needs_more_at_every_byte_before_the_index_has_its_header) {
  const auto head = start + wide_box("free", "f") + box("moov", "m");
  const auto enough = start.size() + 17 + 8;
  for (std::size_t size = 0; size < enough; ++size)
    ASSERT_EQ(probe(head.substr(0, size)), Mp4Layout::need_more) << size;
  for (std::size_t size = enough; size <= head.size(); ++size)
    ASSERT_EQ(probe(head.substr(0, size)), Mp4Layout::index_first) << size;
}

std::uint64_t missing(const std::string& file) {
  return missing_mp4_bytes(file.size(), [&](std::uint64_t offset, std::size_t size) {
    const auto* at = reinterpret_cast<const std::byte*>(file.data()) + offset;
    return std::vector<std::byte>(at, at + size);
  });
}

TEST(Missing, tells_how_much_the_last_box_lacks) {
  const auto file = start + box("moov", "index") + wide_box("mdat", "media");
  EXPECT_EQ(missing(file), 0u);
  for (std::size_t cut = 1; cut <= 5; ++cut)
    EXPECT_EQ(missing(file.substr(0, file.size() - cut)), cut);
  EXPECT_EQ(missing(start + box("mdat", std::string(1000, 'm')).substr(0, 400)), 608u);
}

TEST(Missing, says_nothing_of_what_no_box_tells) {
  for (const auto& rest : {std::string(), std::string("tail"), number(0, 4) + "mdat" + "media",
                           number(7, 4) + "free" + "rest"})
    EXPECT_EQ(missing(start + rest), 0u) << rest;
}

// Whose bytes cannot be read: the reader says so.
TEST(Missing, says_nothing_where_nothing_can_be_read) {
  const auto no_bytes = [](std::uint64_t, std::size_t) { return std::vector<std::byte>(); };
  EXPECT_EQ(missing_mp4_bytes(1000, no_bytes), 0u);
  EXPECT_EQ(missing_mp4_bytes(10, no_bytes), 6u) << "less than a long header";
}

TEST(Missing, is_not_led_astray_by_sizes) {
  EXPECT_GT(missing(start + number(1, 4) + "mdat" + number(UINT64_MAX, 8)), 0u);
  EXPECT_EQ(missing(start + number(1, 4) + "mdat"), 8u);
}

}  // namespace
}  // namespace modelverse::job
