// SPDX-License-Identifier: LGPL-2.1-or-later
// The keys of pictures of every type, as they were recorded: a clip that was paid for is found
// again, whatever becomes of the code that reads the pictures.
#include <glib.h>
#include <gst/gst.h>

#include <fstream>
#include <sstream>

#include "bench.h"

namespace modelverse::job::test {
namespace {

struct Row {
  std::string picture;
  std::string model;
  ImageFit fit = ImageFit::crop;
  std::string fit_name;
  std::string key;  // its first digits
};

constexpr std::size_t digits = 16;

std::string pictures_directory() {
  const char* directory = g_getenv("MODELVERSE_TEST_PICTURES");
  return directory ? directory : ".";
}

// "plain.png viduq3-pro crop 0123456789abcdef"
std::vector<Row> recorded() {
  std::vector<Row> rows;
  std::ifstream file(pictures_directory() + "/../keys.txt");
  for (std::string line; std::getline(file, line);) {
    Row row;
    std::istringstream words(line);
    words >> row.picture >> row.model >> row.fit_name >> row.key;
    row.fit = row.fit_name == "pad"    ? ImageFit::pad
              : row.fit_name == "none" ? ImageFit::none
                                       : ImageFit::crop;
    if (!row.key.empty() && row.picture != "#")
      rows.push_back(row);
  }
  return rows;
}

// A frame whose caps stand in its key: "raw:I420".
std::shared_ptr<GstSample> frame_of(const std::string& format) {
  constexpr gsize module = 64 * 48 * 8;
  auto* buffer = gst_buffer_new_allocate(nullptr, module, nullptr);
  gst_buffer_memset(buffer, 0, 0x55, module);
  auto* caps = gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, format.c_str(), "width",
                                   G_TYPE_INT, 64, "height", G_TYPE_INT, 48, "framerate",
                                   GST_TYPE_FRACTION, 25, 1, nullptr);
  std::shared_ptr<GstSample> sample(gst_sample_new(buffer, caps, nullptr, nullptr),
                                    gst_sample_unref);
  gst_buffer_unref(buffer);
  gst_caps_unref(caps);
  return sample;
}

struct PictureKeys : Bench {
  std::string key_of(const Row& row) {
    constexpr std::string_view raw = "raw:";
    Settings wanted;
    wanted.cache_dir = directory.path() + "/cache";
    wanted.base_url = "https://api.modelverse.cn";
    wanted.prompt = "waves roll in";
    wanted.model = row.model;
    wanted.image_fit = row.fit;
    if (row.picture.starts_with(raw))
      wanted.image_sample = frame_of(row.picture.substr(raw.size()));
    else
      wanted.image_path = pictures_directory() + "/" + row.picture;
    auto made = make_plan(wanted, {});
    return made ? made->key.substr(0, digits) : made.error().text;
  }
};

TEST_F(PictureKeys, are_those_that_were_recorded) {
  const auto rows = recorded();
  ASSERT_GT(rows.size(), 50u);
  for (const auto& row : rows)
    EXPECT_EQ(key_of(row), row.key) << row.picture << " " << row.model << " " << row.fit_name;
}

}  // namespace
}  // namespace modelverse::job::test
