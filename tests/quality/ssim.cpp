// SPDX-License-Identifier: LGPL-2.1-or-later
// Means, variances and the covariance within windows, as sums of separable filters.
#include "ssim.h"

#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace modelverse::picture {
namespace {

constexpr std::size_t window = 11;

struct Plane {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<float> values;
};

using Weights = std::array<float, 3>;
using Kernel = std::array<float, window>;

Plane plane_of(const PixbufPtr& pixels, const Weights& weights) {
  const auto size = size_of(pixels);
  const int channels = gdk_pixbuf_get_n_channels(pixels.get());
  Plane plane{static_cast<std::size_t>(size.width), static_cast<std::size_t>(size.height), {}};
  plane.values.reserve(plane.width * plane.height);
  for (int y = 0; y < size.height; ++y) {
    const auto* pixel =
        gdk_pixbuf_read_pixels(pixels.get()) + y * gdk_pixbuf_get_rowstride(pixels.get());
    for (int x = 0; x < size.width; ++x, pixel += channels)
      plane.values.push_back(static_cast<float>(pixel[0]) * weights[0] +
                             static_cast<float>(pixel[1]) * weights[1] +
                             static_cast<float>(pixel[2]) * weights[2]);
  }
  return plane;
}

Kernel gaussian() {
  constexpr float deviation = 1.5F;
  Kernel kernel = {};
  for (std::size_t i = 0; i < window; ++i) {
    const float distance = static_cast<float>(i) - window / 2;
    kernel[i] = std::exp(-distance * distance / (2 * deviation * deviation));
  }
  const float sum = std::accumulate(kernel.begin(), kernel.end(), 0.0F);
  for (auto& weight : kernel)
    weight /= sum;
  return kernel;
}

// Across, and turned: twice of it is both ways, and upright again.
Plane filtered_across(const Plane& plane, const Kernel& kernel) {
  const auto width = plane.width - window + 1;
  Plane made{plane.height, width, std::vector<float>(plane.height * width)};
  for (std::size_t y = 0; y < plane.height; ++y)
    for (std::size_t x = 0; x < width; ++x)
      made.values[x * plane.height + y] = std::inner_product(
          kernel.begin(), kernel.end(),
          plane.values.begin() + static_cast<std::ptrdiff_t>(y * plane.width + x), 0.0F);
  return made;
}

Plane blurred(const Plane& plane) {
  static const auto kernel = gaussian();
  return filtered_across(filtered_across(plane, kernel), kernel);
}

Plane product(const Plane& one, const Plane& other) {
  Plane made = one;
  for (std::size_t i = 0; i < made.values.size(); ++i)
    made.values[i] *= other.values[i];
  return made;
}

double ssim_of(const Plane& one, const Plane& other) {
  constexpr double c1 = 0.01 * 255 * 0.01 * 255;
  constexpr double c2 = 0.03 * 255 * 0.03 * 255;
  const auto mean_1 = blurred(one);
  const auto mean_2 = blurred(other);
  const auto square_1 = blurred(product(one, one));
  const auto square_2 = blurred(product(other, other));
  const auto mixed = blurred(product(one, other));
  double sum = 0;
  for (std::size_t i = 0; i < mixed.values.size(); ++i) {
    const double m1 = mean_1.values[i];
    const double m2 = mean_2.values[i];
    const double variances = square_1.values[i] - m1 * m1 + square_2.values[i] - m2 * m2;
    const double covariance = mixed.values[i] - m1 * m2;
    sum +=
        (2 * m1 * m2 + c1) * (2 * covariance + c2) / ((m1 * m1 + m2 * m2 + c1) * (variances + c2));
  }
  return sum / static_cast<double>(mixed.values.size());
}

double ssim_of(const PixbufPtr& one, const PixbufPtr& other, const Weights& weights) {
  return ssim_of(plane_of(one, weights), plane_of(other, weights));
}

}  // namespace

Ssim ssim_of(const PixbufPtr& one, const PixbufPtr& other) {
  constexpr Weights luma = {0.299F, 0.587F, 0.114F};
  const double colours = ssim_of(one, other, {1, 0, 0}) + ssim_of(one, other, {0, 1, 0}) +
                         ssim_of(one, other, {0, 0, 1});
  return {ssim_of(one, other, luma), colours / 3};
}

}  // namespace modelverse::picture
