// SPDX-License-Identifier: LGPL-2.1-or-later
// Owning handles for GStreamer's types.
#pragma once

#include <gst/video/video.h>

#include <memory>

#include "glib/handles.h"

namespace modelverse::picture {

using CapsPtr = std::unique_ptr<GstCaps, Freer<gst_caps_unref>>;
using BufferPtr = std::unique_ptr<GstBuffer, Freer<gst_buffer_unref>>;
using ConverterPtr = std::unique_ptr<GstVideoConverter, Freer<gst_video_converter_free>>;

// Maps a frame's planes during its lifetime.
class MappedFrame {
 public:
  MappedFrame(const GstVideoInfo& info, GstBuffer* buffer, GstMapFlags flags)
      : is_mapped_(gst_video_frame_map(&frame_, &info, buffer, flags)) {}
  MappedFrame(const MappedFrame&) = delete;
  MappedFrame& operator=(const MappedFrame&) = delete;
  ~MappedFrame() {
    if (is_mapped_)
      gst_video_frame_unmap(&frame_);
  }
  explicit operator bool() const { return is_mapped_; }
  GstVideoFrame* get() { return &frame_; }

 private:
  GstVideoFrame frame_ = {};
  bool is_mapped_;
};

}  // namespace modelverse::picture
