// SPDX-License-Identifier: LGPL-2.1-or-later
// The clip's motion: a camera that starts on the whole picture, then moves in and wanders.
#pragma once

#include <optional>

#include "emulator/handles.h"
#include "emulator/picture.h"

namespace emulator {

class Camera {
 public:
  // The picture is cropped around its centre to the size's aspect, then scaled. Nothing where that
  // cannot be done.
  static std::optional<Camera> create(const Picture& picture, Size size);
  // Frame 0 is the whole of it. Without a time stamp; null where memory is short.
  BufferPtr frame(unsigned index, unsigned count) const;
  CapsPtr caps(int frames_per_second) const;

 private:
  Camera(BufferPtr master, Size size) : master_(std::move(master)), size_(size) {}
  BufferPtr master_;  // I420
  Size size_;
};

}  // namespace emulator
