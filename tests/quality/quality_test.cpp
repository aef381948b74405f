// SPDX-License-Identifier: LGPL-2.1-or-later
// What is sent, beside what ImageMagick makes of the same picture with the Lanczos filter.
//
// The pictures are those of MODELVERSE_QUALITY_PICTURES, a file with one in each line: package,
// path, frame's width and height, image-fit. The paths are below MODELVERSE_QUALITY_ROOT; "wizard:"
// and the like are ImageMagick's own pictures.
#include <glib.h>
#include <gtest/gtest.h>
#include <lcms2.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "ssim.h"
#include "unit/picture-helper/quadrants.h"
#include "unit/picture/pictures.h"

namespace modelverse::picture {
namespace {

struct Row {
  std::string package;
  std::string path;
  FrameSize frame;
  ImageFit fit = ImageFit::crop;
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::vector<Row> rows() {
  std::vector<Row> rows;
  std::ifstream file(variable("MODELVERSE_QUALITY_PICTURES"));
  for (std::string line; std::getline(file, line);) {
    Row row;
    std::string fit;
    std::istringstream words(line);
    if (line.starts_with("#") ||
        !(words >> row.package >> row.path >> row.frame.width >> row.frame.height >> fit))
      continue;
    row.fit = fit == "pad" ? ImageFit::pad : ImageFit::crop;
    rows.push_back(row);
  }
  return rows;
}

void run(const std::string& command) {
  ErrorSlot error;
  int status = -1;
  EXPECT_TRUE(g_spawn_command_line_sync(command.c_str(), nullptr, nullptr, &status, error.out()))
      << error.message();
  EXPECT_EQ(status, 0) << command;
}

// ImageMagick has no profile of its own to convert to.
std::string srgb_profile(const Directory& directory) {
  const std::unique_ptr<void, Freer<cmsCloseProfile>> profile(cmsCreate_sRGBProfile());
  const auto path = directory.path("srgb.icc");
  EXPECT_TRUE(cmsSaveProfileToFile(profile.get(), path.c_str()));
  return path;
}

PixbufPtr reference(const Directory& directory, const Row& row, const std::string& path) {
  const auto size = to_text(row.frame);
  const auto resized =
      row.fit == ImageFit::pad ? size : size + "^ -gravity center -extent " + size + " +repage";
  const auto made = directory.path("reference.png");
  run("convert " + path + "[0] -auto-orient -profile " + srgb_profile(directory) +
      " -background white -alpha remove -depth 8 -filter Lanczos -resize " + resized +
      " -strip PNG24:" + made);
  return seen(*load_file(made, {}));
}

// Without the ground around it, which ImageMagick does not make.
PixbufPtr middle_of(const PixbufPtr& pixels, FrameSize size) {
  const auto whole = size_of(pixels);
  return PixbufPtr::adopt(gdk_pixbuf_new_subpixbuf(pixels.get(), (whole.width - size.width) / 2,
                                                   (whole.height - size.height) / 2, size.width,
                                                   size.height));
}

class Quality : public testing::TestWithParam<Row> {};

TEST_P(Quality, is_that_of_the_reference) {
  const auto& row = GetParam();
  const Directory directory;
  auto path = variable("MODELVERSE_QUALITY_ROOT") + "/" + row.path;
  const bool is_built_in = row.path.ends_with(":");
  if (is_built_in) {
    path = directory.path("source.png");
    run("convert " + row.path + " " + path);
  }
  const auto source = load_file(path, {});
  ASSERT_TRUE(source.ok()) << source.error().text;
  const auto sent = fitted(*source, frames({row.frame}), row.fit);
  ASSERT_TRUE(sent.ok()) << sent.error().debug;
  const auto made = seen(*sent);
  ASSERT_EQ(size_of(made), row.frame);
  const auto expected = reference(directory, row, path);
  const auto ssim = ssim_of(middle_of(made, size_of(expected)), expected);
  const auto name = row.path.substr(row.path.rfind('/') + 1);
  std::printf("| %s | %s | %s | %s | %s | %s | %.4f | %.4f |\n", row.package.c_str(), name.c_str(),
              to_text(inspect(*source)->shown()).c_str(), to_text(row.frame).c_str(),
              row.fit == ImageFit::crop ? "crop" : "pad", sent->media_type.c_str(), ssim.luma,
              ssim.colour);
  EXPECT_GE(ssim.luma, 0.98);
  EXPECT_GE(ssim.colour, 0.97);
}

INSTANTIATE_TEST_SUITE_P(Pictures, Quality, testing::ValuesIn(rows()));

TEST(Ssim, is_one_of_the_same_and_less_of_another) {
  const auto picture = seen(fixture("plain.png"));
  EXPECT_DOUBLE_EQ(ssim_of(picture, picture).luma, 1);
  const auto turned = PixbufPtr::adopt(gdk_pixbuf_flip(picture.get(), TRUE));
  EXPECT_LT(ssim_of(picture, turned).colour, 0.9);
  // Two flat pictures differ by their means alone, which the formula then says directly.
  const double c1 = 0.01 * 255 * 0.01 * 255;
  const double expected = (2.0 * 100 * 120 + c1) / (100.0 * 100 + 120.0 * 120 + c1);
  EXPECT_NEAR(ssim_of(flat({20, 20}, {100, 100, 100}), flat({20, 20}, {120, 120, 120})).luma,
              expected, 1e-3);
}

}  // namespace
}  // namespace modelverse::picture
